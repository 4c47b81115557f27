import type { ComparedResults } from '../experiment/compare-results.ts';
import type { StoredComparison } from '../experiment/compare-stored.ts';
import {
  armTitle,
  COUNTS_LEAD,
  type ComparedRow,
  counterRow,
  DIFFERENCES_LEAD,
  NOT_COMPARABLE_LEAD,
  noDifferenceText,
  RATIOS_LEAD,
  ratioRow,
  timeRow,
  timesLead,
} from '../report/stored-comparison-words.ts';

/** Marks text that is not to be relied on: dim on a terminal, unchanged elsewhere. */
export type Dim = (text: string) => string;

/** The comparison as aligned lines of plain text. Pure. */
export function storedComparisonLines(
  {
    arms,
    ratios,
    notes = [],
  }: Pick<ComparedResults, 'arms' | 'ratios'> & {
    /** What else is to be known of the two, a line each. */
    readonly notes?: readonly string[];
  },
  dim: Dim = (text) => text,
): string[] {
  return [...arms.flatMap((arm) => armLines(arm, dim)), ...ratioLines(ratios).map(dim), ...notes.map(dim)];
}

function armLines(arm: StoredComparison, dim: Dim): string[] {
  const title = armTitle(arm);
  if (arm.refusals.length > 0) return [title, NOT_COMPARABLE_LEAD, ...arm.refusals.map(bullet)];
  return [
    title,
    COUNTS_LEAD,
    ...alignedRows(arm.exact.map(counterRow)),
    ...differenceLines(arm),
    ...timeLines(arm).map(dim),
  ];
}

function bullet(text: string): string {
  return `  - ${text}`;
}

function differenceLines(arm: StoredComparison): string[] {
  if (arm.differences.length === 0) return [noDifferenceText(arm)];
  return [DIFFERENCES_LEAD, ...arm.differences.map(({ sentence }) => bullet(sentence))];
}

function timeLines(arm: StoredComparison): string[] {
  return arm.times.length === 0 ? [] : [timesLead(arm), ...alignedRows(arm.times.map(timeRow))];
}

function ratioLines(ratios: ComparedResults['ratios']): string[] {
  if (ratios.length === 0) return [];
  const line = ([metric, earlier, later]: ComparedRow) => `  ${metric}: ${earlier}; then ${later}`;
  return [RATIOS_LEAD, ...ratios.map((ratio) => line(ratioRow(ratio)))];
}

/** First column to the left, numbers to the right, the note behind them. */
function alignedRows(rows: readonly ComparedRow[]): string[] {
  const width = (column: number) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0));
  return rows.map(
    ([name, a, b, note]) =>
      `  ${name.padEnd(width(0))}  ${a.padStart(width(1))}  ${b.padStart(width(2))}  ${note}`,
  );
}
