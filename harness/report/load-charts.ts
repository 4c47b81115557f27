import type { Chart } from './charts/chart.ts';
import { contextLine, generatorContext } from './charts/context.ts';
import { latencyPercentilesChart } from './charts/latency-percentiles.ts';
import { loadOverTimeChart } from './charts/load-over-time.ts';
import { saturationChart } from './charts/saturation.ts';
import { stressStepsChart } from './charts/stress-steps.ts';
import { median } from './dispatch-summary.ts';
import {
  binSeconds,
  endpointSummaries,
  type GeneratorName,
  generatorsOf,
  latencyGenerator,
  loadsBy,
  mergedCurve,
  mergedSeries,
  type PlacedLoad,
  percentileCurves,
  phaseSummaries,
  sumOf,
  supportedPoints,
} from './load-summary.ts';
import type { Scene } from './scene.ts';

const MOST_LATENCY_PANELS = 6;

/** What the load generators saw; a chart without data is `null`. */
export function loadCharts(scene: Scene): (Chart | null)[] {
  const main = latencyGenerator(scene.groups);
  const saturated = generatorsOf(scene.groups)
    .filter(({ model }) => model === 'closed')
    .map(({ name }) => saturation(scene, name));
  if (main === null) return saturated;
  return [latencyPercentiles(scene, main), stressSteps(scene, main), overTime(scene, main), ...saturated];
}

function reportOf(loads: readonly PlacedLoad[]) {
  return (loads[0] as PlacedLoad).load.report;
}

function latencyPercentiles(scene: Scene, generator: GeneratorName): Chart | null {
  const byVariant = scene.groups.map((group) => ({ group, endpoints: endpointSummaries(group, generator) }));
  const names = new Map<string, number>();
  for (const { endpoints } of byVariant) {
    for (const { endpoint, requests } of endpoints)
      names.set(endpoint, (names.get(endpoint) ?? 0) + requests);
  }
  const shown = [...names].sort((a, b) => b[1] - a[1]).slice(0, MOST_LATENCY_PANELS);
  const loads = scene.groups.flatMap((group) => loadsBy(group, generator));
  return latencyPercentilesChart({
    ...scene,
    panels: shown.map(([endpoint]) => ({
      endpoint,
      lines: byVariant.map(({ group, endpoints }) => {
        const curves = percentileCurves(group, generator, endpoint);
        const summary = endpoints.find((one) => one.endpoint === endpoint);
        return {
          variant: group.variant,
          merged: mergedCurve(curves),
          runs:
            curves.length > 1 ? curves.map(({ points, answered }) => supportedPoints(points, answered)) : [],
          p50Ms: summary?.p50Ms ?? null,
          p95Ms: summary?.p95Ms ?? null,
          fewestRequests: summary?.fewestRequests ?? 0,
        };
      }),
    })),
    report: reportOf(loads),
    droppedIterations: sumOf(loads, ({ load }) => load.report.droppedIterations),
    endpointCount: names.size,
  });
}

function overTime(scene: Scene, generator: GeneratorName): Chart | null {
  const byVariant = scene.groups.map((group) => ({ group, loads: loadsBy(group, generator) }));
  const all = byVariant.flatMap(({ loads }) => loads);
  const seconds = all.reduce((most, { load }) => Math.max(most, load.report.series.length), 0);
  const secondsPerBin = binSeconds(seconds);
  return loadOverTimeChart({
    ...scene,
    report: reportOf(all),
    secondsPerBin,
    lines: byVariant
      .filter(({ loads }) => loads.length > 0)
      .map(({ group, loads }) => {
        const bins = mergedSeries(loads, secondsPerBin);
        const requests = sumOf(loads, ({ load }) => load.report.requests);
        return {
          variant: group.variant,
          bins,
          throughputPerSecond: median(loads.map(({ load }) => load.report.throughputPerSecond)) ?? 0,
          errorRatio: requests === 0 ? 0 : sumOf(loads, ({ load }) => load.report.errors) / requests,
        };
      }),
  });
}

function saturation(scene: Scene, generator: GeneratorName): Chart | null {
  const loads = scene.groups.flatMap((group) => loadsBy(group, generator));
  return saturationChart({
    ...scene,
    report: reportOf(loads),
    rows: scene.groups.flatMap((group) =>
      phaseSummaries(loadsBy(group, generator)).flatMap(({ endpoint, throughputPerSecond, concurrency }) =>
        endpoint === null ? [] : [{ variant: group.variant, endpoint, throughputPerSecond, concurrency }],
      ),
    ),
  });
}

function stressSteps(scene: Scene, generator: GeneratorName): Chart | null {
  const byVariant = scene.groups.map((group) => ({ group, loads: loadsBy(group, generator) }));
  const report = reportOf(byVariant.flatMap(({ loads }) => loads));
  return stressStepsChart({
    ...scene,
    context: contextLine(scene.context, generatorContext(report)),
    lines: byVariant.map(({ group, loads }) => ({ variant: group.variant, steps: phaseSummaries(loads) })),
  });
}
