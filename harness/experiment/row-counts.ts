import type { Probe } from '../result.ts';
import type { Side, StatementPair } from './counted-statements.ts';
import { isQuery, nameStatement } from './statement-text.ts';

/** A statement that runs this often in a dispatch, or less, is asked for all rows at once. */
export const FEW = 3;
/** With fewer rows, one a row could as well be chance. */
export const LEAST_ROWS = 5;
/** "About one per row": some rows need no statement, a booking that nobody can take for example. */
const TOLERANCE = 0.1;

/** Something a dispatch has many of, and how many. */
export interface RowCount {
  readonly noun: string;
  readonly rows: number;
  /** The statement that reads them, where they come from one. */
  readonly list?: StatementPair;
}

export function isAbout(value: number, rows: number): boolean {
  return Math.abs(value - rows) <= TOLERANCE * rows;
}

/**
 * What there is one of for each call of a statement: bookings offered, assignments, or rows of a list that the same side
 * reads at once. The count that comes closest; of two that are as close `first`, then a list.
 *
 * @returns undefined when the calls match no number of rows
 */
export function findRowCount(
  pair: StatementPair,
  within: {
    readonly many: Side;
    readonly pairs: readonly StatementPair[];
    readonly probes: readonly Probe[];
    readonly first: 'offered' | 'assigned';
  },
): RowCount | undefined {
  const { many, pairs, probes, first } = within;
  const given = { offered: givenRows(probes, 'offered'), assigned: givenRows(probes, 'assigned') };
  const last = first === 'offered' ? given.assigned : given.offered;
  const calls = pair[many].calls.median;
  const distance = ({ rows }: RowCount) => Math.abs(calls - rows) / rows;
  return [given[first], ...listsOf(pair, many, pairs), last]
    .filter((count) => count.rows >= LEAST_ROWS && isAbout(calls, count.rows))
    .toSorted((a, b) => distance(a) - distance(b))[0];
}

const NOUNS = { offered: 'booking offered', assigned: 'assignment' } as const;

function givenRows(probes: readonly Probe[], what: keyof typeof NOUNS): RowCount {
  const dispatches = probes.flatMap((probe) => probe.dispatches);
  const rows = dispatches.reduce((sum, one) => sum + one[what], 0) / Math.max(1, dispatches.length);
  return { noun: NOUNS[what], rows };
}

function listsOf(pair: StatementPair, many: Side, pairs: readonly StatementPair[]): RowCount[] {
  return pairs
    .filter((other) => other !== pair && isQuery(other.text) && other[many].calls.high <= FEW)
    .map((other) => ({
      noun: `row of ${nameStatement(other.text)}`,
      rows: other[many].rows.median,
      list: other,
    }));
}
