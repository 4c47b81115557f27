import { formatChange, formatChangeInterval } from '../change.ts';
import type { StoredComparison, StoredRatio } from '../experiment/compare-stored.ts';
import type { ExactComparison } from '../experiment-record.ts';
import { countOf, formatInUnit } from '../quantity.ts';

/** What `rushhour compare` tells: one comparison for each pair of sides, and the ratios of two experiments. */
export interface ComparedResults {
  readonly arms: readonly StoredComparison[];
  readonly ratios: readonly StoredRatio[];
  /** What else is to be known of the two, a line each. */
  readonly notes?: readonly string[];
}

/** Marks text that is not to be relied on: dim on a terminal, unchanged elsewhere. */
export type Dim = (text: string) => string;

/** The comparison as aligned lines of plain text. Pure. */
export function storedComparisonLines(
  { arms, ratios, notes = [] }: ComparedResults,
  dim: Dim = (text) => text,
): string[] {
  return [...arms.flatMap((arm) => armLines(arm, dim)), ...ratioLines(ratios, dim), ...notes.map(dim)];
}

function armLines(arm: StoredComparison, dim: Dim): string[] {
  const title = `${arm.baseline} → ${arm.candidate}`;
  if (arm.refusals.length > 0) return [title, 'Not comparable:', ...arm.refusals.map((one) => `  - ${one}`)];
  return [
    title,
    'Counts per dispatch, of dispatches alone:',
    ...alignedRows(arm.exact.map(counterCells)),
    ...differenceLines(arm),
    ...timeLines(arm).map(dim),
  ];
}

/** To the unit: "83.1 kB" would hide a byte. */
const number = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 2 });

function counterCells(one: ExactComparison): string[] {
  return [one.metric, number(one.baseline), number(one.candidate), counterNote(one)];
}

function counterNote(one: ExactComparison): string {
  if (!one.repeatsAgree) {
    const range = ([low, high]: readonly [number, number]) => `${number(low)} to ${number(high)}`;
    return `near-exact: repeats gave ${range(one.baselineRange)} against ${range(one.candidateRange)}`;
  }
  if (one.baseline === one.candidate) return 'equal';
  const change = formatChange(one.candidate / one.baseline, { unit: one.unit, higherIsBetter: false });
  return change === '0 %' ? 'almost equal' : change;
}

function differenceLines({ differences, exact }: StoredComparison): string[] {
  if (differences.length > 0) return ['What differs:', ...differences.map((one) => `  - ${one.sentence}`)];
  const equal = exact.every((one) => one.baseline === one.candidate);
  return [
    equal
      ? 'No count differs.'
      : 'No statement and no index differs by more than repeats do, or the values written (measured times are among them).',
  ];
}

function timeLines({ times, timeRefusals }: StoredComparison): string[] {
  if (times.length === 0) return [];
  const besides = timeRefusals.length === 0 ? '' : ` Besides, ${timeRefusals.join('; ')}.`;
  return [
    `Times, no verdict: they were measured apart, so a difference may be chance.${besides} \`rushhour experiment\` measures side by side.`,
    ...alignedRows(
      times.map((one) => [
        one.metric,
        formatInUnit(one.baseline, one.unit),
        formatInUnit(one.candidate, one.unit),
        'no verdict',
      ]),
    ),
  ];
}

function ratioLines(ratios: readonly StoredRatio[], dim: Dim): string[] {
  if (ratios.length === 0) return [];
  const estimate = (ratio: StoredRatio, side: 'earlier' | 'later') => {
    const { ratio: value, low, high, pairs } = ratio[side];
    const interval = low === null || high === null ? '' : `, ${formatChangeInterval(low, high, ratio)}`;
    return `${formatChange(value, ratio)}${interval} (${countOf(pairs, 'pair')})`;
  };
  return [
    'Change from baseline to candidate as each experiment measured it, no verdict between the two:',
    ...ratios.map(
      (ratio) =>
        `  ${ratio.metric}, ${ratio.arms.baseline} → ${ratio.arms.candidate}: ` +
        `${estimate(ratio, 'earlier')}; then ${estimate(ratio, 'later')}`,
    ),
  ].map(dim);
}

/** First column to the left, numbers to the right, the note behind them. */
function alignedRows(rows: readonly string[][]): string[] {
  const width = (column: number) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0));
  return rows.map(
    ([name = '', a = '', b = '', note = '']) =>
      `  ${name.padEnd(width(0))}  ${a.padStart(width(1))}  ${b.padStart(width(2))}  ${note}`,
  );
}
