import { DURATION_AXIS_LABEL, formatCount, formatDuration } from '../../quantity.ts';
import { type Chart, isNarrow, type SpecPart } from './chart.ts';
import { contextLine } from './context.ts';
import { logAxis } from './log-ticks.ts';
import { INK, type VariantStyle } from './palette.ts';
import { POINT_LEGEND, panelTitle, themed, variantColour, variantDash, variantShape } from './theme.ts';

/** A step of the load with one asked rate. */
export interface StressStep {
  readonly targetRatePerSecond: number | null;
  readonly throughputPerSecond: number;
  readonly p95Ms: number | null;
  readonly errors: number;
}

export interface StressStepsData {
  /** Steps of each variant, in the order they ran. */
  lines: readonly { variant: string; steps: readonly StressStep[] }[];
  styles: ReadonlyMap<string, VariantStyle>;
  context: string;
  baseline: string;
  candidate: string;
}

/** Asked and answered rate and p95 by step of an open model. `null` below two steps with an asked rate. */
export function stressStepsChart(data: StressStepsData): Chart | null {
  const lines = data.lines.map(({ variant, steps }) => ({
    variant,
    steps: steps.filter(({ targetRatePerSecond }) => targetRatePerSecond !== null),
  }));
  if (!lines.some(({ steps }) => steps.length > 1)) return null;
  const asked = { ...data, lines };
  const anyError = lines.some(({ steps }) => steps.some(({ errors }) => errors > 0));
  return {
    name: 'stress-steps',
    finding: stepsFinding(asked),
    context: contextLine(
      data.context,
      'asked counts iterations, answered counts requests: one iteration may send several',
      anyError ? null : 'no errors',
    ),
    reading:
      'Steps from left to right as they ran. Where the answered rate stops following the asked one, the limit is passed.',
    draw: (widthPx) => drawSteps(asked, anyError, widthPx),
  };
}

function highestStep(steps: readonly StressStep[]): StressStep | undefined {
  return steps.toSorted((a, b) => (b.targetRatePerSecond ?? 0) - (a.targetRatePerSecond ?? 0))[0];
}

function stepsFinding({ lines, baseline, candidate }: StressStepsData): string {
  const topOf = (variant: string) => highestStep(lines.find((line) => line.variant === variant)?.steps ?? []);
  const after = topOf(candidate);
  const before = topOf(baseline);
  if (after === undefined) return 'Rate and latency by step';
  const said = (step: StressStep) =>
    step.p95Ms === null ? 'nothing was answered' : `p95 is ${formatDuration(step.p95Ms, 2)}`;
  const start = `Asked for ${formatCount(after.targetRatePerSecond ?? 0)} iterations/s`;
  if (before === undefined || candidate === baseline) {
    return `${start}, ${candidate} answers ${formatCount(Math.round(after.throughputPerSecond))} requests/s; ${said(after)}`;
  }
  return `${start}, ${said(after)} in ${candidate}; ${said(before)} in ${baseline}`;
}

function drawSteps({ lines, styles }: StressStepsData, anyError: boolean, widthPx: number) {
  const values = lines.flatMap(({ variant, steps }) =>
    steps.map((step, index) => ({ ...step, variant, index })),
  );
  const longest = lines.toSorted((a, b) => b.steps.length - a.steps.length)[0]?.steps ?? [];
  const labels = JSON.stringify(longest.map((step) => formatCount(step.targetRatePerSecond ?? 0)));
  const asked = longest.map((step, index) => ({ index, asked: step.targetRatePerSecond }));
  const latency = logAxis(
    values.flatMap(({ p95Ms }) => (p95Ms === null ? [] : [p95Ms])),
    6,
  );
  const legend = styles.size > 1 ? POINT_LEGEND : null;
  const narrow = isNarrow(widthPx);
  const plotPx = widthPx - 36 - 52;
  const panel = (shape: {
    title: string;
    y: SpecPart;
    last: boolean;
    height: number;
    first?: SpecPart[];
  }): SpecPart => ({
    title: panelTitle(shape.title),
    width: plotPx,
    height: shape.height,
    encoding: {
      x: {
        field: 'index',
        type: 'ordinal',
        scale: { type: 'point', padding: 0.4 },
        axis: {
          title: shape.last ? 'asked iterations per second, step by step' : null,
          labelExpr: `${labels}[datum.value]`,
          labelAngle: 0,
          labelOverlap: narrow ? 'greedy' : false,
        },
      },
    },
    layer: [
      ...(shape.first ?? []),
      {
        mark: { type: 'line', strokeWidth: 2.5 },
        encoding: {
          y: shape.y,
          color: variantColour(styles, legend),
          strokeDash: variantDash(styles, legend),
        },
      },
      {
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: { y: shape.y, color: variantColour(styles, legend), shape: variantShape(styles, legend) },
      },
    ],
  });
  const linear = (field: string, tickCount = 5): SpecPart => ({
    field,
    type: 'quantitative',
    scale: { zero: true },
    axis: { title: null, tickCount, format: '~s' },
  });
  const panels = [
    panel({
      title: narrow
        ? 'Answered requests/s (grey: asked)'
        : 'Answered requests per second; the grey blocks are the asked iterations',
      y: linear('throughputPerSecond'),
      last: false,
      height: 160,
      first: [
        {
          data: { values: asked },
          mark: { type: 'bar', color: INK.grid.light, width: Math.floor((0.82 * plotPx) / longest.length) },
          encoding: { y: { ...linear('asked') } },
        },
      ],
    }),
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
  const errors = panel({ title: 'Errors in the step', y: linear('errors', 3), last: true, height: 70 });
  return themed(widthPx, { data: { values }, vconcat: anyError ? [...panels, errors] : panels });
}
