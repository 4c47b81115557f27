/**
 * Signs that the pairs are not what the interval takes them for: independent, without drift, blind to order. Flags for
 * a reader; none of them changes a verdict or drops a pair.
 */
import { type ExactInterval, median } from './hodges-lehmann.ts';
import { assertLevel, mayMiss } from './level.ts';
import { standardNormalQuantile } from './normal-quantile.ts';
import { rankSumProbabilities } from './rank-sum.ts';

/**
 * Correlation of each value with the one after it, −1 … 1: Σ(xᵢ−x̄)(xᵢ₊₁−x̄) / Σ(xᵢ−x̄)² (Box & Jenkins, r₁). For n
 * independent values it is about −1/n, give or take 2/√n. `null` below three values or when all are equal.
 */
export function lagOneAutocorrelation(values: readonly number[]): number | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const squares = centred.reduce((sum, value) => sum + value * value, 0);
  // Equal values may miss their own mean by a last bit, so a sum of squares of zero is not the test.
  if (values.length < 3 || values.every((value) => value === values[0])) return null;
  return centred.slice(1).reduce((sum, value, i) => sum + value * (centred[i] ?? 0), 0) / squares;
}

export interface Slope {
  /** Median of the slopes between every two values: unit of the values per step. */
  readonly estimate: number;
  /** `null` when there are too few values for this level: fewer than 5 at 95 %. */
  readonly interval: { readonly low: number; readonly high: number; readonly level: number } | null;
}

/**
 * Drift of values in their order (Theil 1950; Sen, JASA 63, 1968): the median slope and the interval of Kendall's test,
 * in Sen's normal approximation with the variance corrected for ties. Equal to `scipy.stats.theilslopes` against
 * 0, 1, 2, …. An interval without zero says that the level moved meanwhile.
 *
 * @param level in [0, 1); default 0.95.
 * @returns `null` below two values.
 */
export function theilSenSlope(values: readonly number[], level = 0.95): Slope | null {
  assertLevel(level);
  if (values.length < 2) return null;
  const slopes = values
    .flatMap((from, i) => values.slice(i + 1).map((to, steps) => (to - from) / (steps + 1)))
    .sort((a, b) => a - b);
  const margin = standardNormalQuantile(1 - (1 - level) / 2) * kendallDeviation(values);
  const lowest = Math.round((slopes.length - margin) / 2) - 1;
  const highest = Math.round((slopes.length + margin) / 2);
  const [low, high] = [slopes[lowest], slopes[highest]];
  const interval = low === undefined || high === undefined ? null : { low, high, level };
  return { estimate: median(slopes), interval };
}

/** Standard deviation of Kendall's S when order means nothing; equal values count as ties (Sen 1968, (2.6)). */
function kendallDeviation(values: readonly number[]): number {
  const spread = (n: number) => n * (n - 1) * (2 * n + 5);
  const repeats = new Map<number, number>();
  for (const value of values) repeats.set(value, (repeats.get(value) ?? 0) + 1);
  const ties = [...repeats.values()].reduce((sum, count) => sum + spread(count), 0);
  return Math.sqrt((spread(values.length) - ties) / 18);
}

export interface SlotEffect {
  /**
   * By how much the difference is larger where the baseline ran first than where the candidate did, in the unit of the
   * differences: twice what standing second costs. With both orders equally often it cancels out of the comparison.
   */
  readonly estimate: number;
  /** `null` when the pairs of one order are too few for this level: 4 and 4 are the fewest at 95 %. */
  readonly interval: ExactInterval | null;
}

/**
 * Whether it matters which variant stood first: the Hodges–Lehmann shift between the pairs of the two orders with the
 * exact interval of the Mann–Whitney test (Hollander & Wolfe §4.2–4.3; R: `wilcox.test(x, y, conf.int = TRUE)`).
 *
 * @param differences one per pair.
 * @param baselineFirst for each pair, whether the baseline stood first in it.
 * @param level in [0, 1); default 0.95.
 * @returns `null` when all pairs have the same order.
 * @throws RangeError when the two lists differ in length.
 */
export function slotEffect(
  differences: readonly number[],
  baselineFirst: readonly boolean[],
  level = 0.95,
): SlotEffect | null {
  const alpha = mayMiss(level);
  if (differences.length !== baselineFirst.length) {
    throw new RangeError(
      `expected as many orders as differences (${differences.length}), got ${baselineFirst.length}`,
    );
  }
  const first = differences.filter((_, pair) => baselineFirst[pair]);
  const second = differences.filter((_, pair) => !baselineFirst[pair]);
  if (first.length === 0 || second.length === 0) return null;
  const shifts = first.flatMap((a) => second.map((b) => a - b)).sort((a, b) => a - b);
  return {
    estimate: median(shifts),
    interval: shiftInterval(shifts, rankSumProbabilities(first.length, second.length), alpha),
  };
}

/** Counts in from both ends of the sorted shifts for as long as both tails together miss at most `alpha`. */
function shiftInterval(
  shifts: readonly number[],
  probabilities: Float64Array,
  alpha: number,
): ExactInterval | null {
  let interval: ExactInterval | null = null;
  let missed = 0;
  for (let inward = 0; inward < shifts.length / 2; inward++) {
    missed += 2 * (probabilities[inward] ?? 0);
    if (missed > alpha) break;
    const low = shifts[inward] ?? Number.NaN;
    const high = shifts[shifts.length - 1 - inward] ?? Number.NaN;
    interval = { low, high, level: 1 - missed };
  }
  return interval;
}
