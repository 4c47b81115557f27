import type { Comparison, ExactComparison, TimingComparison, Verdict } from '../experiment-record.ts';
import type { RunRecord } from '../result.ts';
import { estimateLocation, median } from '../statistics/hodges-lehmann.ts';
import { judge, MINIMUM_PAIRS } from '../statistics/verdict.ts';
import { outcomeDifferences, refusalsBetween } from './comparability.ts';
import { headlineOf } from './headline.ts';
import { EXACT_METRICS, type ExactMetric, type TimingMetric, timingMetrics } from './metrics.ts';

/** The two runs of one pair. */
export interface RunPair {
  readonly baseline: RunRecord;
  readonly candidate: RunRecord;
}

/** Confidence of the printed intervals; equivalence uses the 90 % of two one-sided tests at 5 %. */
const INTERVAL_LEVEL = 0.95;
const EQUIVALENCE_LEVEL = 0.9;

/**
 * Compares two variants over their pairs. The sample is the pairs, never the requests: n is their number.
 * Pure: equal runs give an equal comparison.
 */
export function compareRuns(
  names: { baseline: string; candidate: string },
  pairs: readonly RunPair[],
): Comparison {
  const refusals = [...new Set(pairs.flatMap((pair) => refusalsBetween(pair.baseline, pair.candidate)))];
  const example = pairs[0];
  const exact = example ? EXACT_METRICS.flatMap((metric) => compareExact(metric, pairs)) : [];
  const timings = example
    ? timingMetrics(example.baseline).flatMap((metric) => compareTiming(metric, pairs))
    : [];
  const verdict = overallVerdict(refusals, timings);
  const equalOutcome = example?.baseline.outcome
    ? pairs.every((pair) => outcomeDifferences(pair.baseline, pair.candidate).length === 0)
    : null;
  const comparison = { ...names, refusals, verdict, exact, timings, equalOutcome };
  return {
    ...comparison,
    headline: headlineOf(comparison, pairs.length),
    warnings: warningsOf(timings, pairs.length),
  };
}

function overallVerdict(refusals: readonly string[], timings: readonly TimingComparison[]): Verdict {
  if (refusals.length > 0) return 'not-comparable';
  return timings.find((timing) => timing.role === 'gate')?.verdict ?? 'inconclusive';
}

function compareExact(metric: ExactMetric, pairs: readonly RunPair[]): ExactComparison[] {
  const perDispatch = (run: RunRecord) => {
    const dispatches = run.probe?.dispatches ?? [];
    return dispatches.length === 0
      ? []
      : [dispatches.reduce((sum, one) => sum + metric.of(one), 0) / dispatches.length];
  };
  const baseline = pairs.flatMap((pair) => perDispatch(pair.baseline));
  const candidate = pairs.flatMap((pair) => perDispatch(pair.candidate));
  if (baseline.length === 0 || candidate.length === 0) return [];
  const range = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)];
  return [
    {
      metric: metric.metric,
      unit: metric.unit,
      baseline: median(baseline),
      candidate: median(candidate),
      repeatsAgree: new Set(baseline).size === 1 && new Set(candidate).size === 1,
      baselineRange: range(baseline),
      candidateRange: range(candidate),
    },
  ];
}

function compareTiming(metric: TimingMetric, pairs: readonly RunPair[]): TimingComparison[] {
  const values = pairs.flatMap((pair) => {
    const [baseline, candidate] = [metric.of(pair.baseline), metric.of(pair.candidate)];
    return baseline && candidate ? [{ baseline, candidate }] : []; // a time of zero has no ratio either
  });
  if (values.length === 0) return [];
  const ratios = values.map(({ baseline, candidate }) => candidate / baseline);
  const logs = ratios.map((ratio) => Math.log(ratio));
  const { estimate, interval } = estimateLocation(logs, INTERVAL_LEVEL);
  const judged = judgeTiming(metric, pairs, logs);
  return [
    {
      metric: metric.metric,
      unit: metric.unit,
      role: metric.role,
      higherIsBetter: metric.higherIsBetter,
      baselineMedian: median(values.map((value) => value.baseline)),
      candidateMedian: median(values.map((value) => value.candidate)),
      pairs: values.length,
      ratios,
      ratio: Math.exp(estimate),
      low: interval ? Math.exp(interval.low) : null,
      high: interval ? Math.exp(interval.high) : null,
      level: interval?.level ?? null,
      delta: metric.delta,
      ...judged,
    },
  ];
}

function judgeTiming(
  metric: TimingMetric,
  pairs: readonly RunPair[],
  logs: readonly number[],
): { verdict: Verdict; reason: string } {
  const flaws = pairs.flatMap((pair) =>
    [pair.baseline, pair.candidate].flatMap((run) => {
      const flaw = metric.flaw(run);
      return flaw ? [`${run.variant}: ${flaw}`] : [];
    }),
  );
  if (flaws[0])
    return {
      verdict: 'not-comparable',
      reason: `${flaws[0]}${flaws.length > 1 ? ` (and ${flaws.length - 1} more)` : ''}`,
    };
  if (logs.length < pairs.length) {
    return { verdict: 'not-comparable', reason: `measured in ${logs.length} of ${pairs.length} pairs only` };
  }
  if (logs.length < MINIMUM_PAIRS) {
    return {
      verdict: 'inconclusive',
      reason: `${logs.length} pairs; a verdict needs at least ${MINIMUM_PAIRS}`,
    };
  }
  const worse = metric.higherIsBetter ? logs.map((log) => -log) : logs;
  const interval = estimateLocation(worse, INTERVAL_LEVEL).interval;
  const verdict = judge(interval, estimateLocation(worse, EQUIVALENCE_LEVEL).interval, metric.delta);
  return { verdict, reason: reasonFor(verdict, metric.delta) };
}

function reasonFor(verdict: Verdict, delta: number): string {
  const band = `±${Math.round(delta * 100)} %`;
  const reasons: Record<Verdict, string> = {
    improved: `the whole interval is better than ${band}`,
    regressed: `the whole interval is worse than ${band}`,
    equivalent: `no change larger than ${band}`,
    faster: `proven better, not proven by more than ${band}`,
    slower: `proven worse, not proven by more than ${band}`,
    inconclusive: `the interval leaves open whether there is a change beyond ${band}`,
    'not-comparable': 'not comparable',
  };
  return reasons[verdict];
}

function warningsOf(timings: readonly TimingComparison[], pairs: number): string[] {
  const warnings: string[] = [];
  if (pairs < MINIMUM_PAIRS)
    warnings.push(
      `${pairs} pairs: exact counters hold, but no time gets a verdict below ${MINIMUM_PAIRS} pairs.`,
    );
  const exploratory = timings.filter((timing) => timing.role === 'exploratory').length;
  if (exploratory > 1) {
    warnings.push(
      `${exploratory} times are exploratory: of so many, a few may err by chance. Only the gate metric decides.`,
    );
  }
  warnings.push('The false alarm rate of this machine has not been measured.');
  return warnings;
}
