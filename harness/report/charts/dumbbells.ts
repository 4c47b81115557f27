import type { TopLevelSpec } from 'vega-lite';
import { formatInUnit } from '../../quantity.ts';
import { isNarrow, type SpecPart } from './chart.ts';
import { countAxis } from './count-axis.ts';
import { INK, type VariantStyle } from './palette.ts';
import { statementLabel } from './statement-label.ts';
import { POINT_LEGEND, panelTitle, themed, variantColour, variantShape } from './theme.ts';

/** One thing by its name, and each of its quantities in two variants; null where there is none. */
export interface DumbbellRow<Field extends string> {
  readonly text: string;
  readonly before: Readonly<Record<Field, number | null>>;
  readonly after: Readonly<Record<Field, number | null>>;
}

/** A quantity of a row. */
export interface Measure<Field extends string> {
  field: Field;
  title: string;
  unit: string;
}

export interface Dumbbells<Field extends string> {
  rows: readonly DumbbellRow<Field>[];
  measures: readonly Measure<Field>[];
  styles: ReadonlyMap<string, VariantStyle>;
  baseline: string;
  candidate: string;
  /** How a row is called in so many letters; default: as a statement. */
  label?: (text: string, letters: number) => string;
  /** On a phone, where every panel has its own labels, each shows every row; default: the first six that differ. */
  everyRowOnAPhone?: boolean;
}

const LABEL_LETTERS = 42;
const LABEL_PX = 300;
const GAP_PX = 34;

const MOST_ON_A_PHONE = 6;

/** One name a line, so that long ones are whole. */
const PHONE_LEGEND: SpecPart = { columns: 1, labelLimit: 290 };

/** A panel a measure, a row a thing: two points and the line between them. */
export function drawDumbbells<Field extends string>(data: Dumbbells<Field>, widthPx: number): TopLevelSpec {
  const { measures, everyRowOnAPhone = false } = data;
  if (isNarrow(widthPx)) {
    const panels = measures.flatMap((measure) => {
      const differing = data.rows.filter((one) => differs(one, measure.field));
      const rows = everyRowOnAPhone ? data.rows : differing.slice(0, MOST_ON_A_PHONE);
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

function differs<Field extends string>({ before, after }: DumbbellRow<Field>, field: Field): boolean {
  return before[field] !== after[field];
}

/** Labels stand in a column left of the first panel. */
function deskPanel<Field extends string>(
  data: Dumbbells<Field>,
  measure: Measure<Field>,
  { panelPx, labelled }: { panelPx: number; labelled: boolean },
): SpecPart {
  const { label = statementLabel } = data;
  const labels = JSON.stringify(data.rows.map(({ text }) => label(text, LABEL_LETTERS)));
  const axis = labelled ? { labelPadding: 14, labelExpr: `${labels}[datum.value]` } : { labels: false };
  return {
    title: panelTitle(measure.title),
    width: panelPx,
    height: { step: 30 },
    encoding: { y: rowChannel(axis) },
    layer: dumbbells(data, data.rows, measure, { mostTicks: 4 }),
  };
}

/** Labels stand above their rows. */
function phonePanel<Field extends string>(
  data: Dumbbells<Field>,
  rows: readonly DumbbellRow<Field>[],
  measure: Measure<Field>,
  panelPx: number,
): SpecPart {
  const { label = statementLabel } = data;
  const labels = rows.map(({ text }, row) => ({ row, label: label(text, LABEL_LETTERS) }));
  return {
    title: panelTitle(measure.title),
    width: panelPx,
    height: { step: 46 },
    encoding: { y: rowChannel({ labels: false }) },
    layer: [
      ...dumbbells(data, rows, measure, { mostTicks: 5, legend: PHONE_LEGEND }),
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

function dumbbells<Field extends string>(
  { styles, baseline, candidate }: Dumbbells<Field>,
  rows: readonly DumbbellRow<Field>[],
  { field, unit }: Measure<Field>,
  look: { mostTicks: number; legend?: SpecPart },
): SpecPart[] {
  const points = rows.map(({ text, before, after }, row) => ({
    ...{ row, name: text },
    ...{ from: before[field], to: after[field] },
  }));
  const values = points.flatMap(({ row, name, from, to }) => [
    ...(from === null ? [] : [{ row, name, variant: baseline, value: from }]),
    ...(to === null ? [] : [{ row, name, variant: candidate, value: to }]),
  ]);
  const links = points.filter(({ from, to }) => from !== null && to !== null);
  const legend = { ...POINT_LEGEND, values: [baseline, candidate], ...look.legend };
  const axis = countAxis(
    values.map(({ value }) => value),
    (value) => formatInUnit(value, unit).replace(/\.0+ /, ' '),
    look.mostTicks,
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
