import type { Verdict } from '../experiment-record.ts';

/** Pairs below which no interval reaches 95 % (2/2^n > 5 %), so that nothing may be said. */
export const MINIMUM_PAIRS = 6;

export interface JudgedInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * The verdict on one metric, on the log scale of candidate ÷ baseline with its sign turned so that + is worse.
 *
 * @param interval two-sided interval of the difference; `null` when there were too few pairs.
 * @param equivalence the 90 % interval of two one-sided tests (Schuirmann), which must lie inside the band.
 * @param delta half-width of the band of no interest, as a ratio: 0.03 is ±3 %.
 */
export function judge(
  interval: JudgedInterval | null,
  equivalence: JudgedInterval | null,
  delta: number,
): Verdict {
  if (!interval) return 'inconclusive';
  const band = Math.log1p(delta);
  if (interval.low > band) return 'regressed';
  if (interval.high < -band) return 'improved';
  if (equivalence && equivalence.low > -band && equivalence.high < band) return 'equivalent';
  if (interval.low > 0) return 'slower';
  if (interval.high < 0) return 'faster';
  return 'inconclusive';
}

/**
 * Whether more pairs could say no more: a look at which every gate metric is settled ends the experiment. Slower and
 * faster are not settled. They say less than regressed and improved; ending there, 14 % of slowdowns of 5 % were called
 * regressed where going on calls 93 % (noise of a pair 2 %, level of one of four metrics). The error spent is the same.
 */
export function isSettled(verdict: Verdict): boolean {
  return verdict !== 'inconclusive' && verdict !== 'slower' && verdict !== 'faster';
}
