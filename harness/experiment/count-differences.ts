import type { CountDifference } from '../experiment-record.ts';
import { formatBytes, formatCount } from '../quantity.ts';
import type { Probe } from '../result.ts';
import {
  differs,
  pairStatements,
  type Sides,
  STATEMENT_COUNTERS,
  type StatementCounter,
  type StatementPair,
  weightOfStatements,
} from './counted-statements.ts';
import { type AccessDifference, findIndexDifferences } from './index-differences.ts';
import { findPerRowDifferences } from './per-row-differences.ts';
import { isQuery, nameStatement, tablesOf } from './statement-text.ts';

/** The probes of two variants: repeats of the same dispatches on each side, and the indexes of its database. */
export interface CountedProbes extends Sides<readonly Probe[]> {
  readonly indexes: Sides<readonly string[]>;
}

/**
 * What the counts of two variants differ in, the weightiest first: indexes, what runs once for each row, and what else
 * a statement does more or less of. Equal counts give an empty list; a change and its reverse give the same list with
 * the sides exchanged. Both sides must have dispatched the same company-days. Pure.
 */
export function nameDifferences(probes: CountedProbes): CountDifference[] {
  if (probes.baseline.length === 0 || probes.candidate.length === 0) return [];
  const pairs = pairStatements(probes);
  const weightOf = weightOfStatements(pairs);
  const perRow = findPerRowDifferences(pairs, probes);
  const byText = new Map(pairs.map((pair) => [pair.text, pair]));
  const accesses = findIndexDifferences(probes, probes.indexes);
  const left = pairs.filter((pair) => !perRow.explained.has(pair.text) && differingCounters(pair).length > 0);
  const consequences = new Map(
    accesses.map((access) => [access, left.filter((pair) => isCausedBy(access, pair))]),
  );
  const caused = new Set([...consequences.values()].flat());
  const weighted = [
    ...perRow.differences.map((difference) => {
      const pair = byText.get(difference.subject);
      return { difference, weight: pair ? weightOf(pair) : 0 };
    }),
    ...accesses.map((access) => withConsequence(access, consequences.get(access) ?? [], weightOf)),
    ...left
      .filter((pair) => !caused.has(pair))
      .map((pair) => ({ difference: describeStatement(pair), weight: weightOf(pair) })),
  ];
  return weighted
    .toSorted((a, b) => b.weight - a.weight || compareText(a.difference.subject, b.difference.subject))
    .map(({ difference }) => difference);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/**
 * WAL of an updated row leaves out the bytes that it has in common with the old one at its ends (heapam.c,
 * log_heap_update), so values written, the time of day for example, move it by a few bytes a call. An index entry is 64
 * bytes and more.
 */
const WAL_BYTES_OF_VALUES = 8;

function differingCounters({ baseline, candidate }: StatementPair): StatementCounter[] {
  const differing = STATEMENT_COUNTERS.filter((counter) => differs(baseline[counter], candidate[counter]));
  const [only] = differing;
  const isWalAlone = differing.length === 1 && only === 'walBytes';
  const change = Math.abs(candidate.walBytes.median - baseline.walBytes.median);
  return isWalAlone && change <= WAL_BYTES_OF_VALUES * baseline.calls.median ? [] : differing;
}

/** The same work on a table that is reached in another way costs other blocks, and other index entries to write. */
function isCausedBy({ table }: AccessDifference, pair: StatementPair): boolean {
  const differing = differingCounters(pair);
  const sameWork = !differing.includes('calls') && !differing.includes('rows');
  return sameWork && tablesOf(pair.text).has(table);
}

/** Tells the statement that the index moved most, a query if there is one, and weighs the index by it. */
function withConsequence(
  { difference, weight }: AccessDifference,
  caused: readonly StatementPair[],
  weightOf: (pair: StatementPair) => number,
): { difference: CountDifference; weight: number } {
  const queries = caused.filter((pair) => isQuery(pair.text));
  const worst = (queries.length > 0 ? queries : caused).toSorted((a, b) => weightOf(b) - weightOf(a))[0];
  if (!worst) return { difference, weight };
  const counters = differingCounters(worst).map((counter) => describeCounter(worst, counter));
  const sentence = `${difference.sentence}; ${nameStatement(worst.text)}: ${counters.join(', ')} a dispatch`;
  return { difference: { ...difference, sentence }, weight: Math.max(weight, weightOf(worst)) };
}

const WORDS: Record<StatementCounter, string> = {
  calls: 'calls',
  rows: 'rows',
  blocks: 'blocks',
  walBytes: 'WAL bytes',
};

function describeCounter({ baseline, candidate }: StatementPair, counter: StatementCounter): string {
  const format = counter === 'walBytes' ? formatBytes : formatCount;
  const [before, after] = [baseline[counter].median, candidate[counter].median];
  // Bytes that round to the same text are told to the byte, or the sentence would name no difference.
  const exact =
    format(before) === format(after) ? (value: number) => String(Number(value.toFixed(2))) : format;
  return `${counter === 'walBytes' ? 'WAL' : WORDS[counter]} ${exact(before)} → ${exact(after)}`;
}

/** One line a statement: the first of its counters that differs stands for it, all are in the sentence. */
function describeStatement(pair: StatementPair): CountDifference {
  const counters = differingCounters(pair);
  const counter = counters[0] ?? 'calls';
  const name = nameStatement(pair.text);
  const [before, after] = [pair.baseline.calls.median, pair.candidate.calls.median];
  const times = (calls: number) => `${formatCount(calls)} ${calls === 1 ? 'time' : 'times'} a dispatch`;
  const sentence =
    before === 0
      ? `new: ${name} runs ${times(after)}`
      : after === 0
        ? `no longer run: ${name}, ${times(before)} before`
        : `${name}: ${counters.map((one) => describeCounter(pair, one)).join(', ')} a dispatch`;
  return {
    kind: 'statement',
    subject: pair.text,
    counter: WORDS[counter],
    baseline: pair.baseline[counter].median,
    candidate: pair.candidate[counter].median,
    sentence,
  };
}
