import type { WeekRow } from '../../week-record.ts';

/** What a row says of its outcome. */
export type Outcome = Pick<WeekRow, 'measured' | 'outcome' | 'reason'>;

/** @param fault why it is not good enough; null when it is */
export function judged(measured: string, fault: string | null): Outcome {
  return { measured, outcome: fault === null ? 'pass' : 'fail', reason: fault };
}

/** Why a row is open for which nobody knows better. */
export const NOT_RUN = 'its task was not run';

/** Neither passed nor failed. */
export function notDone(reason = NOT_RUN): Outcome {
  return { measured: null, outcome: 'open', reason };
}

/** Measured, and neither good nor bad. */
export function undecided(measured: string, reason: string): Outcome {
  return { measured, outcome: 'open', reason };
}

/**
 * The outcome of a count that has no goal but to go down.
 * @param words for one that is higher and for one that is as high
 */
export function fewer(
  measured: string,
  { before, after }: { readonly before: number; readonly after: number },
): Outcome {
  if (after === before) return undecided(measured, `${after === 0 ? 'there was none' : 'as many as before'}`);
  return judged(measured, after < before ? null : 'more than before');
}

/** Joins what is wrong; null when nothing is. */
export function faultOf(faults: readonly (string | false | null)[]): string | null {
  return faults.filter((fault) => typeof fault === 'string').join('; ') || null;
}

type Described = Omit<WeekRow, keyof Outcome | 'evidence'> & { readonly evidence?: WeekRow['evidence'] };

/** A row of a fact, or an open one where there is none. */
export function rowOf<Fact>(
  row: Described,
  fact: Fact | null | undefined,
  judge: (fact: Fact) => Outcome,
): WeekRow {
  return { ...row, evidence: row.evidence ?? [], ...(fact == null ? notDone() : judge(fact)) };
}
