import type { TopLevelSpec } from 'vega-lite';
import { rankStatements } from '../../profiling/slow-statements.ts';
import type { ProfiledStatement, SlowStatements } from '../../profiling/statement-record.ts';
import { countOf, formatCount, formatShare } from '../../quantity.ts';
import { type Chart, isNarrow, type SpecPart } from './chart.ts';
import { contextLine } from './context.ts';
import { barsUnderLabels } from './statement-bars.ts';
import { statementLabel } from './statement-label.ts';
import { themed } from './theme.ts';

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

function drawPanel({ cost, statements }: Panel, panelPx: number): SpecPart {
  return barsUnderLabels(
    cost.title,
    statements.map((one) => ({ text: one.statement, amount: cost.of(one), unit: cost.unit })),
    panelPx,
  );
}
