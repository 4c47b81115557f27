import type { CountDifference } from '../experiment-record.ts';
import { formatCount } from '../quantity.ts';
import type { Probe } from '../result.ts';
import { differs, type Sides, type StatementPair } from './counted-statements.ts';
import { isCommit, isQuery, likeness, nameStatement, tablesOf, tablesWritten } from './statement-text.ts';

/** Differences with what else they account for, by the text of the statement. */
export interface PerRowDifferences {
  readonly differences: readonly CountDifference[];
  readonly explained: ReadonlySet<string>;
}

/** A statement that runs this often in a dispatch, or less, is asked for all rows at once. */
const FEW = 3;
/** With fewer rows, one a row could as well be chance. */
const LEAST_ROWS = 5;
/** "About one per row": some rows need no statement, a booking that nobody can take for example. */
const TOLERANCE = 0.1;

type Kind = 'query-per-row' | 'commit-per-row' | 'write-per-row';
type Side = keyof Sides<unknown>;
interface RowCount {
  readonly noun: string;
  readonly rows: number;
  /** The statement that reads them, where they come from one. */
  readonly list?: StatementPair;
}

/**
 * Statements that one side runs once for each row and the other a few times in all. `commit-per-row` and
 * `write-per-row` are told apart: row-by-row writes inside one transaction have the second only.
 */
export function findPerRowDifferences(
  pairs: readonly StatementPair[],
  probes: Sides<readonly Probe[]>,
): PerRowDifferences {
  const explained = new Set<string>();
  const differences = pairs.flatMap((pair) => {
    const many: Side = pair.candidate.calls.median > pair.baseline.calls.median ? 'candidate' : 'baseline';
    const kind = kindOf(pair, many, pairs);
    if (!kind || !isFewAgainstMany(pair, many)) return [];
    const unit = matchingRows(pair, many, rowCounts(kind, pair, many, pairs, probes[many]));
    if (!unit) return [];
    const atOnce = findReplacement(kind, pair, many, pairs);
    for (const { text } of [pair, ...companions(kind, many, pairs)]) explained.add(text);
    if (atOnce) explained.add(atOnce.text);
    if (unit.list) explained.add(unit.list.text);
    return [describe(kind, pair, many, unit, atOnce)];
  });
  return { differences, explained };
}

const fewOf = (many: Side): Side => (many === 'candidate' ? 'baseline' : 'candidate');

function isFewAgainstMany(pair: StatementPair, many: Side): boolean {
  const few = pair[fewOf(many)].calls;
  return few.high <= FEW && pair[many].calls.low >= LEAST_ROWS && differs(few, pair[many].calls);
}

function kindOf(pair: StatementPair, many: Side, pairs: readonly StatementPair[]): Kind | null {
  if (isCommit(pair.text)) return 'commit-per-row';
  if (isQuery(pair.text)) return 'query-per-row';
  const tables = tablesWritten(pair.text);
  if (tables.size > 0 && [...tables].every((table) => writesEqualRows(table, pair, many, pairs)))
    return 'write-per-row';
  return null; // more rows are written: new work, not another way to do the same
}

/** A bulk statement may write several tables and count the rows of one, so each statement is looked at alone. */
function writesEqualRows(
  table: string,
  pair: StatementPair,
  many: Side,
  pairs: readonly StatementPair[],
): boolean {
  const rows = pair[many].rows.median;
  return pairs.some((other) => {
    const { calls, rows: writtenAtOnce } = other[fewOf(many)];
    const isBulk = calls.high <= FEW && tablesWritten(other.text).has(table);
    return isBulk && Math.abs(writtenAtOnce.median - rows) <= TOLERANCE * rows;
  });
}

/** What there is one of a row: what the dispatch was given and gave, and each list that it reads at once. */
function rowCounts(
  kind: Kind,
  pair: StatementPair,
  many: Side,
  pairs: readonly StatementPair[],
  probes: readonly Probe[],
): RowCount[] {
  const dispatches = probes.flatMap((probe) => probe.dispatches);
  const mean = (of: (dispatch: (typeof dispatches)[number]) => number) =>
    dispatches.reduce((sum, one) => sum + of(one), 0) / Math.max(1, dispatches.length);
  const offered = { noun: 'booking offered', rows: mean((one) => one.offered) };
  const assigned = { noun: 'assignment', rows: mean((one) => one.assigned) };
  const lists = pairs
    .filter((other) => other !== pair && isQuery(other.text) && other[many].calls.high <= FEW)
    .map((other) => ({
      noun: `row of ${nameStatement(other.text)}`,
      rows: other[many].rows.median,
      list: other,
    }));
  return kind === 'query-per-row' ? [offered, ...lists, assigned] : [assigned, offered, ...lists];
}

/** The row count that comes closest; the earlier one of two that are as close. */
function matchingRows(pair: StatementPair, many: Side, counts: readonly RowCount[]): RowCount | undefined {
  const calls = pair[many].calls.median;
  const distance = ({ rows }: RowCount) => Math.abs(calls - rows) / Math.max(1, rows);
  return counts
    .filter((count) => count.rows >= LEAST_ROWS && distance(count) <= TOLERANCE)
    .toSorted((a, b) => distance(a) - distance(b))[0];
}

/** What the other side runs for all rows at once, and this side not at all: the one that is most alike. */
function findReplacement(
  kind: Kind,
  pair: StatementPair,
  many: Side,
  pairs: readonly StatementPair[],
): StatementPair | undefined {
  if (kind === 'commit-per-row') return undefined;
  const tables = kind === 'query-per-row' ? tablesOf : tablesWritten;
  return pairs
    .filter((other) => {
      const { calls } = other[fewOf(many)];
      const runsAtOnce = other[many].calls.high === 0 && calls.low > 0 && calls.high <= FEW;
      const sameSort = isQuery(other.text) === isQuery(pair.text);
      return runsAtOnce && sameSort && shareAny(tables(pair.text), tables(other.text));
    })
    .toSorted((a, b) => likeness(pair.text, b.text) - likeness(pair.text, a.text))[0];
}

function shareAny(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return [...a].some((one) => b.has(one));
}

/** A commit per row comes with a BEGIN per row, which needs no line of its own. */
function companions(kind: Kind, many: Side, pairs: readonly StatementPair[]): StatementPair[] {
  if (kind !== 'commit-per-row') return [];
  return pairs.filter(
    (pair) => /^(?:BEGIN|START TRANSACTION)\b/i.test(pair.text) && isFewAgainstMany(pair, many),
  );
}

const WORDS: Record<Kind, string> = {
  'query-per-row': 'one query per row',
  'commit-per-row': 'one commit per row',
  'write-per-row': 'one write per row',
};

function describe(
  kind: Kind,
  pair: StatementPair,
  many: Side,
  unit: RowCount,
  atOnce: StatementPair | undefined,
): CountDifference {
  const [baseline, candidate] = [pair.baseline.calls.median, pair.candidate.calls.median];
  const grew = many === 'candidate';
  const replaced = atOnce ? `; ${grew ? 'gone is' : 'in its place'} ${nameStatement(atOnce.text)}` : '';
  const sameRows = kind === 'write-per-row' ? ', for the same rows' : '';
  return {
    kind,
    subject: pair.text,
    counter: 'calls',
    baseline,
    candidate,
    sentence:
      `${grew ? '' : 'no longer '}${WORDS[kind]}: ${nameStatement(pair.text)} runs ${formatCount(candidate)} ` +
      `times a dispatch instead of ${formatCount(baseline)} (once for each ${unit.noun}${sameRows})${replaced}`,
  };
}
