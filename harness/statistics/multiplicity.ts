import padjust from '@stdlib/stats-padjust';

/**
 * q-values of Benjamini & Hochberg (1995), in the order given: calling everything with q ≤ 0.1 a change makes at most
 * 10 % of what is called false, on average. For exploratory rows; the gate uses Bonferroni intervals (alpha-spending.ts).
 *
 * @param pValues each 0–1, independent or positively dependent.
 * @throws RangeError when one is not a probability.
 */
export function qValues(pValues: readonly number[]): readonly number[] {
  const wrong = pValues.find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined) throw new RangeError(`expected p-values of 0 … 1, got ${wrong}`);
  return pValues.length === 0 ? [] : padjust([...pValues], 'bh');
}
