import type { TopLevelSpec } from 'vega-lite';
import { DURATION_AXIS_LABEL, formatCount, formatDuration } from '../../quantity.ts';
import type { GrowthPointFact } from '../../week-record.ts';
import { type Chart, isNarrow, type SpecPart } from './chart.ts';
import { contextLine } from './context.ts';
import { logAxis } from './log-ticks.ts';
import { type VariantStyle, variantStyles } from './palette.ts';
import { POINT_LEGEND, panelTitle, themed, variantColour, variantDash, variantShape } from './theme.ts';

interface Panel {
  readonly title: string;
  readonly axis: string;
  readonly field: 'dispatchMs' | 'queries';
  readonly points: readonly GrowthPointFact[];
}

/** Time and queries of a dispatch against its bookings, and time against history. `null` without a point. */
export function growthChart(points: readonly GrowthPointFact[], context: string): Chart | null {
  if (points.length === 0) return null;
  const bookings = points.filter(({ varied }) => varied === 'bookings');
  const history = points.filter(({ varied }) => varied === 'history');
  const panels: Panel[] = [
    {
      title: 'Time by bookings',
      axis: 'open bookings of a dispatch',
      field: 'dispatchMs' as const,
      points: bookings,
    },
    {
      title: 'Queries by bookings',
      axis: 'open bookings of a dispatch',
      field: 'queries' as const,
      points: bookings,
    },
    {
      title: 'Time by history',
      axis: 'past bookings in the database',
      field: 'dispatchMs' as const,
      points: history,
    },
  ].filter((panel) => panel.points.length > 0);
  const counts = [...new Set(points.map(({ dispatches }) => dispatches))].sort((a, b) => a - b);
  return {
    name: 'growth',
    finding: growthFinding(bookings.length > 0 ? bookings : history),
    context: contextLine(context, dispatchesText(counts)),
    reading:
      'Both axes are logarithmic. A line that rises tenfold while the size does so too grows in proportion; a flat one does not grow.',
    draw: (widthPx) => drawPanels(panels, widthPx),
  };
}

/** "1 dispatch at each size, alone", "medians of 2 dispatches at each size, each alone" */
function dispatchesText(counts: readonly number[]): string {
  return counts.every((count) => count === 1)
    ? '1 dispatch at each size, alone'
    : `medians of ${counts.map(formatCount).join(' or ')} dispatches at each size, each alone`;
}

/** What the two ends of the lines say, of the first variant and the last, at sizes that both were measured at. */
function growthFinding(points: readonly GrowthPointFact[]): string {
  const variants = [...new Set(points.map(({ variant }) => variant))];
  const told = variants.length === 1 ? variants : [variants[0] as string, variants.at(-1) as string];
  const shared = points
    .filter(({ size }) =>
      told.every((name) => points.some((one) => one.variant === name && one.size === size)),
    )
    .toSorted((a, b) => a.size - b.size);
  const [least, most] = [shared[0], shared.at(-1)];
  if (least === undefined || most === undefined) return 'How a dispatch grows';
  const noun = most.varied === 'bookings' ? 'bookings' : 'past bookings';
  const lines = told.map((variant) => endsText(shared.filter((point) => point.variant === variant)));
  return `From ${formatCount(least.size)} to ${formatCount(most.size)} ${noun}, ${lines.join('; ')}`;
}

function endsText(line: readonly GrowthPointFact[]): string {
  const [first, last] = [line[0] as GrowthPointFact, line.at(-1) as GrowthPointFact];
  const time = `${formatDuration(first.dispatchMs, 2)} → ${formatDuration(last.dispatchMs, 2)}`;
  const queries =
    first.queries === last.queries
      ? `always ${formatCount(last.queries)} queries`
      : `${formatCount(first.queries)} → ${formatCount(last.queries)} queries`;
  return `${last.variant}: ${time}, ${queries}`;
}

function drawPanels(panels: readonly Panel[], widthPx: number): TopLevelSpec {
  const columns = isNarrow(widthPx) ? 1 : panels.length;
  const panelPx = Math.floor((widthPx - 36 - (columns - 1) * 22) / columns - 56);
  const styles = variantStyles([
    ...new Set(panels.flatMap(({ points }) => points.map((one) => one.variant))),
  ]);
  const times = panels.filter(({ field }) => field === 'dispatchMs').flatMap(({ points }) => points);
  const time = logAxis(
    times.map(({ dispatchMs }) => dispatchMs),
    7,
  );
  return themed(widthPx, {
    columns,
    concat: panels.map((panel) => drawPanel(panel, { panelPx, styles, time })),
  });
}

interface PanelLook {
  readonly panelPx: number;
  readonly styles: ReadonlyMap<string, VariantStyle>;
  readonly time: ReturnType<typeof logAxis>;
}

function drawPanel({ title, axis, field, points }: Panel, { panelPx, styles, time }: PanelLook): SpecPart {
  const counts = logAxis(
    points.map(({ queries }) => queries),
    6,
  );
  const sizes = logAxis(
    points.map(({ size }) => size),
    5,
  );
  const legend = styles.size > 1 ? POINT_LEGEND : null;
  const timed = field === 'dispatchMs';
  return {
    title: panelTitle(title),
    width: panelPx,
    height: 210,
    data: { values: points },
    encoding: {
      x: logChannel('size', sizes, { title: axis, format: '~s' }),
      y: logChannel(
        field,
        timed ? time : counts,
        timed ? { title: null, labelExpr: DURATION_AXIS_LABEL } : { title: null, format: ',d' },
      ),
      color: variantColour(styles, legend),
    },
    layer: [
      { mark: { type: 'line', strokeWidth: 2.5 }, encoding: { strokeDash: variantDash(styles, legend) } },
      {
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: { shape: variantShape(styles, legend) },
      },
    ],
  };
}

function logChannel(field: string, { domain, ticks }: ReturnType<typeof logAxis>, axis: SpecPart): SpecPart {
  return {
    field,
    type: 'quantitative',
    scale: { type: 'log', domain, nice: false },
    axis: { values: ticks, labelOverlap: 'greedy', labelFlush: false, ...axis },
  };
}
