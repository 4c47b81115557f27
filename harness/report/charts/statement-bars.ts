import { formatInUnit } from '../../quantity.ts';
import type { SpecPart } from './chart.ts';
import { INK, TIME_COLOURS } from './palette.ts';
import { statementLabel } from './statement-label.ts';
import { panelTitle } from './theme.ts';

/** A statement and what it costs. */
export interface StatementBar {
  readonly text: string;
  readonly amount: number;
  readonly unit: string;
}

const STEP_PX = 44;
/** A letter of a label, generously. */
const LETTER_PX = 6.6;

/** A panel of bars, a row a statement: its label above the bar, its amount after it. */
export function barsUnderLabels(title: string, bars: readonly StatementBar[], panelPx: number): SpecPart {
  const values = bars.map(({ text, amount, unit }, row) => ({
    row,
    cost: amount,
    value: formatInUnit(amount, unit),
    label: statementLabel(text, Math.floor(panelPx / LETTER_PX)),
  }));
  const most = Math.max(...values.map((one) => one.cost));
  const longest = Math.max(...values.map(({ value }) => value.length));
  // Room after the longest bar for its value
  const end = most / (1 - Math.min(0.5, (longest * 8 + 12) / panelPx));
  return {
    title: panelTitle(title),
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
