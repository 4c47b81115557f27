import { DURATION_AXIS_LABEL, formatDuration, formatRate, formatShare } from '../../quantity.ts';
import type { LoadReport } from '../../result.ts';
import { median } from '../dispatch-summary.ts';
import type { SeriesBin } from '../load-summary.ts';
import { type Chart, isNarrow, type SpecPart } from './chart.ts';
import { contextLine, generatorContext } from './context.ts';
import { P95_FROM_REQUESTS } from './latency-finding.ts';
import { logAxis } from './log-ticks.ts';
import type { VariantStyle } from './palette.ts';
import { panelTitle, themed, variantColour, variantDash } from './theme.ts';

/** The load on one variant, second by second. */
export interface TimeLine {
  variant: string;
  bins: readonly SeriesBin[];
  /** Over the whole load: median over runs, requests answered without error per second. */
  throughputPerSecond: number;
  errorRatio: number;
}

/** What the latency of a bin is told by: p95 where bins hold requests enough for it, else the median. */
interface Statistic {
  word: 'p95' | 'median';
  field: 'p95Ms' | 'p50Ms';
}

function statisticFor({ lines, secondsPerBin }: LoadOverTimeData): Statistic {
  const perBin = lines.map(({ throughputPerSecond }) => throughputPerSecond * secondsPerBin);
  return Math.min(...perBin) >= P95_FROM_REQUESTS
    ? { word: 'p95', field: 'p95Ms' }
    : { word: 'median', field: 'p50Ms' };
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

/** Throughput, latency and errors over time. `null` when there is no series of at least two points. */
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
      'Upper panel: requests per second, errors included. Below it: service time of the requests answered in each interval.',
    draw: (widthPx) => drawTimeLines(data, anyError, widthPx),
  };
}

function overTimeFinding(data: LoadOverTimeData): string {
  const { lines, baseline, candidate } = data;
  const after = lines.find((line) => line.variant === candidate);
  const before = lines.find((line) => line.variant === baseline);
  if (after === undefined) return 'Throughput and latency over time';
  const { word, field } = statisticFor(data);
  const latencyOf = ({ bins }: TimeLine) => median(bins.flatMap((bin) => bin[field] ?? []));
  const [afterMs, beforeMs] = [latencyOf(after), before === undefined ? null : latencyOf(before)];
  const throughput = formatRate(after.throughputPerSecond);
  const errors = after.errorRatio > 0 ? `, ${formatShare(after.errorRatio)} errors` : '';
  if (afterMs === null) return `${candidate} answered nothing${errors}`;
  const said = formatDuration(afterMs, 2);
  if (before === undefined || before === after || beforeMs === null) {
    return `${candidate} answers ${throughput} with a ${word} of ${said}${errors}`;
  }
  const beforeSaid = formatDuration(beforeMs, 2);
  const equalRate = Math.abs(after.throughputPerSecond / before.throughputPerSecond - 1) < 0.05;
  return equalRate
    ? `At ${throughput} ${word} latency is ${said} in ${candidate} and ${beforeSaid} in ${baseline}${errors}`
    : `${candidate} answers ${throughput} with a ${word} of ${said}${errors}; ${baseline} answers ${formatRate(before.throughputPerSecond)} with ${beforeSaid}`;
}

function drawTimeLines(data: LoadOverTimeData, anyError: boolean, widthPx: number) {
  const values = data.lines.flatMap(({ variant, bins }) => bins.map((bin) => ({ variant, ...bin })));
  const { word, field } = statisticFor(data);
  const width = widthPx - 36 - 52;
  const latency = logAxis(
    values.flatMap((value) => value[field] ?? []),
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
          tickMinStep: 1,
          format: 'd',
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
      title: `${word === 'p95' ? word : 'Median'} latency (log scale)`,
      y: {
        field,
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
