import type { Comparison, ExperimentRecord, TimingComparison, Verdict } from '../experiment-record.ts';
import type { NightVerdict } from '../night-record.ts';
import { fewestPairs } from '../statistics/signed-rank.ts';
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

const GREEN = { light: '#00725a', dark: '#3ecfa8' };
const RED = { light: '#b3360b', dark: '#ff8f66' };
const BLUE = { light: '#2f5d9b', dark: '#8ab8f5' };
const AMBER = { light: '#8a6100', dark: '#e5b94b' };
const GREY = { light: '#5a6675', dark: '#a9b5c3' };
const PURPLE = { light: '#6b3fa0', dark: '#c4a3f0' };

export const VERDICT_LOOK: Record<Verdict, VerdictLook> = {
  improved: {
    word: 'improved',
    sign: '✔',
    meaning: 'The whole interval lies on the better side of the band of no interest.',
    ...GREEN,
  },
  regressed: {
    word: 'regressed',
    sign: '✖',
    meaning: 'The whole interval lies on the worse side of the band of no interest.',
    ...RED,
  },
  equivalent: {
    word: 'equivalent',
    sign: '=',
    meaning: 'No change larger than the band of no interest: shown, not assumed.',
    ...BLUE,
  },
  faster: {
    word: 'faster',
    sign: '▿',
    meaning: 'Better for certain, but not proven to be better by more than the band.',
    ...AMBER,
  },
  slower: {
    word: 'slower',
    sign: '▵',
    meaning: 'Worse for certain, but not proven to be worse by more than the band.',
    ...AMBER,
  },
  inconclusive: {
    word: 'inconclusive',
    sign: '?',
    meaning: 'The interval allows both no change and a change that matters: more pairs are needed.',
    ...GREY,
  },
  'not-comparable': {
    word: 'not comparable',
    sign: '⊘',
    meaning: 'The two did not do equal work under equal conditions, so no number decides.',
    ...PURPLE,
  },
};

/** What a night says, worst first. `fine` is shown; inconclusive and too noisy are not fine, and no alarm either. */
export const NIGHT_LOOK: Record<NightVerdict, VerdictLook> = {
  regressed: VERDICT_LOOK.regressed,
  failed: {
    word: 'failed',
    sign: '⊗',
    meaning: 'It could not be measured: a commit does not build, or the service or its database has failed.',
    ...RED,
  },
  'not-comparable': VERDICT_LOOK['not-comparable'],
  'too-noisy': {
    word: 'too noisy',
    sign: '≈',
    meaning: 'Not decided, and on this machine a change of the size that matters would not have been seen.',
    ...GREY,
  },
  inconclusive: VERDICT_LOOK.inconclusive,
  slower: VERDICT_LOOK.slower,
  fine: {
    word: 'fine',
    sign: '=',
    meaning: 'No change larger than the band of no interest: shown, not assumed.',
    ...BLUE,
  },
  faster: VERDICT_LOOK.faster,
  improved: VERDICT_LOOK.improved,
};

/** What stands in place of a verdict where there is none. */
export const NO_VERDICT: VerdictLook = {
  word: 'no verdict',
  sign: '–',
  meaning: `There are fewer than ${MINIMUM_PAIRS} pairs, or the experiment did not end as planned.`,
  ...GREY,
};

/** A regression that an independent second experiment did not find again. */
export const NOT_CONFIRMED: VerdictLook = {
  word: 'not confirmed',
  sign: '!',
  meaning: 'Regressed here, but not in the independent second experiment.',
  ...AMBER,
};

/** An exploratory metric beyond its band on the worse side: a hint, never an alarm. */
export const HINT_WORSE: VerdictLook = {
  word: 'worse',
  sign: '△',
  meaning: 'Its whole interval lies on the worse side of the band; exploratory, so it decides nothing.',
  ...AMBER,
};

/** An exploratory metric whose interval leaves out no change, as some of so many do by chance. */
export const MAY_BE_CHANCE: VerdictLook = {
  word: 'may be chance',
  sign: '~',
  meaning: 'Among so many exploratory metrics some look changed by chance alone (q above 0.10).',
  ...GREY,
};

/** Largest share of false discoveries among the exploratory metrics that are told as changed (Benjamini–Hochberg). */
const LARGEST_Q = 0.1;

/** The comparison may not be judged by its times: unequal conditions, or unequal work. */
export function isRefused({ refusals, verdict, equalOutcome }: Comparison): boolean {
  return refusals.length > 0 || verdict === 'not-comparable' || equalOutcome === false;
}

/** Pairs that the metrics which decide need for an interval: more of them share the chance of a false alarm, so each needs more. */
export function neededPairs({ looks }: Pick<ExperimentRecord['plan'], 'looks'>): number {
  const last = looks.at(-1);
  return last ? Math.max(MINIMUM_PAIRS, fewestPairs(last.level)) : MINIMUM_PAIRS;
}

/**
 * The verdict of one timing. None without an interval, none in an experiment that broke off; a metric that decides
 * nothing is never red, and a regression that was not found again is not red either.
 */
export function timingLook(
  timing: TimingComparison,
  comparison: Comparison,
  state: ExperimentRecord['state'],
): VerdictLook {
  if (timing.verdict === 'not-comparable' || isRefused(comparison)) return VERDICT_LOOK['not-comparable'];
  if (state !== 'complete' || timing.low === null || timing.high === null || timing.pairs < MINIMUM_PAIRS) {
    return NO_VERDICT;
  }
  if (timing.role === 'exploratory') return exploratoryLook(timing);
  const disproved = comparison.confirmation !== null && !comparison.confirmation.agreed;
  return timing.verdict === 'regressed' && disproved ? NOT_CONFIRMED : VERDICT_LOOK[timing.verdict];
}

function exploratoryLook({ verdict, qValue }: TimingComparison): VerdictLook {
  const changed = verdict !== 'equivalent' && verdict !== 'inconclusive';
  if (changed && qValue !== null && qValue > LARGEST_Q) return MAY_BE_CHANCE;
  return verdict === 'regressed' ? HINT_WORSE : VERDICT_LOOK[verdict];
}

/**
 * The verdict of a comparison. A refusal stands in any case: wrong answers do not become right with more pairs. Where
 * only counts were compared, theirs is the verdict.
 */
export function comparisonLook(comparison: Comparison, state: ExperimentRecord['state']): VerdictLook {
  if (isRefused(comparison)) return VERDICT_LOOK['not-comparable'];
  const gates = comparison.timings.filter(({ role }) => role === 'gate');
  if (gates.length === 0) {
    const counted = state === 'complete' && comparison.exact.length > 0;
    return counted ? VERDICT_LOOK[comparison.verdict] : NO_VERDICT;
  }
  const undecided = gates.every((gate) => timingLook(gate, comparison, state) === NO_VERDICT);
  return undecided ? NO_VERDICT : VERDICT_LOOK[comparison.verdict];
}
