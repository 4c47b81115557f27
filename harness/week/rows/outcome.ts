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
