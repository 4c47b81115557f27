/** What `rushhour compare` and the page of the site say of two stored results: one wording for both. */
import { formatChange, formatChangeInterval } from '../change.ts';
import type { StoredComparison, StoredRatio } from '../experiment/compare-stored.ts';
import type { ExactComparison } from '../experiment-record.ts';
import { countOf, formatInUnit } from '../quantity.ts';

export const NOT_COMPARABLE_LEAD = 'Not comparable:';
export const COUNTS_LEAD = 'Counts per dispatch, of dispatches alone:';
export const DIFFERENCES_LEAD = 'What differs:';
export const RATIOS_LEAD =
  'Change from baseline to candidate as each experiment measured it, no verdict between the two:';

/** A line of a table: the metric, both values, what is to be said of them. */
export type ComparedRow = readonly [metric: string, baseline: string, candidate: string, note: string];

export function armTitle({ baseline, candidate }: Pick<StoredComparison, 'baseline' | 'candidate'>): string {
  return `${baseline} → ${candidate}`;
}

/** To the unit: "83.1 kB" would hide a byte. */
const number = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 2 });

export function counterRow(one: ExactComparison): ComparedRow {
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

/** What is said where no difference has a name. */
export function noDifferenceText({ exact }: Pick<StoredComparison, 'exact'>): string {
  return exact.every((one) => one.baseline === one.candidate)
    ? 'No count differs.'
    : 'No statement and no index differs by more than repeats do, or the values written (measured times are among them).';
}

/** Why the times beside each other have no verdict. */
export function timesLead({ timeRefusals }: Pick<StoredComparison, 'timeRefusals'>): string {
  const besides = timeRefusals.length === 0 ? '' : ` Besides, ${timeRefusals.join('; ')}.`;
  return `Times, no verdict: they were measured apart, so a difference may be chance.${besides} \`rushhour experiment\` measures side by side.`;
}

export function timeRow(one: StoredComparison['times'][number]): ComparedRow {
  return [
    one.metric,
    formatInUnit(one.baseline, one.unit),
    formatInUnit(one.candidate, one.unit),
    'no verdict',
  ];
}

export function ratioRow(ratio: StoredRatio): ComparedRow {
  const { baseline, candidate } = ratio.arms;
  return [
    `${ratio.metric}, ${baseline} → ${candidate}`,
    ratioText(ratio, 'earlier'),
    ratioText(ratio, 'later'),
    'no verdict',
  ];
}

function ratioText(ratio: StoredRatio, side: 'earlier' | 'later'): string {
  const { ratio: value, low, high, pairs } = ratio[side];
  const interval = low === null || high === null ? '' : `, ${formatChangeInterval(low, high, ratio)}`;
  return `${formatChange(value, ratio)}${interval} (${countOf(pairs, 'pair')})`;
}
