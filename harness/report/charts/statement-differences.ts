import { countOf, formatCount, formatInUnit, shorten } from '../../quantity.ts';
import { isTransactionControl, type PairedStatement } from '../statement-costs.ts';
import { type Chart, isNarrow, type SpecPart } from './chart.ts';
import { aloneText, contextLine } from './context.ts';
import { countAxis } from './count-axis.ts';
import { INK, type VariantStyle } from './palette.ts';
import { statementLabel } from './statement-label.ts';
import { POINT_LEGEND, panelTitle, themed, variantColour, variantShape } from './theme.ts';

export interface StatementDifferencesData {
  statements: readonly PairedStatement[];
  /** Dispatches that were counted, by variant. */
  summaries: readonly { dispatches: number }[];
  styles: ReadonlyMap<string, VariantStyle>;
  context: string;
  baseline: string;
  candidate: string;
}

const MOST_STATEMENTS = 12;
const MOST_PANELS = 3;

type Field = 'calls' | 'blocks' | 'walBytes' | 'databaseMs';

interface Measure {
  field: Field;
  title: string;
  unit: string;
}

/** Counts first, because they are exact; time only where a count that differs leaves room for it. */
const MEASURES: readonly Measure[] = [
  { field: 'calls', title: 'Calls', unit: 'statements' },
  { field: 'blocks', title: 'Blocks', unit: 'blocks' },
  { field: 'walBytes', title: 'WAL', unit: 'bytes' },
  { field: 'databaseMs', title: 'Database time', unit: 'ms' },
];

/** What each statement costs one dispatch in two variants, largest difference first. `null` when no count differs. */
export function statementDifferencesChart(data: StatementDifferencesData): Chart | null {
  const counted = MEASURES.filter(({ field }) => field !== 'databaseMs' && differs(data.statements, field));
  if (counted.length === 0) return null;
  const measures = [...counted, ...MEASURES.filter(({ field }) => field === 'databaseMs')].slice(
    0,
    MOST_PANELS,
  );
  const changed = data.statements.filter((statement) =>
    counted.some(({ field }) => change(statement, field) > 0),
  );
  const shown = largestFirst(changed, counted).slice(0, MOST_STATEMENTS);
  return {
    name: 'statement-differences',
    finding: statementFinding(data, shown, counted),
    context: contextLine(
      data.context,
      aloneText(data.summaries),
      shown.length < changed.length
        ? `the ${shown.length} largest differences of ${formatCount(changed.length)} statements`
        : null,
    ),
    reading:
      'A row a statement, its two points what one dispatch costs in each variant; the line between them is the difference. Blocks are hit or read. The scales begin at 0 and are logarithmic.',
    draw: (widthPx) => drawStatements(data, shown, measures, widthPx),
  };
}

function change({ before, after }: PairedStatement, field: Field): number {
  return Math.abs(after[field] - before[field]);
}

function differs(statements: readonly PairedStatement[], field: Field): boolean {
  return statements.some((statement) => change(statement, field) > 0);
}

/** By absolute change, each measure as a share of its largest, so that bytes do not drown calls. */
function largestFirst(
  statements: readonly PairedStatement[],
  measures: readonly Measure[],
): PairedStatement[] {
  const largest = new Map(
    measures.map(({ field }) => [field, Math.max(...statements.map((one) => change(one, field)))]),
  );
  const weight = (statement: PairedStatement) =>
    measures.reduce((sum, { field }) => sum + change(statement, field) / (largest.get(field) ?? 1), 0);
  return statements.toSorted((a, b) => weight(b) - weight(a));
}

function statementFinding(
  { baseline, candidate }: StatementDifferencesData,
  shown: readonly PairedStatement[],
  [measure]: readonly Measure[],
): string {
  const first = shown.find(({ text }) => !isTransactionControl(text)) ?? shown[0];
  if (first === undefined || measure === undefined) return 'No statement differs in its counts';
  const { field, unit } = MEASURES.find((one) => change(first, one.field) > 0) ?? measure;
  const said = (value: number) => {
    if (value === 0 && field === 'calls') return 'not run at all';
    if (field === 'calls') return countOf(value, 'call');
    return field === 'blocks' ? countOf(value, 'block') : `${formatInUnit(value, unit)} of WAL`;
  };
  return `${statementLabel(first.text, 60)}: ${said(first.before[field])}${first.before[field] === 0 && field === 'calls' ? '' : ' a dispatch'} in ${baseline}, ${said(first.after[field])} in ${candidate}`;
}

function drawStatements(
  data: StatementDifferencesData,
  shown: readonly PairedStatement[],
  measures: readonly Measure[],
  widthPx: number,
) {
  const narrow = isNarrow(widthPx);
  const labelPx = narrow ? 0 : 300;
  const gapPx = 34;
  const panelPx = narrow
    ? widthPx - 60
    : Math.floor((widthPx - 36 - labelPx - (measures.length - 1) * gapPx - 10) / measures.length);
  const panels = measures.map((measure, index) => {
    const rows = narrow ? shown.filter((one) => change(one, measure.field) > 0).slice(0, 6) : shown;
    return rows.length === 0
      ? null
      : drawPanel(data, rows, measure, { panelPx, narrow, labelled: index === 0 });
  });
  const found = panels.filter((panel) => panel !== null);
  return themed(widthPx, narrow ? { vconcat: found } : { hconcat: found, spacing: gapPx });
}

function drawPanel(
  { styles, baseline, candidate }: StatementDifferencesData,
  rows: readonly PairedStatement[],
  { field, title, unit }: Measure,
  shape: { panelPx: number; narrow: boolean; labelled: boolean },
): SpecPart {
  const values = rows.flatMap(({ text, before, after }, row) => [
    { row, label: statementLabel(text, shape.narrow ? 44 : 42), variant: baseline, value: before[field] },
    { row, label: statementLabel(text, shape.narrow ? 44 : 42), variant: candidate, value: after[field] },
  ]);
  const links = rows.map(({ before, after }, row) => ({ row, from: before[field], to: after[field] }));
  const legend = { ...POINT_LEGEND, values: [baseline, candidate] };
  const labels = JSON.stringify(rows.map(({ text }) => statementLabel(text, 42)));
  const axis = countAxis(
    values.map(({ value }) => value),
    (value) => formatInUnit(value, unit).replace(/\.0+ /, ' '),
    shape.narrow ? 5 : 4,
  );
  const x = {
    type: 'quantitative',
    scale: { type: 'symlog', constant: axis.unit, domain: axis.domain, nice: false },
    axis: { title: null, values: axis.ticks, labelExpr: axis.labelExpr, labelOverlap: 'greedy' },
  };
  return {
    title: panelTitle(title),
    width: shape.panelPx,
    height: { step: shape.narrow ? 46 : 30 },
    data: { values },
    encoding: {
      y: {
        field: 'row',
        type: 'ordinal',
        axis:
          shape.labelled && !shape.narrow
            ? {
                title: null,
                ticks: false,
                domain: false,
                labelPadding: 14,
                labelExpr: `${labels}[datum.value]`,
                grid: true,
              }
            : { title: null, ticks: false, domain: false, labels: false, grid: true },
      },
    },
    layer: [
      {
        data: { values: links },
        mark: { type: 'rule', color: INK.line.light, strokeWidth: 2 },
        encoding: { x: { field: 'from', ...x }, x2: { field: 'to' } },
      },
      {
        mark: { type: 'point', filled: true, size: 80, opacity: 1 },
        encoding: {
          x: { field: 'value', ...x },
          color: variantColour(styles, legend),
          shape: variantShape(styles, legend),
        },
      },
      ...(shape.narrow
        ? [
            {
              data: {
                values: rows.map(({ text }, row) => ({ row, label: shorten(statementLabel(text, 44), 44) })),
              },
              mark: { type: 'text', align: 'left', x: 0, dy: -14 },
              encoding: { text: { field: 'label' } },
            },
          ]
        : []),
    ],
  };
}
