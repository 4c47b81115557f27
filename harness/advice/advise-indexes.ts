import type { Progress } from '../progress.ts';
import { buildCandidates, type SpareTable } from './candidates.ts';
import { type Catalogue, type CatalogueIndex, findTable, readCatalogue } from './catalogue.ts';
import { type Chooser, type JudgedChoice, judgeEach, leaveEachOut } from './choose-indexes.ts';
import { type AdviceScreening, growSet } from './grow-set.ts';
import { createIndexSql, dropIndexSql, type IndexDefinition } from './index-definition.ts';
import { type JudgedIndex, judgeIndex } from './judge-index.ts';
import { leaveOutExisting, type Measure } from './leave-out-existing.ts';
import { measureWorkload, onClone, type WorkloadContext } from './measure-workload.ts';
import { type Measurement, stablePlaces } from './measurement.ts';
import { readStatements } from './planned-statements.ts';
import { alternate, type TimedPair } from './time-pairs.ts';

export interface AdviceRequest {
  /** Candidates that are replayed in one round; the others wait for the next. */
  readonly perRound: number;
  readonly rounds: number;
  /** Pairs of replays that time the result; 0: none. */
  readonly pairs: number;
  /** Indexes that somebody has chosen by hand, to be judged beside; none is advised for being among them. */
  readonly reference: readonly IndexDefinition[];
}

export interface Advice {
  readonly catalogue: Catalogue;
  readonly stable: ReadonlySet<number>;
  readonly before: Measurement;
  /** The same once more: what differs between the two is no effect of an index. */
  readonly beforeAgain: Measurement;
  readonly after: Measurement;
  readonly advised: readonly JudgedChoice<IndexDefinition>[];
  readonly refused: readonly JudgedChoice<IndexDefinition>[];
  readonly screening: AdviceScreening;
  readonly spareTables: readonly SpareTable[];
  readonly existing: readonly JudgedChoice<CatalogueIndex>[];
  readonly reference: ReferenceSet | null;
  readonly pairs: readonly TimedPair[];
}

export interface ReferenceSet {
  readonly measurement: Measurement;
  readonly judged: readonly JudgedChoice<IndexDefinition>[];
}

/**
 * @throws HarnessError INTERRUPTED, DATABASE_FAILED
 */
export async function adviseIndexes(
  context: WorkloadContext,
  progress: Progress,
  request: AdviceRequest,
): Promise<Advice> {
  const catalogue = await onClone(context, readCatalogue);
  const read = readStatements(context.workload, catalogue);
  const built = buildCandidates(read.uses, catalogue);
  const measure = measuredOnce(context);
  const [before, beforeAgain] = await progress.step('Replay as it is', async (update) => {
    const first = await measure([], []);
    update('once more');
    return [first, await measureWorkload(context, { create: [], drop: [] })] as const;
  });
  const stable = stablePlaces(before, beforeAgain);
  const chooser: Chooser<IndexDefinition> = {
    measure: (indexes) => measure(indexes, []),
    judge: (index, without, withIndex) =>
      judgeIndex(factsOf(index, catalogue, withIndex), { initial: before, without, withIndex, stable }),
    related: (one, other) => one.table === other.table && one.schema === other.schema,
  };
  const start = { indexes: [], measurement: before };
  const grown = await growSet(
    { context, progress, statements: read.statements, chooser },
    start,
    built.candidates,
    request,
  );
  const kept = await progress.step('Leave each out', () => leaveEachOut(grown.set, chooser));
  const existing = await leaveOutExisting({ progress, catalogue, measure }, kept.set, {
    initial: before,
    stable,
  });
  const reference = await judgeReference(progress, chooser, request.reference);
  const pairs = await timePairs(context, progress, kept.set.indexes, request.pairs);
  return {
    catalogue,
    stable,
    before,
    beforeAgain,
    after: kept.set.measurement,
    advised: kept.judged,
    refused: [...grown.refused, ...kept.refused],
    screening: grown.screening,
    spareTables: built.spareTables,
    existing,
    reference,
    pairs,
  };
}

/** Equal sets of indexes cost the same blocks, so each is replayed once. */
function measuredOnce(context: WorkloadContext): Measure {
  const known = new Map<string, Promise<Measurement>>();
  return (create, drop) => {
    const key = [...create.map((index) => createIndexSql(index)), ...drop.map((index) => dropIndexSql(index))]
      .sort()
      .join('\n');
    const found = known.get(key) ?? measureWorkload(context, { create, drop });
    known.set(key, found);
    return found;
  };
}

function factsOf(
  { schema, table, name }: IndexDefinition,
  catalogue: Catalogue,
  withIndex: Measurement,
): JudgedIndex {
  const built = withIndex.built.find((one) => one.name === name);
  return {
    name,
    table: `${schema}.${table}`,
    bytes: built?.bytes ?? 0,
    buildMs: built?.buildMs ?? null,
    tableBytes: findTable(catalogue, table, schema)?.bytes ?? 0,
  };
}

async function judgeReference(
  progress: Progress,
  chooser: Chooser<IndexDefinition>,
  reference: readonly IndexDefinition[],
): Promise<ReferenceSet | null> {
  if (reference.length === 0) return null;
  return progress.step(`The ${reference.length} indexes of the migration, each left out`, async () => {
    const measurement = await chooser.measure(reference);
    return { measurement, judged: await judgeEach({ indexes: reference, measurement }, chooser) };
  });
}

async function timePairs(
  context: WorkloadContext,
  progress: Progress,
  advised: readonly IndexDefinition[],
  pairs: number,
): Promise<TimedPair[]> {
  if (pairs === 0 || advised.length === 0) return [];
  return progress.step(`Time ${pairs} pairs of replays`, (update) => {
    let done = 0;
    const replay = (create: readonly IndexDefinition[]) => () => {
      update(`${done++} of ${2 * pairs}`);
      return measureWorkload(context, { create, drop: [] });
    };
    return alternate(pairs, { before: replay([]), after: replay(advised) });
  });
}
