import type { TopLevelSpec } from 'vega-lite';
import { formatPercentTick } from '../../change.ts';
import { formatShare, SHARE_AXIS_LABEL } from '../../quantity.ts';
import type { FinalMetric } from '../../week-record.ts';
import { beforeAfter, finalVerdict, lowerFirst } from '../week/final-verdict.ts';
import { outcomeLook } from '../week/outcome-look.ts';
import { type Chart, isNarrow, type SpecPart } from './chart.ts';
import { contextLine } from './context.ts';
import { INK } from './palette.ts';
import { themed } from './theme.ts';

type Measured = FinalMetric & { readonly ratio: number };

/** What is left of each final metric, as a share of before, with its goal. `null` when none has such a share. */
export function finalMetricsChart(metrics: readonly FinalMetric[], context: string): Chart | null {
  const shown = metrics.filter((metric): metric is Measured => metric.ratio !== null);
  if (shown.length === 0) return null;
  const left = metrics.filter(({ ratio }) => ratio === null);
  return {
    name: 'final-metrics',
    finding: metricsFinding(metrics, shown),
    context: contextLine(
      context,
      left.length === 0
        ? null
        : `not drawn, for it has no share of before: ${left.map(titleText).join(', ')}`,
    ),
    reading:
      'A bar is what is left, as a share of before; the shorter, the better. The upright line is the goal: a bar that ends left of it passes. The thin line at the end of a time is its interval.',
    draw: (widthPx) => drawMetrics(shown, widthPx),
  };
}

function titleText(metric: FinalMetric): string {
  const values = beforeAfter(metric);
  return `${lowerFirst(metric.title)}${values === null ? '' : ` (${values})`}`;
}

function metricsFinding(metrics: readonly FinalMetric[], shown: readonly Measured[]): string {
  const verdict = finalVerdict(metrics);
  const [first] = shown;
  if (first === undefined || metrics.some(({ outcome }) => outcome !== 'pass')) return verdict;
  const goal = first.goalRatio === null ? '' : `, the goal is ${formatShare(first.goalRatio)}`;
  return `${verdict}: ${lowerFirst(first.title)} is ${formatShare(first.ratio)} of what it was${goal}`;
}

function metricRow(metric: Measured, row: number): SpecPart {
  const look = outcomeLook(metric.outcome);
  const said = `${formatPercentTick(metric.ratio)}, ${metric.goalRatio === null ? `goal ${metric.goal}` : `goal ${formatPercentTick(metric.goalRatio)}`}`;
  return {
    row,
    title: metric.title,
    values: beforeAfter(metric) ?? '',
    left: metric.ratio,
    low: metric.low,
    high: metric.high,
    goal: metric.goalRatio,
    colour: look.light,
    outcome: `${look.sign} ${look.word}`,
    said,
  };
}

function drawMetrics(shown: readonly Measured[], widthPx: number): TopLevelSpec {
  const narrow = isNarrow(widthPx);
  const values = shown.map(metricRow);
  const width = narrow ? widthPx - 56 : widthPx - 36 - 190 - 170;
  const end = Math.max(1, ...shown.flatMap(({ ratio, high }) => [ratio, high ?? 0]));
  return themed(widthPx, {
    data: { values },
    width,
    height: { step: narrow ? 80 : 52 },
    encoding: {
      y: { field: 'row', type: 'ordinal', axis: null, scale: { padding: 0.2 } },
      x: {
        field: 'left',
        type: 'quantitative',
        scale: { domain: [0, end], nice: false },
        axis: { title: 'what is left of before', labelExpr: SHARE_AXIS_LABEL, tickCount: narrow ? 4 : 6 },
      },
    },
    layer: [
      {
        mark: { type: 'bar', color: INK.band.light, height: 18 },
        encoding: { x: { datum: 0 }, x2: { datum: 1 } },
      },
      {
        mark: { type: 'bar', height: 18 },
        encoding: { color: { field: 'colour', type: 'nominal', scale: null } },
      },
      {
        transform: [{ filter: 'isValid(datum.low)' }],
        mark: { type: 'rule', color: INK.strong.light, strokeWidth: 2 },
        encoding: { x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
      },
      {
        transform: [{ filter: 'isValid(datum.goal)' }],
        mark: { type: 'tick', color: INK.strong.light, thickness: 3, size: 32, opacity: 1 },
        encoding: { x: { field: 'goal', type: 'quantitative' } },
      },
      ...(narrow ? narrowTexts(width) : wideTexts(width)),
    ],
  });
}

function text(field: string, mark: SpecPart, coloured = false): SpecPart {
  const ink = coloured ? { color: { field: 'colour', type: 'nominal', scale: null } } : {};
  return {
    mark: { type: 'text', baseline: 'middle', align: 'left', ...mark },
    encoding: { text: { field }, x: { value: 0 }, ...ink },
  };
}

function wideTexts(width: number): SpecPart[] {
  return [
    text('title', { xOffset: -14, dy: -8, align: 'right', fontSize: 12, fontWeight: 'bold' }),
    text('values', { xOffset: -14, dy: 8, align: 'right', color: INK.soft.light }),
    text('outcome', { xOffset: width + 16, dy: -8, fontSize: 12, fontWeight: 'bold' }, true),
    text('said', { xOffset: width + 16, dy: 8, color: INK.soft.light }),
  ];
}

function narrowTexts(width: number): SpecPart[] {
  return [
    text('title', { dy: -24, fontWeight: 'bold' }),
    text('outcome', { xOffset: width, dy: -24, align: 'right', fontWeight: 'bold' }, true),
    text('values', { dy: 24, color: INK.soft.light }),
    text('said', { xOffset: width, dy: 24, align: 'right', color: INK.soft.light }),
  ];
}
