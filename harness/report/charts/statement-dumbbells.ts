import type { TopLevelSpec } from 'vega-lite';
import { formatInUnit } from '../../quantity.ts';
import type { PairedStatement } from '../statement-costs.ts';
import { isNarrow, type SpecPart } from './chart.ts';
import { countAxis } from './count-axis.ts';
import { INK, type VariantStyle } from './palette.ts';
import { statementLabel } from './statement-label.ts';
import { POINT_LEGEND, panelTitle, themed, variantColour, variantShape } from './theme.ts';

export type Field = 'calls' | 'blocks' | 'walBytes' | 'databaseMs';

/** Something a statement costs. */
export interface Measure {
  field: Field;
  title: string;
  unit: string;
}

/** How far a statement's cost lies apart in the two variants. */
export function change({ before, after }: PairedStatement, field: Field): number {
  return Math.abs(after[field] - before[field]);
}

export interface Dumbbells {
  statements: readonly PairedStatement[];
  measures: readonly Measure[];
  styles: ReadonlyMap<string, VariantStyle>;
  baseline: string;
  candidate: string;
}

const LABEL_LETTERS = 42;
const LABEL_PX = 300;
const GAP_PX = 34;

/** Statements of one panel on a phone, where every panel has its own labels. */
const MOST_ON_A_PHONE = 6;

/** A panel a measure, a row a statement: two points and the line between them. */
export function drawDumbbells(data: Dumbbells, widthPx: number): TopLevelSpec {
  const { statements, measures } = data;
  if (isNarrow(widthPx)) {
    const panels = measures.flatMap((measure) => {
      const rows = statements.filter((one) => change(one, measure.field) > 0).slice(0, MOST_ON_A_PHONE);
      return rows.length === 0 ? [] : [phonePanel(data, rows, measure, widthPx - 60)];
    });
    return themed(widthPx, { vconcat: panels });
  }
  const gaps = (measures.length - 1) * GAP_PX;
  const panelPx = Math.floor((widthPx - 46 - LABEL_PX - gaps) / measures.length);
  const hconcat = measures.map((measure, index) =>
    deskPanel(data, measure, { panelPx, labelled: index === 0 }),
  );
  return themed(widthPx, { hconcat, spacing: GAP_PX });
}

/** Labels stand in a column left of the first panel. */
function deskPanel(
  data: Dumbbells,
  measure: Measure,
  { panelPx, labelled }: { panelPx: number; labelled: boolean },
): SpecPart {
  const labels = JSON.stringify(data.statements.map(({ text }) => statementLabel(text, LABEL_LETTERS)));
  const axis = labelled ? { labelPadding: 14, labelExpr: `${labels}[datum.value]` } : { labels: false };
  return {
    title: panelTitle(measure.title),
    width: panelPx,
    height: { step: 30 },
    encoding: { y: rowChannel(axis) },
    layer: dumbbells(data, data.statements, measure, 4),
  };
}

/** Labels stand above their rows. */
function phonePanel(
  data: Dumbbells,
  rows: readonly PairedStatement[],
  measure: Measure,
  panelPx: number,
): SpecPart {
  const labels = rows.map(({ text }, row) => ({ row, label: statementLabel(text, LABEL_LETTERS) }));
  return {
    title: panelTitle(measure.title),
    width: panelPx,
    height: { step: 46 },
    encoding: { y: rowChannel({ labels: false }) },
    layer: [
      ...dumbbells(data, rows, measure, 5),
      {
        data: { values: labels },
        mark: { type: 'text', align: 'left', x: 0, dy: -14 },
        encoding: { text: { field: 'label' } },
      },
    ],
  };
}

function rowChannel(axis: SpecPart): SpecPart {
  return {
    field: 'row',
    type: 'ordinal',
    axis: { title: null, ticks: false, domain: false, grid: true, ...axis },
  };
}

function dumbbells(
  { styles, baseline, candidate }: Dumbbells,
  rows: readonly PairedStatement[],
  { field, unit }: Measure,
  mostTicks: number,
): SpecPart[] {
  const values = rows.flatMap(({ before, after }, row) => [
    { row, variant: baseline, value: before[field] },
    { row, variant: candidate, value: after[field] },
  ]);
  const links = rows.map(({ before, after }, row) => ({ row, from: before[field], to: after[field] }));
  const legend = { ...POINT_LEGEND, values: [baseline, candidate] };
  const axis = countAxis(
    values.map(({ value }) => value),
    (value) => formatInUnit(value, unit).replace(/\.0+ /, ' '),
    mostTicks,
  );
  const x = {
    type: 'quantitative',
    scale: { type: 'symlog', constant: axis.unit, domain: axis.domain, nice: false },
    axis: { title: null, values: axis.ticks, labelExpr: axis.labelExpr, labelOverlap: 'greedy' },
  };
  return [
    {
      data: { values: links },
      mark: { type: 'rule', color: INK.line.light, strokeWidth: 2 },
      encoding: { x: { field: 'from', ...x }, x2: { field: 'to' } },
    },
    {
      data: { values },
      mark: { type: 'point', filled: true, size: 80, opacity: 1 },
      encoding: {
        x: { field: 'value', ...x },
        color: variantColour(styles, legend),
        shape: variantShape(styles, legend),
      },
    },
  ];
}
