/** What an experiment would say about simulated pairs: the looks, the intervals and the verdicts of the harness. */
import type { Verdict } from '../../harness/experiment-record.ts';
import type { Look } from '../../harness/statistics/alpha-spending.ts';
import { excludesZero } from '../../harness/statistics/cross-check.ts';
import { locate } from '../../harness/statistics/hodges-lehmann.ts';
import { isSettled, judge } from '../../harness/statistics/verdict.ts';

/** Half-width of the band of no interest of times, as a ratio. */
export const DELTA = 0.03;

export interface GateOutcome {
  /** Pairs at which it ended: the first look at which every metric was settled, else the last. */
  readonly pairs: number;
  /** One per metric, of that look. */
  readonly verdicts: readonly Verdict[];
}

/** Verdicts of a family of metrics, one list of differences each, that stops at the first look with all settled. */
export function judgeFamily(metrics: readonly (readonly number[])[], looks: readonly Look[]): GateOutcome {
  let outcome: GateOutcome = { pairs: 0, verdicts: [] };
  for (const look of looks) {
    const verdicts = metrics.map((differences) => judgeLook(differences, look));
    outcome = { pairs: look.pairs, verdicts };
    if (verdicts.every(isSettled)) break;
  }
  return outcome;
}

function judgeLook(differences: readonly number[], look: Look): Verdict {
  const location = locate(differences.slice(0, look.pairs));
  return judge(location.interval(look.level), location.interval(look.equivalenceLevel), DELTA);
}

/** Whether any metric has an interval without zero at any of the looks, were none of them the end. */
export function everExcludesZero(
  metrics: readonly (readonly number[])[],
  looks: readonly Pick<Look, 'pairs' | 'level'>[],
): boolean {
  return metrics.some((differences) =>
    looks.some(({ pairs, level }) => {
      const interval = locate(differences.slice(0, pairs)).interval(level);
      return interval !== null && excludesZero(interval);
    }),
  );
}
