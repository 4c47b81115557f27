import { countOf, formatCount, formatInUnit } from '../../quantity.ts';
import { isTransactionControl, type PairedStatement } from '../statement-costs.ts';
import type { Chart } from './chart.ts';
import { aloneText, contextLine } from './context.ts';
import { drawDumbbells, type Measure } from './dumbbells.ts';
import type { VariantStyle } from './palette.ts';
import { statementLabel } from './statement-label.ts';

export interface StatementDifferencesData {
  statements: readonly PairedStatement[];
  /** Dispatches that were counted, by variant. */
  summaries: readonly { dispatches: number }[];
  styles: ReadonlyMap<string, VariantStyle>;
  context: string;
  baseline: string;
  candidate: string;
}

type Field = 'calls' | 'blocks' | 'walBytes' | 'databaseMs';

const MOST_STATEMENTS = 12;
const MOST_PANELS = 3;

/** Counts first, because they are exact; time only where a count that differs leaves room for it. */
const MEASURES: readonly Measure<Field>[] = [
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
    draw: (widthPx) => drawDumbbells({ ...data, rows: shown, measures }, widthPx),
  };
}

/** How far a statement's cost lies apart in the two variants. */
function change({ before, after }: PairedStatement, field: Field): number {
  return Math.abs(after[field] - before[field]);
}

function differs(statements: readonly PairedStatement[], field: Field): boolean {
  return statements.some((statement) => change(statement, field) > 0);
}

/** By absolute change, each measure as a share of its largest, so that bytes do not drown calls. */
function largestFirst(
  statements: readonly PairedStatement[],
  measures: readonly Measure<Field>[],
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
  [measure]: readonly Measure<Field>[],
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
