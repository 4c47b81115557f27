import type { TopLevelSpec } from 'vega-lite';
import { rankStatements } from '../../profiling/slow-statements.ts';
import type { ProfiledStatement, SlowStatements } from '../../profiling/statement-record.ts';
import { countOf, formatCount, formatInUnit, formatShare } from '../../quantity.ts';
import { type Chart, isNarrow, type SpecPart } from './chart.ts';
import { contextLine } from './context.ts';
import { INK, TIME_COLOURS } from './palette.ts';
import { statementLabel } from './statement-label.ts';
import { panelTitle, themed } from './theme.ts';

interface Cost {
  readonly title: string;
  readonly unit: string;
  readonly of: (statement: ProfiledStatement) => number;
}

const COSTS: readonly Cost[] = [
  { title: 'Time a dispatch', unit: 'ms', of: (one) => (one.meanMs ?? 0) * one.callsPerDispatch },
  { title: 'Calls a dispatch', unit: 'calls', of: (one) => one.callsPerDispatch },
  { title: 'Blocks a dispatch', unit: 'blocks', of: (one) => one.blocksPerDispatch ?? 0 },
  { title: 'WAL a dispatch', unit: 'bytes', of: (one) => one.walBytesPerDispatch ?? 0 },
];

const MOST_BARS = 5;
const STEP_PX = 44;
/** A letter of a label, generously. */
const LETTER_PX = 6.6;

/** The costliest statements by each of the things they cost, ranked. `null` when none was seen. */
export function costliestStatementsChart(slow: SlowStatements, context: string): Chart | null {
  const panels = COSTS.map((cost) => ({ cost, statements: costliest(slow.statements, cost) })).filter(
    ({ statements }) => statements.length > 0,
  );
  if (panels.length === 0) return null;
  return {
    name: 'costliest-statements',
    finding: costFinding(slow),
    context: contextLine(context, `means of ${countOf(slow.dispatches, 'dispatch', 'dispatches')}`),
    reading: `The ${MOST_BARS} costliest of each, of ${countOf(slow.statements.length, 'statement')}. Calls, blocks and WAL are counted and do not depend on how busy the machine is; time does.`,
    draw: (widthPx) => drawPanels(panels, widthPx),
  };
}

function costliest(statements: readonly ProfiledStatement[], { of }: Cost): ProfiledStatement[] {
  return statements
    .filter((one) => of(one) > 0)
    .toSorted((a, b) => of(b) - of(a))
    .slice(0, MOST_BARS);
}

function costFinding({ statements }: SlowStatements): string {
  const [first] = statements;
  const [mostCalled] = rankStatements(statements, 'callsPerDispatch', 1);
  if (first && first.timeShare !== null) {
    return `${statementLabel(first.statement, 50)} takes ${formatShare(first.timeShare)} of the time of all statements`;
  }
  return `${statementLabel(mostCalled?.statement ?? '', 50)} is called ${formatCount(mostCalled?.callsPerDispatch ?? 0)} times a dispatch`;
}

interface Panel {
  readonly cost: Cost;
  readonly statements: readonly ProfiledStatement[];
}

function drawPanels(panels: readonly Panel[], widthPx: number): TopLevelSpec {
  const columns = isNarrow(widthPx) ? 1 : 2;
  const gapPx = 34;
  const panelPx = Math.floor((widthPx - 40 - (columns - 1) * gapPx) / columns);
  return themed(widthPx, {
    columns,
    spacing: gapPx,
    concat: panels.map((panel) => drawPanel(panel, panelPx)),
  });
}

/** Labels stand above their bars, values after them. */
function drawPanel({ cost, statements }: Panel, panelPx: number): SpecPart {
  const values = statements.map((one, row) => ({
    row,
    cost: cost.of(one),
    value: formatInUnit(cost.of(one), cost.unit),
    label: statementLabel(one.statement, Math.floor(panelPx / LETTER_PX)),
  }));
  const most = Math.max(...values.map((one) => one.cost));
  const longest = Math.max(...values.map(({ value }) => value.length));
  // Room after the longest bar for its value
  const end = most / (1 - Math.min(0.5, (longest * 8 + 12) / panelPx));
  return {
    title: panelTitle(cost.title),
    width: panelPx,
    height: { step: STEP_PX },
    data: { values },
    encoding: {
      y: { field: 'row', type: 'ordinal', axis: null },
      x: { field: 'cost', type: 'quantitative', scale: { domain: [0, end], nice: false }, axis: null },
    },
    layer: [
      {
        mark: { type: 'bar', height: 13, yOffset: 8, cornerRadiusEnd: 3, color: TIME_COLOURS.reads.light },
      },
      {
        mark: { type: 'text', align: 'left', dx: 7, dy: 8, fontWeight: 'bold' },
        encoding: { text: { field: 'value' } },
      },
      {
        mark: { type: 'text', align: 'left', dy: -10, color: INK.strong.light },
        encoding: { text: { field: 'label' }, x: { value: 0 } },
      },
    ],
  };
}
