import type { CountDifference } from '../experiment-record.ts';
import { formatCount } from '../quantity.ts';
import type { Probe } from '../result.ts';
import { differs, type Side, type Sides, type StatementPair } from './counted-statements.ts';
import { FEW, findRowCount, isAbout, LEAST_ROWS, type RowCount } from './row-counts.ts';
import { isCommit, isQuery, likeness, nameStatement, tablesOf, tablesWritten } from './statement-text.ts';

/** Differences with what else they account for, by the text of the statement. */
export interface PerRowDifferences {
  readonly differences: readonly CountDifference[];
  readonly explained: ReadonlySet<string>;
}

type Kind = 'query-per-row' | 'commit-per-row' | 'write-per-row';

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
    const first = kind === 'query-per-row' ? 'offered' : 'assigned';
    const unit = findRowCount(pair, { many, pairs, probes: probes[many], first });
    if (!unit) return [];
    const atOnce = findReplacement(kind, pair, many, pairs);
    for (const { text } of [pair, ...companions(kind, many, pairs)]) explained.add(text);
    if (atOnce) explained.add(atOnce.text);
    // The list that is gone through row by row belongs to it, unless the other side reads that list as well.
    if (unit.list?.[fewOf(many)].calls.high === 0) explained.add(unit.list.text);
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
    return isBulk && isAbout(writtenAtOnce.median, rows);
  });
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
