import { formatChangeInterval } from '../change.ts';
import type { Comparison, ExperimentRecord, TimingComparison } from '../experiment-record.ts';
import { formatInUnit, formatShare } from '../quantity.ts';
import { gateTimings } from './gate.ts';
import { changeSize, changeText } from './verdict-sentence.ts';
import { timingLook, type VerdictLook } from './verdict-words.ts';

/** What decides, a row a metric: in the terminal, under the verdict and in the tables. */
export interface GateRow {
  metric: string;
  look: VerdictLook;
  baseline: string;
  candidate: string;
  change: string;
  interval: string;
  /** Interval of the two one-sided tests. */
  equivalence: string;
  band: string;
  /** Smallest slowdown the pairs would have told from none, and the smallest they would have called regressed. */
  detectable: string;
  regression: string;
}

export function gateRows(comparison: Comparison, state: ExperimentRecord['state']): GateRow[] {
  return gateTimings(comparison).map((timing) => ({
    metric: timing.metric,
    look: timingLook(timing, comparison, state),
    baseline: formatInUnit(timing.baselineMedian, timing.unit),
    candidate: formatInUnit(timing.candidateMedian, timing.unit),
    change: changeText(timing),
    interval: intervalOf(timing, timing.low, timing.high),
    equivalence: intervalOf(timing, timing.equivalenceLow, timing.equivalenceHigh),
    band: `±${formatShare(timing.delta)}`,
    detectable: timing.detectableRatio === null ? '–' : changeSize(timing.detectableRatio),
    regression: timing.regressionRatio === null ? '–' : changeSize(timing.regressionRatio),
  }));
}

export function intervalOf(timing: TimingComparison, low: number | null, high: number | null): string {
  return low === null || high === null ? 'none' : formatChangeInterval(low, high, timing);
}
