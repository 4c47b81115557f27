import { formatChange, formatChangeInterval } from '../change.ts';
import type { Comparison, ExactComparison, TimingComparison } from '../experiment-record.ts';
import { countOf, formatCount, formatDuration } from '../quantity.ts';

/** What came out in a sentence: times, ratio with its interval, and the queries behind it. The verdict's word is not in it. */
export function headlineOf(
  comparison: Pick<Comparison, 'refusals' | 'exact' | 'timings'>,
  pairs: number,
): string {
  if (comparison.refusals.length > 0) return `${comparison.refusals.join('; ')}.`;
  const gate = comparison.timings.find((timing) => timing.role === 'gate');
  const queries = comparison.exact.find((metric) => metric.metric === 'queries per dispatch');
  const parts = [
    gate ? timeSentence(gate, pairs) : 'no time was measured',
    ...(queries ? [queriesSentence(queries)] : []),
  ];
  return `${parts.join('; ')}.`;
}

function timeSentence(gate: TimingComparison, pairs: number): string {
  const times = `${formatDuration(gate.candidateMedian)} instead of ${formatDuration(gate.baselineMedian)}`;
  return `a dispatch takes ${times}, ${ratioWords(gate)}, ${countOf(pairs, 'pair')}`;
}

/** Always with the interval, when there is one. */
function ratioWords(gate: TimingComparison): string {
  const change = formatChange(gate.ratio, gate);
  if (gate.low === null || gate.high === null || gate.level === null)
    return `${change} (too few pairs for an interval)`;
  const level = (gate.level * 100).toFixed(1);
  return `${change} (${level} % interval ${formatChangeInterval(gate.low, gate.high, gate)})`;
}

function queriesSentence(queries: ExactComparison): string {
  return queries.baseline === queries.candidate
    ? `${formatCount(queries.baseline)} queries per dispatch in both`
    : `${formatCount(queries.candidate)} queries instead of ${formatCount(queries.baseline)}`;
}
