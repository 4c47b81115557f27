/** What a workload cost a database with one set of indexes, and how two such costs differ. */

/** What one statement did in one unit. */
export interface StatementCosts {
  readonly unit: string;
  readonly statement: string;
  readonly calls: number;
  readonly rows: number;
  /** Blocks found in shared buffers and blocks read, together. */
  readonly blocks: number;
  readonly walBytes: number;
  readonly databaseMs: number;
}

export interface TableUpdates {
  /** `schema.table` */
  readonly table: string;
  readonly updates: number;
  /** Heap-only: no index had to be written. */
  readonly hotUpdates: number;
}

export interface BuiltIndex {
  readonly name: string;
  readonly bytes: number;
  readonly buildMs: number;
}

/** All numbers of statements are means of one unit: units that were done several times are divided by it. */
export interface Measurement {
  readonly statements: readonly StatementCosts[];
  /** How often each index was scanned in the whole workload, by its name; missing: never. */
  readonly indexScans: ReadonlyMap<string, number>;
  readonly updates: readonly TableUpdates[];
  /** Of the indexes created for it. */
  readonly built: readonly BuiltIndex[];
  /** What each replayed statement gave, in the order of the workload: rows, digest or SQLSTATE. */
  readonly outcomes: readonly string[];
  /** Time of each unit as the replay waited for it, in milliseconds, mean of its repeats. */
  readonly unitMs: ReadonlyMap<string, number>;
}

/** Sum of a counter over the statements of a unit, or of all units when none is named: each unit counts once. */
export function sumOf(
  { statements }: Measurement,
  counter: 'blocks' | 'walBytes' | 'databaseMs' | 'rows' | 'calls',
  unit?: string,
): number {
  return statements
    .filter((one) => unit === undefined || one.unit === unit)
    .reduce((sum, one) => sum + one[counter], 0);
}

/** One statement of one unit before and after a change of the indexes. */
export interface StatementChange {
  readonly unit: string;
  readonly statement: string;
  readonly calls: number;
  /** Rows returned or written, all calls together. */
  readonly rows: number;
  readonly blocksBefore: number;
  readonly blocksAfter: number;
  readonly walBytesBefore: number;
  readonly walBytesAfter: number;
}

/** The statements of both, matched by unit and text. One that ran on one side only has 0 on the other. */
export function changesBetween(before: Measurement, after: Measurement): StatementChange[] {
  const key = ({ unit, statement }: StatementCosts) => JSON.stringify([unit, statement]);
  const earlier = new Map(before.statements.map((one) => [key(one), one]));
  const later = new Map(after.statements.map((one) => [key(one), one]));
  return [...new Set([...earlier.keys(), ...later.keys()])].map((id) => {
    const [one, other] = [earlier.get(id), later.get(id)];
    const any = (one ?? other) as StatementCosts;
    return {
      unit: any.unit,
      statement: any.statement,
      calls: Math.max(one?.calls ?? 0, other?.calls ?? 0),
      rows: Math.max(one?.rows ?? 0, other?.rows ?? 0),
      blocksBefore: one?.blocks ?? 0,
      blocksAfter: other?.blocks ?? 0,
      walBytesBefore: one?.walBytes ?? 0,
      walBytesAfter: other?.walBytes ?? 0,
    };
  });
}

/**
 * Places in the workload where two measurements gave different rows, though two of the same indexes agree there.
 * @param stable see {@link stablePlaces}
 */
export function differentOutcomes(
  before: Measurement,
  after: Measurement,
  stable: ReadonlySet<number>,
): number[] {
  return [...stable].filter((place) => before.outcomes[place] !== after.outcomes[place]);
}

/** Places whose outcome two replays with the same indexes agree on: the others hold clock times or random values. */
export function stablePlaces(one: Measurement, other: Measurement): ReadonlySet<number> {
  return new Set([...one.outcomes.keys()].filter((place) => one.outcomes[place] === other.outcomes[place]));
}
