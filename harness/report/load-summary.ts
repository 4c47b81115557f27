import type {
  EndpointLoad,
  LoadPhase,
  LoadReport,
  MeasuredLoad,
  PercentilePoint,
  SeriesPoint,
} from '../result.ts';
import { median } from './dispatch-summary.ts';
import type { PlacedRun, VariantRuns } from './report-input.ts';

export type GeneratorName = LoadReport['generator'];

/** One measured load and the run it belongs to. */
export interface PlacedLoad {
  placed: PlacedRun;
  load: MeasuredLoad;
}

/** The load generators that measured something, in the order of the runs, and the model each used. */
export function generatorsOf(
  groups: readonly VariantRuns[],
): { name: GeneratorName; model: 'open' | 'closed' }[] {
  const found = new Map<GeneratorName, 'open' | 'closed'>();
  for (const { runs } of groups) {
    for (const { run } of runs) {
      for (const { report } of run.loads) {
        if (!found.has(report.generator)) found.set(report.generator, report.model);
      }
    }
  }
  return [...found].map(([name, model]) => ({ name, model }));
}

/** The generator whose latency is charted: the first with an open model, else the first at all. */
export function latencyGenerator(groups: readonly VariantRuns[]): GeneratorName | null {
  const generators = generatorsOf(groups);
  return (generators.find(({ model }) => model === 'open') ?? generators[0])?.name ?? null;
}

export function loadsBy(group: VariantRuns, generator: GeneratorName): PlacedLoad[] {
  return group.runs.flatMap((placed) =>
    placed.run.loads.filter((load) => load.report.generator === generator).map((load) => ({ placed, load })),
  );
}

/** One endpoint under one generator: sums of the counts, medians over runs of the latencies. */
export interface EndpointSummary {
  variant: string;
  endpoint: string;
  runs: number;
  requests: number;
  errors: number;
  timeouts: number;
  /** Requests of the run that has fewest: how far its percentiles can be trusted. */
  fewestRequests: number;
  /** `null` when no request was answered. */
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
}

/** Endpoints of a variant, most requested first. */
export function endpointSummaries(group: VariantRuns, generator: GeneratorName): EndpointSummary[] {
  const byEndpoint = new Map<string, EndpointLoad[]>();
  for (const { load } of loadsBy(group, generator)) {
    for (const endpoint of load.report.endpoints) {
      byEndpoint.set(endpoint.endpoint, [...(byEndpoint.get(endpoint.endpoint) ?? []), endpoint]);
    }
  }
  return [...byEndpoint]
    .map(([endpoint, loads]) => {
      const answered = loads.flatMap(({ latency }) => (latency === null ? [] : [latency]));
      return {
        variant: group.variant,
        endpoint,
        runs: loads.length,
        requests: sumOf(loads, (load) => load.requests),
        errors: sumOf(loads, (load) => load.errors),
        timeouts: sumOf(loads, (load) => load.timeouts),
        fewestRequests: Math.min(...loads.map((load) => load.requests)),
        p50Ms: median(answered.map((latency) => latency.p50Ms)),
        p95Ms: median(answered.map((latency) => latency.p95Ms)),
        p99Ms: median(answered.map((latency) => latency.p99Ms)),
      };
    })
    .sort((a, b) => b.requests - a.requests || (a.endpoint < b.endpoint ? -1 : 1));
}

/** The latency distribution of an endpoint in one run. */
export interface PercentileCurve {
  pair: number | null;
  answered: number;
  points: PercentilePoint[];
}

export function percentileCurves(
  group: VariantRuns,
  generator: GeneratorName,
  endpoint: string,
): PercentileCurve[] {
  return loadsBy(group, generator).flatMap(({ placed, load }) =>
    load.report.endpoints
      .filter((candidate) => candidate.endpoint === endpoint && candidate.percentiles.length > 0)
      .map(({ requests, errors, percentiles }) => ({
        pair: placed.pair,
        answered: requests - errors,
        points: percentiles.toSorted((a, b) => a.quantile - b.quantile),
      })),
  );
}

/** The part of a curve that its requests can carry: quantiles beyond which at least one of `answered` lies. */
export function supportedPoints(points: readonly PercentilePoint[], answered: number): PercentilePoint[] {
  return points.filter(({ quantile }) => quantile < 1 && (1 - quantile) * answered >= 1 - 1e-9);
}

/**
 * One curve for a variant: at each quantile the median over its runs, cut where fewer than one request of all runs
 * lies beyond. Runs are not pooled, because one slow run would own the tail of the pool.
 */
export function mergedCurve(curves: readonly PercentileCurve[]): PercentilePoint[] {
  const byQuantile = new Map<number, number[]>();
  for (const { points } of curves) {
    for (const { quantile, ms } of points)
      byQuantile.set(quantile, [...(byQuantile.get(quantile) ?? []), ms]);
  }
  const merged = [...byQuantile]
    .filter(([, values]) => values.length === curves.length)
    .map(([quantile, values]) => ({ quantile, ms: median(values) ?? 0 }))
    .sort((a, b) => a.quantile - b.quantile);
  return supportedPoints(
    merged,
    sumOf(curves, ({ answered }) => answered),
  );
}

/** A second (or a longer bin) of load: medians over runs. */
export interface SeriesBin {
  second: number;
  requestsPerSecond: number;
  errorsPerSecond: number;
  p50Ms: number | null;
  p95Ms: number | null;
}

/** Seconds one bin must hold so that `seconds` of load make at most `most` bins. */
export function binSeconds(seconds: number, most = 180): number {
  return Math.max(1, Math.ceil(seconds / most));
}

/**
 * Throughput and latency over time: in each bin the median over the runs that reached it. Errors are the mean instead, so
 * that an error of a single run never vanishes.
 */
export function mergedSeries(loads: readonly PlacedLoad[], secondsPerBin: number): SeriesBin[] {
  const byBin = new Map<number, SeriesBin[]>();
  for (const { load } of loads) {
    for (const bin of binned(load.report.series, secondsPerBin)) {
      byBin.set(bin.second, [...(byBin.get(bin.second) ?? []), bin]);
    }
  }
  return [...byBin]
    .map(([second, bins]) => ({
      second,
      requestsPerSecond: median(bins.map((bin) => bin.requestsPerSecond)) ?? 0,
      errorsPerSecond: sumOf(bins, (bin) => bin.errorsPerSecond) / bins.length,
      p50Ms: median(bins.flatMap((bin) => bin.p50Ms ?? [])),
      p95Ms: median(bins.flatMap((bin) => bin.p95Ms ?? [])),
    }))
    .sort((a, b) => a.second - b.second);
}

function binned(series: readonly SeriesPoint[], secondsPerBin: number): SeriesBin[] {
  const bins = new Map<number, SeriesPoint[]>();
  for (const point of withoutGaps(series)) {
    const start = Math.floor(point.second / secondsPerBin) * secondsPerBin;
    bins.set(start, [...(bins.get(start) ?? []), point]);
  }
  return [...bins].map(([second, points]) => ({
    second,
    requestsPerSecond: sumOf(points, (point) => point.requests) / points.length,
    errorsPerSecond: sumOf(points, (point) => point.errors) / points.length,
    p50Ms: median(points.flatMap(({ p50Ms }) => p50Ms ?? [])),
    p95Ms: median(points.flatMap(({ p95Ms }) => p95Ms ?? [])),
  }));
}

/** A second without an answer is a second of zero throughput, not a second to draw a line across. */
function withoutGaps(series: readonly SeriesPoint[]): SeriesPoint[] {
  const bySecond = new Map(series.map((point) => [point.second, point]));
  const last = series.reduce((latest, point) => Math.max(latest, point.second), -1);
  return Array.from(
    { length: last + 1 },
    (_, second) => bySecond.get(second) ?? { second, requests: 0, errors: 0, p50Ms: null, p95Ms: null },
  );
}

/** A phase of the load by its place in the order: medians over runs, sums of the counts. */
export interface PhaseSummary {
  order: number;
  name: string;
  endpoint: string | null;
  targetRatePerSecond: number | null;
  concurrency: number | null;
  runs: number;
  requests: number;
  errors: number;
  throughputPerSecond: number;
  p50Ms: number | null;
  p95Ms: number | null;
}

export function phaseSummaries(loads: readonly PlacedLoad[]): PhaseSummary[] {
  const byName = new Map<string, LoadPhase[]>();
  for (const { load } of loads) {
    for (const phase of load.report.phases)
      byName.set(phase.name, [...(byName.get(phase.name) ?? []), phase]);
  }
  return [...byName].map(([name, phases], order) => {
    const [first] = phases as [LoadPhase, ...LoadPhase[]];
    return {
      order,
      name,
      endpoint: first.endpoint,
      targetRatePerSecond: first.targetRatePerSecond,
      concurrency: first.concurrency,
      runs: phases.length,
      requests: sumOf(phases, (phase) => phase.requests),
      errors: sumOf(phases, (phase) => phase.errors),
      throughputPerSecond: median(phases.map((phase) => phase.throughputPerSecond)) ?? 0,
      p50Ms: median(phases.flatMap(({ p50Ms }) => (p50Ms === null ? [] : [p50Ms]))),
      p95Ms: median(phases.flatMap(({ p95Ms }) => (p95Ms === null ? [] : [p95Ms]))),
    };
  });
}

export function sumOf<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
