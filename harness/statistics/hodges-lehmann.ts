import { signedRankCdf, signedRankQuantile } from './signed-rank.ts';

export interface LocationEstimate {
  /** Median of the Walsh averages: the Hodges–Lehmann estimate of the centre of the differences. */
  readonly estimate: number;
  /** `null` when n is too small for any interval at the level asked for. */
  readonly interval: { readonly low: number; readonly high: number; readonly level: number } | null;
}

/**
 * Centre of paired differences with the exact interval of Wilcoxon's signed-rank test. Its ends are Walsh averages
 * (d_i + d_j) / 2, i ≤ j, counted in from both sides (Hollander & Wolfe §3.3; R: `wilcox.test(conf.int = TRUE)`).
 *
 * @param level asked for, 0–1; the interval says which level it really has, which is at least as high.
 * @throws RangeError when there is no difference at all.
 */
export function estimateLocation(differences: readonly number[], level: number): LocationEstimate {
  const n = differences.length;
  if (n === 0) throw new RangeError('expected at least one difference, got none');
  const averages = walshAverages(differences);
  const estimate = medianOfSorted(averages);
  const alpha = 1 - level;
  const rank = signedRankQuantile(alpha / 2, n);
  // Even the outermost interval misses with probability 2/2^n: below that no interval of this level exists.
  if (rank === 0) return { estimate, interval: null };
  const low = averages[rank - 1] ?? Number.NaN;
  const high = averages[averages.length - rank] ?? Number.NaN;
  return { estimate, interval: { low, high, level: 1 - 2 * signedRankCdf(rank - 1, n) } };
}

function walshAverages(values: readonly number[]): number[] {
  const averages: number[] = [];
  values.forEach((a, i) => {
    for (const b of values.slice(i)) averages.push((a + b) / 2);
  });
  return averages.sort((a, b) => a - b);
}

function medianOfSorted(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/** Middle value; the mean of the two middle ones when their number is even. `NaN` for none. */
export function median(values: readonly number[]): number {
  return medianOfSorted([...values].sort((a, b) => a - b));
}
