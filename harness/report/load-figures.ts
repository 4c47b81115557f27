import { P95_FROM_REQUESTS } from './charts/latency-finding.ts';
import {
  absent,
  figure,
  type KeyFigure,
  type Sides,
  sidesOf,
  timingNamed,
  withoutChange,
} from './key-figure.ts';
import {
  endpointSummaries,
  type GeneratorName,
  generatorsOf,
  loadsBy,
  phaseSummaries,
} from './load-summary.ts';
import type { ReportInput } from './report-input.ts';
import { isRefused } from './verdict-words.ts';

/** Latency and throughput under the load generators. Absent figures say why; without a planned load there are none. */
export function loadFigures(input: ReportInput): KeyFigure[] {
  const sides = sidesOf(input);
  if (!sides.planned('load')) return [];
  return [...latencyFigures(sides), ...saturationFigures(sides)].map((one) =>
    sides.comparison !== null && isRefused(sides.comparison) ? withoutChange(one) : one,
  );
}

/** p95 (the median where a run has too few requests) of the two most requested endpoints in an open model. */
function latencyFigures(sides: Sides): KeyFigure[] {
  const generator = generatorNamed(sides, 'open');
  if (generator === null)
    return [absent('Latency under load', sides, 'no load with arrivals on schedule was run')];
  const after = endpointSummaries(sides.after, generator);
  const before = sides.before === null ? [] : endpointSummaries(sides.before, generator);
  return after.slice(0, 2).map((summary) => {
    const other = before.find(({ endpoint }) => endpoint === summary.endpoint);
    const fewest = Math.min(summary.fewestRequests, other?.fewestRequests ?? summary.fewestRequests);
    const quantile = fewest >= P95_FROM_REQUESTS ? 'p95' : 'p50';
    const field = `${quantile}Ms` as const;
    return figure({
      label: `${summary.endpoint} ${quantile === 'p95' ? 'p95' : 'median'} (${generator})`,
      unit: 'ms',
      before: other?.[field] ?? null,
      after: summary[field],
      timing: timingNamed(
        sides.comparison,
        (metric) => metric === `${summary.endpoint} ${quantile} (${generator})`.toLowerCase(),
      ),
      missing: 'no request was answered',
    });
  });
}

/** Throughput of the first saturated endpoint at its largest number of connections. */
function saturationFigures(sides: Sides): KeyFigure[] {
  const generator = generatorNamed(sides, 'closed');
  if (generator === null) return [absent('Saturation throughput', sides, 'no saturation probe was run')];
  const probes = phaseSummaries(loadsBy(sides.after, generator)).filter(({ endpoint }) => endpoint !== null);
  const first = probes
    .filter(({ endpoint }) => endpoint === probes[0]?.endpoint)
    .toSorted((a, b) => (b.concurrency ?? 0) - (a.concurrency ?? 0))[0];
  if (first === undefined) return [absent('Saturation throughput', sides, 'no endpoint was saturated')];
  const other =
    sides.before === null
      ? undefined
      : phaseSummaries(loadsBy(sides.before, generator)).find(({ name }) => name === first.name);
  return [
    figure({
      label: `${first.endpoint} saturated (${generator}${first.concurrency === null ? '' : `, ${first.concurrency} connections`})`,
      unit: 'requests/s',
      higherIsBetter: true,
      before: other?.throughputPerSecond ?? null,
      after: first.throughputPerSecond,
      timing: timingNamed(
        sides.comparison,
        (metric) => metric === `${first.name} throughput (${generator})`.toLowerCase(),
      ),
      missing: 'nothing was answered',
    }),
  ];
}

function generatorNamed({ before, after }: Sides, model: 'open' | 'closed'): GeneratorName | null {
  const groups = before === null ? [after] : [after, before];
  return generatorsOf(groups).find((generator) => generator.model === model)?.name ?? null;
}
