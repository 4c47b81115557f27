/** What a comparison of a commit with the good one says of the change that is looked for. Pure. */
import { TOLD_ONLY } from '../experiment/metrics.ts';
import type { Comparison, TimingComparison } from '../experiment-record.ts';
import { formatInUnit } from '../quantity.ts';
import { changeText, intervalText } from '../report/verdict-sentence.ts';
import type { Finding } from './bisection.ts';

/** What changed between the good commit and the bad one, and how it is told of the commits between. */
export interface SoughtChange {
  readonly metric: string;
  /** Of the number of the metric, candidate against the good one. */
  readonly direction: 'worse' | 'better';
  /** exact: by counts that repeat to the unit. timing: by pairs. */
  readonly by: 'exact' | 'timing';
}

/** @param metric only this one, where one is named @param direction only this one, where one is asked for */
export interface Search {
  readonly metric: string | null;
  readonly direction: SoughtChange['direction'] | null;
}

/** The first exact counter that has changed; `null` when all are equal. */
export function changeOfCounts({ exact }: Comparison, { metric, direction }: Search): SoughtChange | null {
  for (const one of exact) {
    if (!one.repeatsAgree || one.candidate === one.baseline) continue;
    if (metric === null ? TOLD_ONLY.includes(one.metric) : one.metric !== metric) continue;
    const found = one.candidate > one.baseline ? 'worse' : 'better';
    if (direction === null || direction === found)
      return { metric: one.metric, direction: found, by: 'exact' };
  }
  return null;
}

/** The first metric that decides and has changed for certain; `null` when none has. */
export function changeOfTimes(comparison: Comparison, { metric, direction }: Search): SoughtChange | null {
  for (const timing of decisiveTimings(comparison, metric)) {
    const found = directionOf(timing);
    if (found !== null && (direction === null || direction === found))
      return { metric: timing.metric, direction: found, by: 'timing' };
  }
  return null;
}

/** Whether everything that decides was shown to be equal: then there is nothing to look for. */
export function isShownEqual(comparison: Comparison, { metric }: Search): boolean {
  const timings = decisiveTimings(comparison, metric);
  return timings.length > 0 && timings.every(({ verdict }) => verdict === 'equivalent');
}

/** What a commit between says. A count that moved the other way is no such change. */
export function findingOf(comparison: Comparison, { metric, direction, by }: SoughtChange): Finding {
  if (by === 'exact') {
    const one = comparison.exact.find((each) => each.metric === metric);
    if (!one?.repeatsAgree) return 'undecided';
    const rose = one.candidate > one.baseline;
    return one.candidate !== one.baseline && (rose ? 'worse' : 'better') === direction
      ? 'changed'
      : 'unchanged';
  }
  const timing = comparison.timings.find((each) => each.metric === metric);
  if (!timing || timing.low === null) return 'undecided';
  const found = directionOf(timing);
  if (found !== null) return found === direction ? 'changed' : 'unchanged';
  return timing.verdict === 'equivalent' ? 'unchanged' : 'undecided';
}

/** What was measured of the metric, in words. */
export function measuredWords({ exact, timings }: Comparison, { metric, by }: SoughtChange): string {
  if (by === 'exact') {
    const one = exact.find((each) => each.metric === metric);
    return one
      ? `${metric} ${formatInUnit(one.baseline, one.unit)} → ${formatInUnit(one.candidate, one.unit)}`
      : `${metric} not counted`;
  }
  const timing = timings.find((each) => each.metric === metric);
  return timing
    ? `${metric} ${changeText(timing)} (${intervalText(timing)}, ${timing.pairs} pairs)`
    : `${metric} not measured`;
}

function decisiveTimings({ timings }: Comparison, metric: string | null): TimingComparison[] {
  return timings.filter((timing) => (metric === null ? timing.role === 'gate' : timing.metric === metric));
}

/** Proven, whether it is proven to be larger than the band or not. */
function directionOf({ verdict }: TimingComparison): SoughtChange['direction'] | null {
  if (verdict === 'regressed' || verdict === 'slower') return 'worse';
  return verdict === 'improved' || verdict === 'faster' ? 'better' : null;
}
