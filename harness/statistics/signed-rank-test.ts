import wilcoxon from '@stdlib/stats-wilcoxon';

/** stdlib counts the exact distribution up to so many pairs, and only without ties and zeros. */
const MOST_EXACT_PAIRS = 50;

export interface SignedRankTest {
  /** Two-sided, 0–1; rounded in the twelfth place or so. */
  readonly pValue: number;
  /**
   * `exact`: from the distribution of all 2^n signs. `normal-approximation`: with continuity correction and the
   * variance corrected for ties; used with ties, with zeros (which are left out) and above 50 pairs.
   */
  readonly method: 'exact' | 'normal-approximation';
}

/**
 * Wilcoxon's signed-rank test of paired differences against a centre of zero. For records and exploratory rows: a
 * verdict comes from an interval (verdict.ts). Pairs that are all equal give 1: nothing speaks for a difference.
 *
 * @throws RangeError when there is no difference at all, or one that is not finite.
 */
export function signedRankTest(differences: readonly number[]): SignedRankTest {
  if (differences.length === 0) throw new RangeError('expected at least one difference, got none');
  if (!differences.every(Number.isFinite)) throw new RangeError('expected finite differences');
  const unequal = differences.filter((difference) => difference !== 0);
  if (unequal.length === 0) return { pValue: 1, method: 'exact' };
  // One sign of one pair is as likely as the other, and stdlib refuses a single difference.
  if (differences.length === 1) return { pValue: 1, method: 'exact' };
  // stdlib changes over to the approximation without a word in its result; these are its conditions.
  const ties = new Set(unequal.map(Math.abs)).size < unequal.length;
  const zeros = unequal.length < differences.length;
  const exact = !ties && !zeros && differences.length <= MOST_EXACT_PAIRS;
  // Twice one side, which exceeds 1 when the statistic is in the middle.
  const pValue = Math.min(1, wilcoxon([...differences]).pValue);
  return { pValue, method: exact ? 'exact' : 'normal-approximation' };
}
