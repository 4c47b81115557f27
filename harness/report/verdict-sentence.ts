import { formatChange, formatChangeInterval } from '../change.ts';
import type { Comparison, Confirmation, ExperimentRecord, TimingComparison } from '../experiment-record.ts';
import { countOf, formatShare } from '../quantity.ts';
import { decisiveGate } from './gate.ts';
import { comparisonLook, isRefused, VERDICT_LOOK } from './verdict-words.ts';

/**
 * What came out, without the verdict's word: the metric that decides with its change, interval, pairs and look, and
 * whether a second experiment agreed. Unequal work is told instead of any time; where no time decides, the record's own
 * headline is.
 */
export function verdictSentence(comparison: Comparison, state: ExperimentRecord['state']): string {
  if (isRefused(comparison)) return refusalSentence(comparison);
  const gate = decisiveGate(comparison);
  if (gate === null) return comparison.headline.replace(/\.$/, '');
  const { confirmation, family } = comparison;
  const basis = [
    intervalText(gate),
    countOf(gate.pairs, 'pair'),
    ...(family.look === null || family.look.of === 1
      ? []
      : [`look ${family.look.number} of ${family.look.of}`]),
  ];
  const open = comparisonLook(comparison, state) === VERDICT_LOOK.inconclusive;
  return [
    `${gate.metric} ${changeText(gate)} (${basis.join(', ')})`,
    ...(confirmation === null ? [] : [confirmationText(confirmation)]),
    ...(open && confirmation === null ? [gate.reason] : []),
  ].join('; ');
}

function refusalSentence({ baseline, candidate, equalOutcome, refusals, headline }: Comparison): string {
  const unequal =
    equalOutcome === false
      ? [`${candidate} and ${baseline} did not write the same: a faster wrong answer is a failure`]
      : [];
  const reasons = [...unequal, ...refusals.map((refusal) => refusal.replace(/\.$/, ''))];
  return reasons.length === 0 ? headline.replace(/\.$/, '') : reasons.join('; ');
}

export function capitalised(sentence: string): string {
  return sentence === '' ? '' : `${sentence[0]?.toUpperCase()}${sentence.slice(1)}`;
}

/** "+9.8 %", "48× faster", "no change". */
export function changeText(timing: TimingComparison): string {
  return timing.ratio === 1 ? 'unchanged' : formatChange(timing.ratio, timing);
}

/** "98.8 % interval +6.9 % to +12.4 %", with the level the interval really has. */
export function intervalText(timing: TimingComparison): string {
  const { low, high, level } = timing;
  if (low === null || high === null || level === null) return 'too few pairs for an interval';
  return `${levelText(level)} interval ${formatChangeInterval(low, high, timing)}`;
}

export function levelText(level: number): string {
  return `${Number((level * 100).toFixed(level > 0.995 ? 2 : 1))} %`;
}

/** What the independent second experiment said. */
function confirmationText({ agreed, pairs, verdict, headline }: Confirmation): string {
  if (agreed) return `confirmed by a second experiment, ${countOf(pairs, 'pair')}`;
  const said = headline === '' ? '' : `, ${headline.replace(/\.$/, '')}`;
  return `not confirmed: a second experiment of ${countOf(pairs, 'pair')} says ${VERDICT_LOOK[verdict].word}${said}`;
}

/** What the pairs of a metric could have shown, 80 % of the time; `null` where there were too few to know. */
export function detectableText({
  detectableRatio,
  regressionRatio,
}: Pick<TimingComparison, 'detectableRatio' | 'regressionRatio'>): string | null {
  if (detectableRatio === null || regressionRatio === null) return null;
  return `would have told a ${changeSize(detectableRatio)} change from none, and called a ${changeSize(regressionRatio)} slowdown regressed`;
}

/** A slowdown as a percentage: 1.021 is "2.1 %". */
export function changeSize(ratio: number): string {
  return formatShare(ratio - 1);
}
