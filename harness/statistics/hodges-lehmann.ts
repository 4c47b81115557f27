import { assertLevel } from './level.ts';
import { achievedLevel, signedRankQuantile } from './signed-rank.ts';

/** An interval for the centre of the differences, in their unit. */
export interface ExactInterval {
  readonly low: number;
  readonly high: number;
  /** What it really covers, 0–1: at least the level asked for, since only some levels exist for so many pairs. */
  readonly level: number;
}

export interface LocationEstimate {
  /** Median of the Walsh averages: the Hodges–Lehmann estimate of the centre of the differences. */
  readonly estimate: number;
  /** `null` when n is too small for any interval at the level asked for. */
  readonly interval: ExactInterval | null;
}

/** The centre of one set of differences, from which intervals of any number of levels can be taken. */
export interface Location {
  readonly pairs: number;
  /** The Hodges–Lehmann estimate, in the unit of the differences. */
  readonly estimate: number;
  /**
   * The exact interval of Wilcoxon's signed-rank test at `level`, in [0, 1); `null` when the pairs are too few for it.
   * Intervals are nested: a higher level never gives a narrower one.
   *
   * @throws RangeError for another level.
   */
  interval(level: number): ExactInterval | null;
}

/**
 * Centre of paired differences. The ends of its intervals are Walsh averages (d_i + d_j) / 2, i ≤ j, counted in from
 * both sides (Hollander & Wolfe §3.2–3.3; R: `wilcox.test(conf.int = TRUE)`). The averages are made once.
 *
 * @throws RangeError when there is no difference at all, or one that is not finite.
 */
export function locate(differences: readonly number[]): Location {
  const pairs = differences.length;
  if (pairs === 0) throw new RangeError('expected at least one difference, got none');
  const wrong = differences.find((difference) => !Number.isFinite(difference));
  if (wrong !== undefined) throw new RangeError(`expected finite differences, got ${wrong}`);
  const averages = walshAverages(differences);
  return {
    pairs,
    estimate: medianOfSorted(averages),
    interval: (level) => intervalOf(averages, pairs, level),
  };
}

/**
 * Estimate and one interval of paired differences; see {@link locate}.
 *
 * @param level asked for, in [0, 1).
 */
export function estimateLocation(differences: readonly number[], level: number): LocationEstimate {
  const location = locate(differences);
  return { estimate: location.estimate, interval: location.interval(level) };
}

function intervalOf(averages: Float64Array, pairs: number, level: number): ExactInterval | null {
  assertLevel(level);
  const rank = signedRankQuantile((1 - level) / 2, pairs);
  // Even the outermost interval misses with probability 2/2^n: below that no interval of this level exists.
  if (rank === 0) return null;
  const low = averages[rank - 1] ?? Number.NaN;
  const high = averages[averages.length - rank] ?? Number.NaN;
  return { low, high, level: achievedLevel(rank, pairs) ?? level };
}

function walshAverages(values: readonly number[]): Float64Array {
  const averages = new Float64Array((values.length * (values.length + 1)) / 2);
  let index = 0;
  values.forEach((a, i) => {
    for (let j = i; j < values.length; j++) averages[index++] = (a + (values[j] ?? Number.NaN)) / 2;
  });
  return averages.sort();
}

function medianOfSorted(sorted: ArrayLike<number>): number {
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/** Middle value; the mean of the two middle ones when their number is even. `NaN` for none. */
export function median(values: ArrayLike<number>): number {
  return medianOfSorted(Float64Array.from(values).sort());
}
