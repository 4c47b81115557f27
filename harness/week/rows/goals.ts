import type { WeekGoals, WeekPlan } from '../../week-record.ts';

/** What the week is to reach, declared before anything runs. Ratios are the largest after ÷ before that pass. */
export const GOALS = {
  dispatchRatio: 0.44,
  queriesRatio: 0.33,
  queriesBefore: 150,
  queriesAfter: 50,
  applyRatio: 0.1,
  indexes: 10,
  slowStatementsRatio: 0.2,
} as const satisfies WeekGoals;

/** What rows are judged by. */
export interface Terms {
  readonly goals: WeekGoals;
  /** Of the reference target more is known: it has to improve at every step, and its indexes are named. */
  readonly isReference: boolean;
}

export const REFERENCE_TERMS: Terms = { goals: GOALS, isReference: true };

export function termsOf({ target }: Pick<WeekPlan, 'target'>): Terms {
  return target === undefined ? REFERENCE_TERMS : { goals: target.goals, isReference: false };
}
