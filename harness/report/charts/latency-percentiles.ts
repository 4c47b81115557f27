import type { LoadReport, PercentilePoint } from '../../result.ts';
import { DURATION_AXIS_LABEL, formatDuration, shorten } from '../quantity.ts';
import { type Chart, isNarrow, type SpecPart } from './chart.ts';
import { contextLine, generatorContext } from './context.ts';
import { logAxis } from './log-ticks.ts';
import type { VariantStyle } from './palette.ts';
import { POINT_LEGEND, panelTitle, themed, variantColour, variantDash, variantShape } from './theme.ts';

/** The latency of one endpoint in one variant. */
export interface LatencyLine {
  variant: string;
  /** Median over runs at each quantile. */
  merged: readonly PercentilePoint[];
  /** One thin line a run; empty for a single run. */
  runs: readonly (readonly PercentilePoint[])[];
  /** `null` when nothing was answered. */
  p50Ms: number | null;
  p95Ms: number | null;
  /** Requests of the run that has fewest. */
  fewestRequests: number;
}

export interface LatencyPanel {
  endpoint: string;
  lines: readonly LatencyLine[];
}

export interface LatencyPercentilesData {
  panels: readonly LatencyPanel[];
  styles: ReadonlyMap<string, VariantStyle>;
  report: Pick<LoadReport, 'generator' | 'model'>;
  context: string;
  /** Arrivals that were dropped: above 0 the latency is censored, and the chart says so. */
  droppedIterations: number;
  /** Endpoints that were measured, of which the panels are the most requested. */
  endpointCount: number;
  /** First and last variant of the finding; the same for a single run. */
  baseline: string;
  candidate: string;
}

/** Percentiles on the axis, by 1 ÷ (1 − q). */
const MARKED = [
  { inverse: 2, label: '50 %' },
  { inverse: 10, label: '90 %' },
  { inverse: 100, label: '99 %' },
  { inverse: 1000, label: '99.9 %' },
  { inverse: 10_000, label: '99.99 %' },
];

/** A letter of a panel's title, generously. */
const LETTER_PX = 7.8;

/** The axis spends a tenth of its length on the fastest half, so the curve begins where it can be read. */
const FROM_QUANTILE = 0.1;

/** Latency by percentile, one panel an endpoint. `null` when no endpoint has a percentile to draw. */
export function latencyPercentilesChart(data: LatencyPercentilesData): Chart | null {
  const rows = data.panels.flatMap((panel, index) => panelRows(panel, index));
  if (rows.length === 0) return null;
  return {
    name: 'latency-percentiles',
    finding: latencyFinding(data),
    context: contextLine(
      data.context,
      `${generatorContext(data.report)}; service time`,
      data.panels.length < data.endpointCount
        ? `the ${data.panels.length} most requested of ${data.endpointCount} endpoints`
        : null,
      data.droppedIterations > 0
        ? `censored: ${data.droppedIterations} arrivals were dropped and have no latency`
        : null,
    ),
    reading:
      'Further right is rarer: at 99 % one request in a hundred took longer. Lower is better. Thick lines are medians over the runs, thin lines single runs.',
    draw: (widthPx) => drawPanels(data, rows, widthPx),
  };
}

/** Below this many requests in a run, p95 is little more than the slowest of them. */
export const P95_FROM_REQUESTS = 20;

/** What the finding is told by: p95 where every run has requests enough for it, else the median. */
function statisticFor(panels: readonly LatencyPanel[]): {
  word: string;
  of(line: LatencyLine): number | null;
} {
  const enough = panels.every(({ lines }) =>
    lines.every(({ fewestRequests }) => fewestRequests >= P95_FROM_REQUESTS),
  );
  return enough ? { word: 'p95', of: (line) => line.p95Ms } : { word: 'median', of: (line) => line.p50Ms };
}

function latencyFinding({ panels, baseline, candidate }: LatencyPercentilesData): string {
  const { word, of } = statisticFor(panels);
  if (baseline === candidate) return singleFinding(panels);
  const ratios = panels.flatMap(({ endpoint, lines }) => {
    const line = (variant: string) => lines.find((one) => one.variant === variant);
    const before = of(line(baseline) ?? NO_LINE);
    const after = of(line(candidate) ?? NO_LINE);
    return before === null || after === null || before === 0
      ? []
      : [{ endpoint, before, after, ratio: after / before }];
  });
  const [only] = ratios;
  if (only === undefined) return `Latency of ${baseline} and ${candidate} cannot be set side by side`;
  if (ratios.length === 1) {
    return `${only.endpoint}: ${word} is ${formatDuration(only.after, 2)} in ${candidate}, ${formatDuration(only.before, 2)} in ${baseline}`;
  }
  const lower = ratios.filter(({ ratio }) => ratio < 0.95);
  const higher = ratios.filter(({ ratio }) => ratio > 1.05);
  if (lower.length === ratios.length)
    return `${candidate} has a lower ${word} at all ${ratios.length} endpoints${spread(ratios)}`;
  if (higher.length === ratios.length)
    return `${candidate} has a higher ${word} at all ${ratios.length} endpoints`;
  if (lower.length + higher.length === 0)
    return `${capital(word)} stays within 5 % at all ${ratios.length} endpoints`;
  return `${capital(word)} in ${candidate}: lower at ${lower.length}, higher at ${higher.length}, within 5 % at ${
    ratios.length - lower.length - higher.length
  } of ${ratios.length} endpoints`;
}

const NO_LINE: LatencyLine = {
  variant: '',
  merged: [],
  runs: [],
  p50Ms: null,
  p95Ms: null,
  fewestRequests: 0,
};

function spread(ratios: readonly { ratio: number }[]): string {
  const factors = ratios.map(({ ratio }) => 1 / ratio).sort((a, b) => a - b);
  const least = factors[0] as number;
  const most = factors.at(-1) as number;
  if (least < 1.25) return '';
  const [from, to] = [least, most].map((factor) => factor.toFixed(factor < 10 ? 1 : 0));
  return from === to ? `: ${from} times lower` : `: ${from} to ${to} times lower`;
}

function singleFinding(panels: readonly LatencyPanel[]): string {
  const { word, of } = statisticFor(panels);
  const measured = panels
    .flatMap(({ endpoint, lines }) => lines.map((line) => ({ endpoint, ms: of(line) })))
    .filter((row): row is { endpoint: string; ms: number } => row.ms !== null)
    .sort((a, b) => b.ms - a.ms);
  const slowest = measured[0];
  const fastest = measured.at(-1);
  if (slowest === undefined || fastest === undefined) return 'No request was answered';
  if (measured.length === 1) return `${slowest.endpoint}: ${word} is ${formatDuration(slowest.ms, 2)}`;
  return `${capital(word)} runs from ${formatDuration(fastest.ms, 2)} (${fastest.endpoint}) to ${formatDuration(slowest.ms, 2)} (${slowest.endpoint})`;
}

function capital(word: string): string {
  return word === 'median' ? 'Median' : word;
}

interface Row {
  panel: number;
  variant: string;
  run: string;
  inverse: number;
  ms: number;
}

function panelRows({ lines }: LatencyPanel, panel: number): Row[] {
  return lines
    .flatMap(({ variant, merged, runs }) => [
      ...merged.map((point) => ({ variant, run: 'merged', point })),
      ...runs.flatMap((points, run) => points.map((point) => ({ variant, run: `run ${run}`, point }))),
    ])
    .filter(({ point }) => point.quantile >= FROM_QUANTILE)
    .map(({ variant, run, point }) => toRow(panel, variant, run, point));
}

function toRow(panel: number, variant: string, run: string, { quantile, ms }: PercentilePoint): Row {
  return { panel, variant, run, inverse: Number((1 / (1 - quantile)).toPrecision(6)), ms };
}

function drawPanels(data: LatencyPercentilesData, rows: readonly Row[], widthPx: number) {
  const columns = isNarrow(widthPx) ? 1 : data.panels.length === 1 ? 1 : data.panels.length === 2 ? 2 : 3;
  const most = rows.reduce((largest, { inverse }) => Math.max(largest, inverse), 2);
  const marked = MARKED.filter(({ inverse }) => inverse <= most * 1.001);
  const panelPx = Math.floor((widthPx - 36) / columns - 76);
  const y = logAxis(
    rows.map(({ ms }) => ms),
    7,
  );
  return themed(widthPx, {
    data: { values: rows },
    columns,
    concat: data.panels.map((panel, index) =>
      drawPanel({
        title: panelName(panel.endpoint, Math.floor((panelPx + 40) / LETTER_PX)),
        index,
        panelPx,
        marked,
        most,
        y,
        styles: data.styles,
        lowest: index >= data.panels.length - columns,
      }),
    ),
  });
}

/** The endpoint, without leading parts of its path when it is longer than its panel. */
export function panelName(endpoint: string, limit: number): string {
  if (endpoint.length <= limit) return endpoint;
  const [method = '', path = ''] = endpoint.split(' ', 2);
  const parts = path.split('/').filter((part) => part !== '');
  for (let dropped = 1; dropped < parts.length; dropped += 1) {
    const name = `${method} …/${parts.slice(dropped).join('/')}`;
    if (name.length <= limit) return name;
  }
  return shorten(endpoint, limit);
}

interface PanelShape {
  title: string;
  index: number;
  panelPx: number;
  marked: readonly { inverse: number; label: string }[];
  most: number;
  y: ReturnType<typeof logAxis>;
  styles: ReadonlyMap<string, VariantStyle>;
  /** In the last row, where the axis has its title. */
  lowest: boolean;
}

function drawPanel({ title, index, panelPx, marked, most, y, styles, lowest }: PanelShape): SpecPart {
  const labels = marked.map(({ inverse, label }) => `datum.value === ${inverse} ? '${label}'`).join(' : ');
  const legend = styles.size > 1 ? POINT_LEGEND : null;
  const merged = { filter: "datum.run === 'merged'" };
  return {
    title: panelTitle(title),
    width: panelPx,
    height: 150,
    transform: [{ filter: `datum.panel === ${index}` }],
    encoding: {
      x: {
        field: 'inverse',
        type: 'quantitative',
        scale: { type: 'log', domain: [1, Math.max(10, most)] },
        axis: {
          title: lowest ? 'percentile of requests' : null,
          values: marked.map(({ inverse }) => inverse),
          labelExpr: `${labels} : ''`,
          labelOverlap: 'greedy',
          labelFlush: false,
        },
      },
      y: {
        field: 'ms',
        type: 'quantitative',
        scale: { type: 'log', domain: y.domain },
        axis: { title: null, values: y.ticks, labelExpr: DURATION_AXIS_LABEL },
      },
      color: variantColour(styles, legend),
    },
    layer: [
      {
        transform: [{ filter: "datum.run !== 'merged'" }],
        mark: { type: 'line', strokeWidth: 1, opacity: 0.22 },
        encoding: { detail: { field: 'run' } },
      },
      {
        transform: [merged],
        mark: { type: 'line', strokeWidth: 2.5 },
        encoding: { strokeDash: variantDash(styles, legend) },
      },
      {
        transform: [
          merged,
          { filter: `indexof([${marked.map(({ inverse }) => inverse)}], datum.inverse) >= 0` },
        ],
        mark: { type: 'point', filled: true, size: 60, opacity: 1 },
        encoding: { shape: variantShape(styles, legend) },
      },
    ],
  };
}
