/** What the week is to reach, declared before anything runs. Ratios are the largest after ÷ before that pass. */
export const GOALS = {
  dispatchRatio: 0.44,
  queriesRatio: 0.33,
  queriesBefore: 150,
  queriesAfter: 50,
  applyRatio: 0.1,
  indexes: 10,
  slowStatementsRatio: 0.2,
} as const;
