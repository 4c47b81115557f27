import type { Comparison, ExperimentRecord, TimingComparison, Verdict } from '../experiment-record.ts';
import { MINIMUM_PAIRS } from '../statistics/verdict.ts';

/** What a verdict is called and how it looks: in the terminal, the report and every chart. */
export interface VerdictLook {
  word: string;
  /** A sign that stands beside the word, so that colour is never alone. */
  sign: string;
  /** What the word claims, in a sentence. */
  meaning: string;
  light: string;
  dark: string;
}

export const VERDICT_LOOK: Record<Verdict, VerdictLook> = {
  improved: {
    word: 'improved',
    sign: '✔',
    meaning: 'The whole interval lies on the better side of the band of no interest.',
    light: '#00725a',
    dark: '#3ecfa8',
  },
  regressed: {
    word: 'regressed',
    sign: '✖',
    meaning: 'The whole interval lies on the worse side of the band of no interest.',
    light: '#b3360b',
    dark: '#ff8f66',
  },
  equivalent: {
    word: 'equivalent',
    sign: '=',
    meaning: 'No change larger than the band of no interest: shown, not assumed.',
    light: '#2f5d9b',
    dark: '#8ab8f5',
  },
  faster: {
    word: 'faster',
    sign: '▿',
    meaning: 'Better for certain, but not proven to be better by more than the band.',
    light: '#8a6100',
    dark: '#e5b94b',
  },
  slower: {
    word: 'slower',
    sign: '▵',
    meaning: 'Worse for certain, but not proven to be worse by more than the band.',
    light: '#8a6100',
    dark: '#e5b94b',
  },
  inconclusive: {
    word: 'inconclusive',
    sign: '?',
    meaning: 'The interval allows both no change and a change that matters: more pairs are needed.',
    light: '#5a6675',
    dark: '#a9b5c3',
  },
  'not-comparable': {
    word: 'not comparable',
    sign: '⊘',
    meaning: 'The two did not do equal work under equal conditions, so no number decides.',
    light: '#6b3fa0',
    dark: '#c4a3f0',
  },
};

/** What stands in place of a verdict where there is none. */
export const NO_VERDICT: VerdictLook = {
  word: 'no verdict',
  sign: '–',
  meaning: `There are fewer than ${MINIMUM_PAIRS} pairs, or the experiment did not end as planned.`,
  light: VERDICT_LOOK.inconclusive.light,
  dark: VERDICT_LOOK.inconclusive.dark,
};

/** The verdict of one timing: none without an interval, none in an experiment that broke off. */
export function timingLook(timing: TimingComparison, state: ExperimentRecord['state']): VerdictLook {
  if (timing.verdict === 'not-comparable') return VERDICT_LOOK['not-comparable'];
  if (state !== 'complete' || timing.low === null || timing.high === null || timing.pairs < MINIMUM_PAIRS) {
    return NO_VERDICT;
  }
  return VERDICT_LOOK[timing.verdict];
}

/** The verdict of a comparison. A refusal stands in any case: wrong answers do not become right with more pairs. */
export function comparisonLook(comparison: Comparison, state: ExperimentRecord['state']): VerdictLook {
  if (comparison.refusals.length > 0 || comparison.verdict === 'not-comparable') {
    return VERDICT_LOOK['not-comparable'];
  }
  const gates = comparison.timings.filter(({ role }) => role === 'gate');
  const undecided = gates.length === 0 || gates.every((gate) => timingLook(gate, state) === NO_VERDICT);
  return undecided ? NO_VERDICT : VERDICT_LOOK[comparison.verdict];
}
