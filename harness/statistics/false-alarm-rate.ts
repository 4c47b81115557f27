import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';
import { assertLevel } from './level.ts';

export interface FalseAlarmRate {
  /** Alarms ÷ comparisons, 0–1. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The rate of false alarms behind `alarms` of `comparisons`, with the interval of Clopper & Pearson (1934), which
 * covers at least `level`. Zero alarms do not prove a rate of zero: 0 of 60 leaves up to 6.0 % open at 95 %.
 *
 * @param level in [0, 1); default 0.95.
 * @returns `null` when nothing was compared yet.
 * @throws RangeError when the counts are not whole numbers with 0 ≤ alarms ≤ comparisons.
 */
export function falseAlarmRate(alarms: number, comparisons: number, level = 0.95): FalseAlarmRate | null {
  assertLevel(level);
  const counts = Number.isSafeInteger(alarms) && Number.isSafeInteger(comparisons);
  if (!counts || alarms < 0 || alarms > comparisons) {
    throw new RangeError(`expected 0 … ${comparisons} alarms of ${comparisons} comparisons, got ${alarms}`);
  }
  if (comparisons === 0) return null;
  const tail = (1 - level) / 2;
  const quiet = comparisons - alarms;
  return {
    ratio: alarms / comparisons,
    low: alarms === 0 ? 0 : betaQuantile(tail, alarms, quiet + 1),
    high: quiet === 0 ? 1 : betaQuantile(1 - tail, alarms + 1, quiet),
  };
}
