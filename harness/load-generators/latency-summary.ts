/** Exact percentiles of raw latencies. Pure. */
import type { LatencySummary, PercentilePoint } from '../result.ts';

/** Latencies in milliseconds, ascending. Only {@link sortLatencies} makes one. */
export type SortedLatencies = Float64Array & { readonly __sorted__: unique symbol };

/** Quantiles of the curve in every report: dense in the tail, where the question is. */
export const CURVE_QUANTILES: readonly number[] = [
  0, 0.01, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.96, 0.97,
  0.975, 0.98, 0.985, 0.99, 0.995, 0.999, 0.9995, 0.9999, 1,
];

export function sortLatencies(latenciesMs: Iterable<number>): SortedLatencies {
  return Float64Array.from(latenciesMs).sort() as SortedLatencies;
}

/**
 * The quantile (0–1) by linear interpolation between the two nearest ranks, as k6 computes it (metrics/sink.go) and R
 * calls type 7. `null` without samples.
 */
export function quantileOf(sorted: SortedLatencies, quantile: number): number | null {
  const rank = quantile * (sorted.length - 1);
  const below = sorted[Math.floor(rank)];
  const above = sorted[Math.ceil(rank)];
  if (below === undefined || above === undefined) return null;
  return below + (above - below) * (rank - Math.floor(rank));
}

/** `null` without samples. */
export function summariseLatencies(sorted: SortedLatencies): LatencySummary | null {
  const at = (quantile: number) => quantileOf(sorted, quantile) ?? 0;
  if (sorted.length === 0) return null;
  return {
    minMs: at(0),
    meanMs: sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length,
    p50Ms: at(0.5),
    p75Ms: at(0.75),
    p90Ms: at(0.9),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    maxMs: at(1),
  };
}

/** The whole distribution at {@link CURVE_QUANTILES}; empty without samples. */
export function latencyCurve(sorted: SortedLatencies): PercentilePoint[] {
  if (sorted.length === 0) return [];
  return CURVE_QUANTILES.map((quantile) => ({ quantile, ms: quantileOf(sorted, quantile) ?? 0 }));
}
