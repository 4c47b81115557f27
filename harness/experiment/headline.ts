import { formatChange, formatChangeInterval } from '../change.ts';
import type { Comparison, ExactComparison, TimingComparison } from '../experiment-record.ts';
import { countOf, formatCount, formatInUnit } from '../quantity.ts';

/** What came out in a sentence: times, ratio with its interval, and the queries behind it. The verdict's word is not in it. */
export function headlineOf(
  comparison: Pick<
    Comparison,
    'refusals' | 'exact' | 'timings' | 'verdict' | 'unconfirmedVerdict' | 'confirmation'
  >,
): string {
  if (comparison.refusals.length > 0) return `${comparison.refusals.join('; ')}.`;
  const decisive = decisiveTiming(comparison.timings, comparison.unconfirmedVerdict);
  const queries = comparison.exact.find((metric) => metric.metric === 'queries per dispatch');
  const parts = [
    ...(decisive ? [timeSentence(decisive)] : []),
    ...(queries ? [queriesSentence(queries)] : []),
    ...confirmationWords(comparison),
  ];
  return parts.length === 0 ? 'nothing was measured on both sides.' : `${parts.join('; ')}.`;
}

/** The gate metric that the verdict is of, first declared first; without one the first gate metric. */
export function decisiveTiming(
  timings: readonly TimingComparison[],
  verdict: Comparison['verdict'],
): TimingComparison | undefined {
  const gate = timings.filter((timing) => timing.role === 'gate');
  return gate.find((timing) => timing.verdict === verdict) ?? gate[0];
}

const SUBJECT: Readonly<Record<string, string>> = {
  'dispatch time': 'a dispatch takes',
  'CPU time per dispatch': 'a dispatch costs CPU time of',
};

function timeSentence(timing: TimingComparison): string {
  const subject = SUBJECT[timing.metric] ?? `${timing.metric} is`;
  const [before, after] = [timing.baselineMedian, timing.candidateMedian].map((value) =>
    formatInUnit(value, timing.unit),
  );
  const values = before === after ? `${after} in both` : `${after} instead of ${before}`;
  return `${subject} ${values}, ${ratioWords(timing)}, ${countOf(timing.pairs, 'pair')}`;
}

/** Always with the interval, when there is one. */
function ratioWords(timing: TimingComparison): string {
  const change = formatChange(timing.ratio, timing);
  if (timing.low === null || timing.high === null || timing.level === null)
    return `${change} (too few pairs for an interval)`;
  const level = (timing.level * 100).toFixed(1);
  return `${change} (${level} % interval ${formatChangeInterval(timing.low, timing.high, timing)})`;
}

function queriesSentence(queries: ExactComparison): string {
  return queries.baseline === queries.candidate
    ? `${formatCount(queries.baseline)} queries per dispatch in both`
    : `${formatCount(queries.candidate)} queries instead of ${formatCount(queries.baseline)}`;
}

function confirmationWords({ confirmation }: Pick<Comparison, 'confirmation'>): string[] {
  if (!confirmation) return [];
  const pairs = countOf(confirmation.pairs, 'pair');
  return [
    confirmation.agreed
      ? `confirmed by a second experiment of ${pairs}`
      : `regressed at first, but a second experiment of ${pairs} did not confirm it`,
  ];
}
