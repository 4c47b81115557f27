import type { ExactComparison } from '../experiment-record.ts';
import type { RunRecord } from '../result.ts';
import { observe, type Sides } from './counted-statements.ts';
import { EXACT_METRICS, type ExactMetric } from './metrics.ts';

/** The exact counters per dispatch of two sides, each given by its repeats. Runs without a probe are passed over. */
export function compareCounters(sides: Sides<readonly RunRecord[]>): ExactComparison[] {
  return EXACT_METRICS.flatMap((metric) => {
    const [a, b] = [valuesOf(metric, sides.baseline), valuesOf(metric, sides.candidate)];
    if (a.length === 0 || b.length === 0) return [];
    const [baseline, candidate] = [observe(a), observe(b)];
    return [
      {
        metric: metric.metric,
        unit: metric.unit,
        baseline: baseline.median,
        candidate: candidate.median,
        repeatsAgree: baseline.low === baseline.high && candidate.low === candidate.high,
        baselineRange: [baseline.low, baseline.high],
        candidateRange: [candidate.low, candidate.high],
      },
    ];
  });
}

function valuesOf(metric: ExactMetric, runs: readonly RunRecord[]): number[] {
  return runs.flatMap(({ probe }) => {
    const dispatches = probe?.dispatches ?? [];
    if (dispatches.length === 0) return [];
    return [dispatches.reduce((sum, one) => sum + metric.of(one), 0) / dispatches.length];
  });
}
