import type {
  CountDifference,
  ExactComparison,
  ExperimentRecord,
  TimingComparison,
} from '../experiment-record.ts';
import type { RunRecord } from '../result.ts';
import { countRefusals, timeRefusals } from './comparability.ts';
import { compareCounters } from './compare-counters.ts';
import { nameDifferences } from './count-differences.ts';
import type { Sides } from './counted-statements.ts';
import { loadMetrics } from './load-metrics.ts';
import { PROBE_METRICS, ROUND_METRICS, type TimingMetric } from './metrics.ts';

/** Runs of the same variant, repeats of each other, with the name they are told by. */
export interface StoredSide {
  readonly name: string;
  readonly runs: readonly RunRecord[];
}

/** A time of one run each. A ratio of two such says nothing about the service, so there is none. */
export interface StoredTime {
  readonly metric: string;
  readonly unit: string;
  readonly baseline: number;
  readonly candidate: number;
}

/** What two stored results say when laid side by side: counts that hold, times that do not. */
export interface StoredComparison {
  readonly baseline: string;
  readonly candidate: string;
  /** Why the counts may not be compared; then nothing else is filled. */
  readonly refusals: readonly string[];
  readonly exact: readonly ExactComparison[];
  readonly differences: readonly CountDifference[];
  readonly times: readonly StoredTime[];
  /** What makes the times differ besides chance. */
  readonly timeRefusals: readonly string[];
}

/** Compares two sides. Times are told of single runs only: the counting part of an experiment measures none. Pure. */
export function compareStored(sides: Sides<StoredSide>): StoredComparison {
  const { baseline, candidate } = sides;
  const names = { baseline: baseline.name, candidate: candidate.name };
  const refusals = refusalsOf(sides);
  if (refusals.length > 0)
    return { ...names, refusals, exact: [], differences: [], times: [], timeRefusals: [] };
  const runs = { baseline: baseline.runs, candidate: candidate.runs };
  const [a, b] = [baseline.runs[0], candidate.runs[0]];
  const single = runs.baseline.length === 1 && runs.candidate.length === 1;
  const times = a && b && single ? storedTimes(a, b) : [];
  return {
    ...names,
    refusals,
    exact: compareCounters(runs),
    differences: nameDifferences({
      baseline: probesOf(runs.baseline),
      candidate: probesOf(runs.candidate),
      indexes: {
        baseline: a?.environment.postgres.indexes ?? [],
        candidate: b?.environment.postgres.indexes ?? [],
      },
    }),
    times,
    timeRefusals: a && b && times.length > 0 ? timeRefusals(a, b) : [],
  };
}

function refusalsOf({ baseline, candidate }: Sides<StoredSide>): string[] {
  const empty = [baseline, candidate].filter((side) => side.runs.length === 0);
  if (empty.length > 0) return empty.map((side) => `no dispatch of ${side.name} was counted alone`);
  const refusals = baseline.runs.flatMap((a) => candidate.runs.flatMap((b) => countRefusals(a, b)));
  return [...new Set(refusals)];
}

function probesOf(runs: readonly RunRecord[]) {
  return runs.flatMap((run) => run.probe ?? []);
}

/** Everything that a stored run may have timed. */
function timingMetrics(example: RunRecord): TimingMetric[] {
  return [...PROBE_METRICS, ...ROUND_METRICS, ...loadMetrics(example)];
}

function storedTimes(baseline: RunRecord, candidate: RunRecord): StoredTime[] {
  return timingMetrics(baseline).flatMap((metric) => {
    const [a, b] = [metric.of(baseline), metric.of(candidate)];
    return a === null || b === null
      ? []
      : [{ metric: metric.metric, unit: metric.unit, baseline: a, candidate: b }];
  });
}

type RatioEstimate = Pick<TimingComparison, 'ratio' | 'low' | 'high' | 'level' | 'pairs'>;

/** One gate metric of the same two arms in two experiments. Each ratio was measured in pairs; between the two there is no verdict. */
export interface StoredRatio {
  readonly arms: Sides<string>;
  readonly metric: string;
  readonly unit: string;
  readonly higherIsBetter: boolean;
  readonly earlier: RatioEstimate;
  readonly later: RatioEstimate;
}

/** The ratios that both experiments have measured, in the order of the earlier one. */
export function ratiosSideBySide(earlier: ExperimentRecord, later: ExperimentRecord): StoredRatio[] {
  return gateRatios(earlier).flatMap(({ arms, timing }) => {
    const match = gateRatios(later).find(
      (other) =>
        other.arms.baseline === arms.baseline &&
        other.arms.candidate === arms.candidate &&
        other.timing.metric === timing.metric,
    );
    if (!match) return [];
    const { metric, unit, higherIsBetter } = timing;
    return [
      {
        arms,
        metric,
        unit,
        higherIsBetter,
        earlier: estimateOf(timing),
        later: estimateOf(match.timing),
      },
    ];
  });
}

function gateRatios({ comparisons }: ExperimentRecord): { arms: Sides<string>; timing: TimingComparison }[] {
  return comparisons
    .filter((comparison) => comparison.refusals.length === 0)
    .flatMap(({ baseline, candidate, timings }) =>
      timings
        .filter((timing) => timing.role === 'gate')
        .map((timing) => ({ arms: { baseline, candidate }, timing })),
    );
}

function estimateOf({ ratio, low, high, level, pairs }: TimingComparison): RatioEstimate {
  return { ratio, low, high, level, pairs };
}
