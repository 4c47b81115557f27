import ttest from '@stdlib/stats-ttest';
import type { ExactInterval } from './hodges-lehmann.ts';
import { assertLevel } from './level.ts';
import type { JudgedInterval } from './verdict.ts';

/** Student's interval for the mean of the differences, in their unit. */
export interface TInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** 0–1. */
  readonly level: number;
}

/**
 * Student's interval for the mean of paired differences. Differences that are all equal give an interval of no width.
 *
 * @param level in [0, 1).
 * @returns `null` below two differences.
 */
export function tInterval(differences: readonly number[], level: number): TInterval | null {
  assertLevel(level);
  const [first] = differences;
  if (first === undefined || differences.length < 2) return null;
  // stdlib answers NaN where there is no spread.
  if (differences.every((difference) => difference === first)) {
    return { mean: first, low: first, high: first, level };
  }
  const { mean, ci } = ttest([...differences], { alpha: 1 - level });
  const [low = Number.NaN, high = Number.NaN] = ci;
  return { mean, low, high, level };
}

export interface CrossCheck {
  readonly t: TInterval;
  /**
   * Student and Wilcoxon disagree on whether there is a difference. The mean follows a few wild pairs, the ranks do
   * not; so there are some. The verdict stays Wilcoxon's: the reader is told to look at the pairs.
   */
  readonly outlierPairs: boolean;
}

/**
 * A second opinion on the same differences. Student's interval is taken at the level which the exact interval really
 * has, so that the two differ by method alone. Never a verdict.
 *
 * @param interval the exact interval of these differences (`locate`).
 * @returns `null` below two differences.
 */
export function crossCheck(differences: readonly number[], interval: ExactInterval): CrossCheck | null {
  const t = tInterval(differences, interval.level);
  return t && { t, outlierPairs: excludesZero(t) !== excludesZero(interval) };
}

/** Whether an interval lies wholly on one side of zero; an end at zero does not. */
export function excludesZero(interval: JudgedInterval): boolean {
  return interval.low > 0 || interval.high < 0;
}
