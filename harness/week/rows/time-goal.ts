import { countOf, formatDuration } from '../../quantity.ts';
import type { LadderFact, LadderStep, WeekTimeChange } from '../../week-record.ts';
import { judged, notDone, type Outcome, undecided } from './outcome.ts';
import { formatReduction, formatReductionInterval } from './reduction.ts';

/** "2.11 s → 27.8 ms: −98.7 % (97.5 % interval −98.8 % to −98.5 %)" */
export function timeWords({ beforeMs, afterMs, ratio, low, high, level }: WeekTimeChange): string {
  const interval =
    low === null || high === null || level === null
      ? 'too few pairs for an interval'
      : `${Number((level * 100).toPrecision(3))} % interval ${formatReductionInterval(low, high)}`;
  return `${formatDuration(beforeMs)} → ${formatDuration(afterMs)}: ${formatReduction(ratio)} (${interval})`;
}

/**
 * Why a change misses a goal; null when all of its interval reaches it. An estimate alone proves nothing.
 *
 * @param goalRatio largest after ÷ before that passes; 1: any improvement
 */
function timeFault({ ratio, high }: WeekTimeChange, goalRatio: number): string | null {
  const goal = goalRatio === 1 ? 'an improvement' : formatReduction(goalRatio);
  if (ratio > goalRatio) return `${formatReduction(ratio)} falls short of ${goal}`;
  if (high === null) return 'without an interval nothing is proven';
  if (high > goalRatio)
    return `the estimate reaches ${goal}, but its interval ends at ${formatReduction(high)}: more pairs may settle it`;
  return null;
}

/** The goal of a time in words. @param goalRatio null: better is enough */
export function timeGoal(goalRatio: number | null): string {
  return `${goalRatio === null ? 'faster' : formatReduction(goalRatio)}, with its whole interval`;
}

/**
 * The outcome of a time of a step; open where nothing was timed, with why.
 *
 * @param goalRatio null: it fails only where it is worse, and is open where neither is proven
 */
export function timeOutcome(
  step: LadderStep | null,
  of: 'dispatch' | 'apply',
  goalRatio: number | null,
): Outcome {
  const change = step?.[of] ?? null;
  if (change !== null) {
    return goalRatio === null
      ? timeDirection(change)
      : judged(timeWords(change), timeFault(change, goalRatio));
  }
  const refusals = step?.refusals ?? [];
  return notDone(refusals.length > 0 ? `nothing was timed: ${refusals.join('; ')}` : undefined);
}

function timeDirection(change: WeekTimeChange): Outcome {
  const { low, high } = change;
  const measured = timeWords(change);
  if (low !== null && high !== null && (high < 1 || low > 1))
    return judged(measured, high < 1 ? null : 'it is slower');
  return undecided(
    measured,
    low === null || high === null
      ? 'without an interval nothing is proven'
      : 'neither faster nor slower is proven: more pairs may settle it',
  );
}

/** Whether variants write and answer the same; open where none was compared. */
export function equalOutcome(steps: readonly LadderStep[]): Outcome {
  const compared = steps.filter((step) => step.equalOutcome !== null);
  if (compared.length === 0) return notDone();
  const faults = [
    ...new Set(
      compared
        .filter((step) => step.equalOutcome === false || step.refusals.length > 0)
        .map(({ from, to, refusals }) => `${from} → ${to}: ${refusals.join('; ') || 'different'}`),
    ),
  ];
  const variants = new Set(compared.flatMap(({ from, to }) => [from, to]));
  return judged(
    `${countOf(compared.length - faults.length, 'comparison')} of ${compared.length} equal, ${countOf(variants.size, 'variant')}`,
    faults.join(' | ') || null,
  );
}

/** The step between two variants, if the ladder holds it. */
export function stepBetween(ladder: LadderFact | null, from: string, to: string): LadderStep | null {
  return ladder?.steps.find((step) => step.from === from && step.to === to) ?? null;
}

/** "16 pairs, variants alternating on fresh clones; ratio with its exact signed-rank interval" */
export const TIMED =
  'in pairs, all variants alternating on fresh clones; medians, and the ratio with its exact signed-rank interval';

export function ladderEvidence(ladder: LadderFact | null): { text: string; file: string }[] {
  return ladder ? [{ text: 'the experiment', file: `${ladder.folder}/report/report.md` }] : [];
}
