import type { Comparison, ExactComparison, TimingComparison, Verdict } from '../result.ts';

const VERDICT_WORDS: Record<Verdict, string> = {
  improved: 'Improved',
  regressed: 'Regressed',
  equivalent: 'Equivalent',
  faster: 'Faster',
  slower: 'Slower',
  inconclusive: 'Inconclusive',
  'not-comparable': 'Not comparable',
};

/** The one sentence that says what came out: verdict, times, ratio with its interval, and the queries behind it. */
export function headlineOf(
  comparison: Pick<Comparison, 'refusals' | 'verdict' | 'exact' | 'timings'>,
  pairs: number,
): string {
  const word = VERDICT_WORDS[comparison.verdict];
  if (comparison.refusals.length > 0) return `${word}: ${comparison.refusals.join('; ')}.`;
  const gate = comparison.timings.find((timing) => timing.role === 'gate');
  const queries = comparison.exact.find((metric) => metric.metric === 'queries per dispatch');
  const parts = [
    gate ? timeSentence(gate, pairs) : 'no time was measured',
    ...(queries ? [queriesSentence(queries)] : []),
  ];
  return `${word}: ${parts.join('; ')}.`;
}

function timeSentence(gate: TimingComparison, pairs: number): string {
  const times = `${formatMs(gate.candidateMedian)} instead of ${formatMs(gate.baselineMedian)}`;
  return `a dispatch takes ${times}, ${ratioWords(gate)}, ${pairs} ${pairs === 1 ? 'pair' : 'pairs'}`;
}

/** "x2.31 faster" beyond 25 %, percentages below; always with the interval, when there is one. */
function ratioWords(gate: TimingComparison): string {
  const { ratio, low, high, level } = gate;
  const large = ratio < 0.8 || ratio > 1.25;
  const factor = (value: number) => (ratio < 1 ? 1 / value : value).toFixed(1);
  const percent = (value: number) => `${value >= 1 ? '+' : '−'}${Math.abs((value - 1) * 100).toFixed(1)} %`;
  const estimate = large ? `${factor(ratio)} times ${ratio < 1 ? 'faster' : 'slower'}` : percent(ratio);
  if (low === null || high === null || level === null) return `${estimate} (too few pairs for an interval)`;
  const ends = large
    ? [factor(low), factor(high)].sort((a, b) => Number(a) - Number(b))
    : [percent(low), percent(high)];
  return `${estimate} (${(level * 100).toFixed(1)} % interval ${ends.join(' to ')})`;
}

function queriesSentence(queries: ExactComparison): string {
  const round = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(1));
  return queries.baseline === queries.candidate
    ? `${round(queries.baseline)} queries per dispatch in both`
    : `${round(queries.candidate)} queries instead of ${round(queries.baseline)}`;
}

function formatMs(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return ms >= 10 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(2)} ms`;
}
