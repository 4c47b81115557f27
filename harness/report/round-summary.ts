import { latencyCurve, quantileOf, sortLatencies } from '../load-generators/latency-summary.ts';
import type { LatencyLine } from './charts/latency-finding.ts';
import { median } from './dispatch-summary.ts';
import { mergedCurve, supportedPoints } from './load-summary.ts';
import type { VariantRuns } from './report-input.ts';

/** The dispatches of a variant in the alternating slices: a curve for each pair, and their medians at each quantile. */
export function roundLine({ variant, runs }: VariantRuns): LatencyLine {
  const rounds = runs.flatMap(({ pair, run }) => {
    const times = sortLatencies(run.round?.slices.flatMap(({ dispatchMs }) => dispatchMs) ?? []);
    return times.length === 0 ? [] : [{ pair, times }];
  });
  // Cut before they are merged: beyond its last dispatch a pair has nothing to add to a median.
  const curves = rounds.map(({ pair, times }) => ({
    pair,
    answered: times.length,
    points: supportedPoints(latencyCurve(times), times.length),
  }));
  const middle = (quantile: number) => median(rounds.map(({ times }) => quantileOf(times, quantile) ?? 0));
  return {
    variant,
    merged: mergedCurve(curves),
    runs: curves.length > 1 ? curves.map(({ points }) => points) : [],
    p50Ms: middle(0.5),
    p95Ms: middle(0.95),
    fewestRequests: rounds.length === 0 ? 0 : Math.min(...rounds.map(({ times }) => times.length)),
  };
}
