import type { LoadReport } from '../../result.ts';
import type { SeriesBin } from '../load-summary.ts';
import { DURATION_AXIS_LABEL, formatDuration, formatRate, formatShare } from '../quantity.ts';
import { type Chart, isNarrow, type SpecPart } from './chart.ts';
import { contextLine, generatorContext } from './context.ts';
import { logAxis } from './log-ticks.ts';
import type { VariantStyle } from './palette.ts';
import { panelTitle, themed, variantColour, variantDash } from './theme.ts';

/** The load on one variant, second by second. */
export interface TimeLine {
  variant: string;
  bins: readonly SeriesBin[];
  /** Over the whole load: median over runs, requests answered without error per second. */
  throughputPerSecond: number;
  /** Median over runs of the p95 of each bin; `null` when nothing was answered. */
  p95Ms: number | null;
  errorRatio: number;
}

export interface LoadOverTimeData {
  lines: readonly TimeLine[];
  styles: ReadonlyMap<string, VariantStyle>;
  report: Pick<LoadReport, 'generator' | 'model'>;
  secondsPerBin: number;
  context: string;
  baseline: string;
  candidate: string;
}

/** Throughput, p95 and errors over time. `null` when there is no series of at least two points. */
export function loadOverTimeChart(data: LoadOverTimeData): Chart | null {
  if (!data.lines.some(({ bins }) => bins.length > 1)) return null;
  const anyError = data.lines.some(({ bins }) => bins.some((bin) => bin.errorsPerSecond > 0));
  return {
    name: `over-time-${data.report.generator}`,
    finding: overTimeFinding(data),
    context: contextLine(
      data.context,
      generatorContext(data.report),
      `one point: ${data.secondsPerBin} s, median over runs`,
      anyError ? null : 'no errors',
    ),
    reading:
      'Upper panel: requests per second, errors included. Lower panel: 95th percentile of the service time in each interval.',
    draw: (widthPx) => drawTimeLines(data, anyError, widthPx),
  };
}

function overTimeFinding({ lines, baseline, candidate }: LoadOverTimeData): string {
  const after = lines.find((line) => line.variant === candidate);
  const before = lines.find((line) => line.variant === baseline);
  if (after === undefined) return 'Throughput and latency over time';
  const throughput = formatRate(after.throughputPerSecond);
  const errors = after.errorRatio > 0 ? `, ${formatShare(after.errorRatio)} errors` : '';
  if (after.p95Ms === null) return `${candidate} answered nothing${errors}`;
  const p95 = formatDuration(after.p95Ms, 2);
  if (before === undefined || before === after || before.p95Ms === null) {
    return `${candidate} answers ${throughput} with a p95 of ${p95}${errors}`;
  }
  const beforeP95 = formatDuration(before.p95Ms, 2);
  const equalRate = Math.abs(after.throughputPerSecond / before.throughputPerSecond - 1) < 0.05;
  return equalRate
    ? `At ${throughput} p95 is ${p95} in ${candidate} and ${beforeP95} in ${baseline}${errors}`
    : `${candidate} answers ${throughput} with a p95 of ${p95}${errors}; ${baseline} answers ${formatRate(before.throughputPerSecond)} with ${beforeP95}`;
}

function drawTimeLines(data: LoadOverTimeData, anyError: boolean, widthPx: number) {
  const values = data.lines.flatMap(({ variant, bins }) => bins.map((bin) => ({ variant, ...bin })));
  const width = widthPx - 36 - 52;
  const latency = logAxis(
    values.flatMap(({ p95Ms }) => (p95Ms === null ? [] : [p95Ms])),
    6,
  );
  const line = { type: 'line', strokeWidth: 2, interpolate: 'linear' };
  const panel = (shape: { title: string; y: SpecPart; last: boolean; height: number }): SpecPart => ({
    title: panelTitle(shape.title),
    width,
    height: shape.height,
    mark: line,
    encoding: {
      x: {
        field: 'second',
        type: 'quantitative',
        scale: { nice: false },
        axis: {
          title: shape.last ? 'seconds since the load began' : null,
          tickCount: isNarrow(widthPx) ? 5 : 10,
          grid: false,
        },
      },
      y: shape.y,
      color: variantColour(data.styles, data.styles.size > 1 ? {} : null),
      strokeDash: variantDash(data.styles, data.styles.size > 1 ? {} : null),
    },
  });
  const perSecond = (field: string): SpecPart => ({
    field,
    type: 'quantitative',
    scale: { zero: true },
    axis: { title: null, tickCount: 4, format: '~s' },
  });
  const panels = [
    panel({ title: 'Requests per second', y: perSecond('requestsPerSecond'), last: false, height: 130 }),
    panel({
      title: 'p95 latency (log scale)',
      y: {
        field: 'p95Ms',
        type: 'quantitative',
        scale: { type: 'log', domain: latency.domain },
        axis: { title: null, values: latency.ticks, labelExpr: DURATION_AXIS_LABEL },
      },
      last: !anyError,
      height: 150,
    }),
  ];
  const errors = panel({
    title: 'Errors per second',
    y: perSecond('errorsPerSecond'),
    last: true,
    height: 70,
  });
  return themed(widthPx, { data: { values }, vconcat: anyError ? [...panels, errors] : panels });
}
