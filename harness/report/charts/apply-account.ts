import type { TopLevelSpec } from 'vega-lite';
import { formatChange } from '../../change.ts';
import { countOf, formatCount, formatInUnit } from '../../quantity.ts';
import type { ApplyAccount, WeekTimeChange } from '../../week-record.ts';
import { type Chart, isNarrow, type SpecPart } from './chart.ts';
import { contextLine } from './context.ts';
import { variantStyles } from './palette.ts';
import { panelTitle, themed, variantColour } from './theme.ts';

export interface ApplySides {
  readonly before: ApplyAccount;
  readonly after: ApplyAccount;
  /** `null` where the two were not timed. */
  readonly time: WeekTimeChange | null;
}

interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly before: number;
  readonly after: number;
  /** after ÷ before; of a time that of its pairs, which that of the medians is only near. `null` where there was nothing. */
  readonly ratio: number | null;
}

/** What apply costs before and after, a panel each for time, statements, commits and WAL. */
export function applyAccountChart(sides: ApplySides, context: string): Chart {
  const panels = panelsOf(sides);
  return {
    name: 'apply',
    finding: applyFinding(sides),
    context: contextLine(
      context,
      `apply of one dispatch, ${formatCount(sides.before.assignments)} assignments`,
    ),
    reading:
      'Each panel has a scale of its own that begins at 0. Statements and commits are counted; transaction control is among them.',
    draw: (widthPx) => drawPanels(sides, panels, widthPx),
  };
}

function panelsOf({ before, after, time }: ApplySides): Panel[] {
  const counted = (title: string, unit: string, [from, to]: [number, number]): Panel => {
    return { title, unit, before: from, after: to, ratio: from > 0 ? to / from : null };
  };
  return [
    ...(time === null
      ? []
      : [{ title: 'Time', unit: 'ms', before: time.beforeMs, after: time.afterMs, ratio: time.ratio }]),
    counted('Statements', 'statements', [before.statements, after.statements]),
    counted('Commits', 'records', [before.commits, after.commits]),
    ...(before.walBytes === null || after.walBytes === null
      ? []
      : [counted('WAL', 'bytes', [before.walBytes, after.walBytes])]),
  ];
}

function applyFinding({ before, after, time }: ApplySides): string {
  const counts = `${countOf(after.statements, 'statement')} instead of ${formatCount(before.statements)}`;
  if (time === null) return `Apply needs ${counts}`;
  const change = formatChange(time.ratio, { unit: 'ms', higherIsBetter: false });
  return `Apply is ${change}: ${counts}, ${formatCount(after.commits)} ${after.commits === 1 ? 'commit' : 'commits'} instead of ${formatCount(before.commits)}`;
}

function drawPanels({ before, after }: ApplySides, panels: readonly Panel[], widthPx: number): TopLevelSpec {
  const columns = isNarrow(widthPx) ? 1 : 2;
  const gapPx = 34;
  const panelPx = Math.floor((widthPx - 40 - (columns - 1) * gapPx) / columns);
  const styles = variantStyles([before.variant, after.variant]);
  return themed(widthPx, {
    columns,
    spacing: gapPx,
    concat: panels.map((panel) => drawPanel(panel, { panelPx, styles })),
  });
}

function drawPanel(
  panel: Panel,
  { panelPx, styles }: { panelPx: number; styles: ReturnType<typeof variantStyles> },
): SpecPart {
  const { title, unit, before, after } = panel;
  const amounts = [before, after];
  const values = [...styles.keys()].map((variant, index) => ({
    variant,
    amount: amounts[index] ?? 0,
    value: formatInUnit(amounts[index] ?? 0, unit),
  }));
  const end = Math.max(1e-9, ...amounts) * 1.25;
  return {
    title: panelTitle(`${title}${changeNote(panel)}`),
    width: panelPx,
    height: { step: 42 },
    data: { values },
    encoding: {
      y: { field: 'variant', type: 'nominal', sort: null, axis: null },
      x: { field: 'amount', type: 'quantitative', scale: { domain: [0, end], nice: false }, axis: null },
    },
    layer: [
      {
        mark: { type: 'bar', height: 14, yOffset: 8, cornerRadiusEnd: 3 },
        encoding: { color: variantColour(styles, null) },
      },
      {
        mark: { type: 'text', align: 'left', dx: 7, dy: 8, fontWeight: 'bold' },
        encoding: { text: { field: 'value' } },
      },
      {
        mark: { type: 'text', align: 'left', dy: -9 },
        encoding: { text: { field: 'variant' }, x: { value: 0 } },
      },
    ],
  };
}

/** ", 14× faster", ", 400× fewer", ", −2.4 %" */
function changeNote({ ratio, unit }: Panel): string {
  return ratio === null ? '' : `, ${formatChange(ratio, { unit, higherIsBetter: false })}`;
}
