import { formatChange, formatChangeInterval } from '../../change.ts';
import { countOf } from '../../quantity.ts';
import { type DatedRatio, type RatioSeries, rebaselines } from '../ratio-series.ts';
import { levelText } from '../verdict-sentence.ts';
import { type Chart, isNarrow, type SpecPart } from './chart.ts';
import { contextLine } from './context.ts';
import { INK, variantStyles } from './palette.ts';
import { type RatioAxis, ratioAxis } from './ratio-axis.ts';
import { themed } from './theme.ts';

/** The ratio of one comparison over the experiments that made it. Ratios hold across machines; times would not. */
export function ratioOverTimeChart(series: RatioSeries, name: string): Chart {
  const { points } = series;
  const levels = [...new Set(points.flatMap(({ level }) => level ?? []))].sort((a, b) => a - b);
  const pairs = points.map((point) => point.pairs);
  const [fewest, most] = [Math.min(...pairs), Math.max(...pairs)];
  const changes = rebaselines(points);
  return {
    name,
    finding: ratioFinding(series),
    context: contextLine(
      countOf(points.length, 'experiment'),
      `${fewest === most ? countOf(most, 'pair') : `${fewest} to ${most} pairs`} each`,
      levels.length === 0
        ? 'too few pairs for intervals'
        : `exact intervals at ${levels.map(levelText).join(' and ')}`,
      changes.length === 0 ? 'one machine, one dataset' : null,
    ),
    reading:
      'A point an experiment: candidate ÷ baseline, both measured in it, so that another machine does not move it. The block is its interval, “same” the line of no change, a dashed line where machine or dataset are others.',
    draw: (widthPx) => drawRatios(series, widthPx),
  };
}

function ratioFinding({ scenario, baseline, candidate, metric, points }: RatioSeries): string {
  const newest = points.at(-1) as DatedRatio;
  const ratios = points.map(({ ratio }) => ratio);
  const range = formatChangeInterval(Math.min(...ratios), Math.max(...ratios), newest);
  return `${candidate} against ${baseline} under ${scenario}: ${metric} ${formatChange(newest.ratio, newest)} in the newest of ${points.length} experiments, ${range} over all`;
}

function drawRatios({ candidate, points }: RatioSeries, widthPx: number) {
  const narrow = isNarrow(widthPx);
  const axis = ratioAxis(
    points.flatMap(({ ratio, low, high }) => [ratio, low ?? ratio, high ?? ratio]),
    6,
  );
  const colour = variantStyles([candidate]).get(candidate)?.colour.light ?? INK.strong.light;
  const y = verticalChannel(axis);
  return themed(widthPx, {
    data: { values: points.map(({ startedAt, ratio, low, high }) => ({ startedAt, ratio, low, high })) },
    width: widthPx - 36 - 62,
    height: 220,
    encoding: { x: timeChannel(narrow) },
    layer: [
      {
        transform: [{ filter: 'isValid(datum.low)' }],
        mark: { type: 'area', color: colour, opacity: 0.16 },
        encoding: { y: { field: 'low', ...y }, y2: { field: 'high' } },
      },
      {
        mark: { type: 'rule', color: INK.soft.light, strokeWidth: 1 },
        encoding: { x: null, y: { datum: 1, ...y } },
      },
      ...rebaselineMarks(points),
      {
        mark: { type: 'line', color: colour, strokeWidth: 2 },
        encoding: { y: { field: 'ratio', ...y } },
      },
      {
        mark: { type: 'point', filled: true, size: 60, opacity: 1, color: colour },
        encoding: { y: { field: 'ratio', ...y } },
      },
    ],
  });
}

function timeChannel(narrow: boolean): SpecPart {
  return {
    field: 'startedAt',
    type: 'temporal',
    scale: { type: 'utc', nice: false, padding: 14 },
    axis: {
      title: 'start of the experiment, UTC',
      tickCount: narrow ? 3 : 7,
      grid: false,
      labelOverlap: 'greedy',
      // As every other time of a report is written; Vega's own hours go to 12.
      format: {
        ...{ year: '%Y', quarter: '%b %Y', month: '%b %Y', week: '%-d %b', date: '%-d %b', day: '%-d %b' },
        ...{ hours: '%H:%M', minutes: '%H:%M', seconds: '%H:%M:%S', milliseconds: '%H:%M:%S.%L' },
      },
    },
  };
}

function verticalChannel(axis: RatioAxis): SpecPart {
  return {
    type: 'quantitative',
    scale: { type: 'log', domain: axis.domain, nice: false },
    axis: { title: null, values: axis.ticks, labelExpr: axis.labelExpr },
  };
}

/** From this share of the time on, a label stands left of its line, so that it stays inside the drawing. */
const LABEL_LEFT_FROM = 0.6;

const LINE_PX = 15;

function rebaselineMarks(points: readonly DatedRatio[]): SpecPart[] {
  const changes = rebaselines(points);
  if (changes.length === 0) return [];
  const times = points.map(({ startedAt }) => Date.parse(startedAt));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const share = (startedAt: string) => (Date.parse(startedAt) - first) / Math.max(1, last - first);
  // Neighbours stand on different lines, so that their words do not run into each other.
  const placed = changes.map((change, index) => ({ ...change, line: 8 + LINE_PX * (index % 3) }));
  const labels = [true, false].flatMap((left): SpecPart[] => {
    const values = placed.filter(({ startedAt }) => share(startedAt) >= LABEL_LEFT_FROM === left);
    return values.length === 0 ? [] : [rebaselineLabels(values, left)];
  });
  return [
    {
      data: { values: changes },
      mark: { type: 'rule', color: INK.soft.light, strokeWidth: 1, strokeDash: [4, 3] },
    },
    ...labels,
  ];
}

function rebaselineLabels(values: readonly SpecPart[], left: boolean): SpecPart {
  return {
    data: { values },
    mark: { type: 'text', align: left ? 'right' : 'left', dx: left ? -5 : 5, color: INK.soft.light },
    encoding: {
      y: { field: 'line', type: 'quantitative', scale: null, axis: null },
      text: { field: 'label' },
    },
  };
}
