import { countOf, formatCount } from '../../quantity.ts';
import type { FinalMetric, LadderFact, TaskId, WeekFacts, WeekPlan } from '../../week-record.ts';
import { type Terms, termsOf } from './goals.ts';
import { missingIndexes } from './missing-indexes.ts';
import { leftOpen, openBecause } from './open-because.ts';
import { faultOf, fewer, judged, notDone, type Outcome, undecided } from './outcome.ts';
import { formatReduction, shortOf } from './reduction.ts';
import { slowAfter } from './slow-statements-after.ts';
import { ladderEvidence, stepBetween, TIMED, timeGoal, timeOutcome } from './time-goal.ts';

/**
 * The five metrics that decide, whether or not they were measured. They are those of Friday: none where it was not asked for.
 *
 * @param failures why a task failed, of those that did
 */
export function finalMetrics(
  facts: WeekFacts,
  plan: Pick<WeekPlan, 'days' | 'target'>,
  failures: ReadonlyMap<TaskId, string> = new Map(),
): FinalMetric[] {
  if (!plan.days.includes(5)) return [];
  return metricsOf(facts, termsOf(plan))
    .map((metric) => leftOpen(metric, plan))
    .map((metric) => openBecause(metric, facts, failures));
}

function metricsOf(facts: WeekFacts, terms: Terms): FinalMetric[] {
  const { dispatchRatio, applyRatio } = terms.goals;
  return [
    timeMetric(
      { id: 'final.dispatch-time', title: 'Time of a dispatch', of: 'dispatch', goalRatio: dispatchRatio },
      facts,
    ),
    queriesMetric(facts.ladder, terms),
    timeMetric({ id: 'final.apply-time', title: 'Time of apply', of: 'apply', goalRatio: applyRatio }, facts),
    indexesMetric(facts, terms),
    slowStatementsMetric(facts, terms),
  ];
}

type Metric = Omit<FinalMetric, 'day' | 'outcome' | 'reason' | 'measured' | 'evidence'>;

const NO_INTERVAL = { low: null, high: null, level: null } as const;

function timeMetric(
  described: Pick<FinalMetric, 'id' | 'title'> & {
    readonly of: 'dispatch' | 'apply';
    readonly goalRatio: number | null;
  },
  { ladder }: WeekFacts,
): FinalMetric {
  const { id, title, of, goalRatio } = described;
  const step = stepBetween(ladder, 'baseline', 'optimised');
  const change = step?.[of] ?? null;
  return {
    ...{ id, day: 5, title, unit: 'ms', goalRatio },
    goal: timeGoal(goalRatio),
    before: change?.beforeMs ?? null,
    after: change?.afterMs ?? null,
    ratio: change?.ratio ?? null,
    low: change?.low ?? null,
    high: change?.high ?? null,
    level: change?.level ?? null,
    how: TIMED,
    evidence: ladderEvidence(ladder),
    ...timeOutcome(step, of, goalRatio),
  };
}

function queriesMetric(ladder: LadderFact | null, { goals }: Terms): FinalMetric {
  const { before, after } = stepBetween(ladder, 'baseline', 'optimised')?.queries ?? {
    before: null,
    after: null,
  };
  const { queriesRatio, queriesBefore, queriesAfter } = goals;
  const metric: Metric = {
    ...{ id: 'final.queries', title: 'Queries of a dispatch', unit: 'statements', goalRatio: queriesRatio },
    goal: queriesGoal(goals),
    ...{ before, after, ratio: before && after !== null ? after / before : null, ...NO_INTERVAL },
    how: 'counted by pg_stat_statements while dispatches run alone; exact',
  };
  const evidence = ladderEvidence(ladder);
  if (before === null || after === null) return { ...metric, day: 5, ...notDone(), evidence };
  const ratio = after / before;
  const words = `${formatCount(before)} → ${formatCount(after)}: ${formatReduction(ratio)}`;
  if (queriesRatio === null) return { ...metric, day: 5, ...fewer(words, { before, after }), evidence };
  const fault = faultOf([
    shortOf(ratio, queriesRatio),
    queriesBefore !== null &&
      before < queriesBefore &&
      `${formatCount(before)} before the week, fewer than ${queriesBefore}`,
    queriesAfter !== null && after > queriesAfter && `${formatCount(after)} are more than ${queriesAfter}`,
  ]);
  return { ...metric, day: 5, ...judged(words, fault), evidence };
}

function queriesGoal({ queriesRatio, queriesBefore, queriesAfter }: Terms['goals']): string {
  if (queriesRatio === null) return 'fewer';
  const counts =
    queriesBefore === null || queriesAfter === null
      ? ''
      : `: from ${queriesBefore} or more to ${queriesAfter} or fewer`;
  return `${formatReduction(queriesRatio)}${counts}`;
}

function indexesMetric({ migration }: WeekFacts, terms: Terms): FinalMetric {
  const missing = migration ? missingIndexes(migration) : [];
  const { goals, isReference } = terms;
  const before = migration?.before.length ?? null;
  const made = migration ? migration.declared.length - missing.length : null;
  // A schema that is not ours may have indexes already; the reference one has none, and must not.
  const after = made === null || isReference ? made : made + (before ?? 0);
  const metric: Metric = {
    ...{ id: 'final.indexes', title: 'Performance indexes', unit: 'indexes', goalRatio: null },
    goal: isReference ? `0 → ${goals.indexes}` : ownIndexesGoal(goals.indexes),
    ...{ before, after, ratio: null, ...NO_INTERVAL },
    how: 'read back from the catalogue before and after the upgrade',
  };
  const evidence = [{ text: 'day 2', file: 'report/DAY_2_INDEXES.md' }];
  if (before === null || after === null) return { ...metric, day: 5, ...notDone(), evidence: [] };
  const least = goals.indexes ?? 1;
  const fault = isReference
    ? faultOf([
        before > 0 && `${countOf(before, 'index', 'indexes')} before the upgrade`,
        after < least && [`${after} are fewer than ${least}`, ...missing].join(': '),
      ])
    : faultOf([after - before < least && `it adds ${after - before}, fewer than ${least}`, ...missing]);
  return { ...metric, day: 5, ...judged(`${before} → ${after}`, fault), evidence };
}

function ownIndexesGoal(least: number | null): string {
  return least === null ? 'more, each valid' : `${countOf(least, 'index', 'indexes')} more, each valid`;
}

function slowStatementsMetric({ profile, profileAfter }: WeekFacts, terms: Terms): FinalMetric {
  const goalRatio = terms.goals.slowStatementsRatio;
  const before = profile?.slow.length ?? null;
  const left = profile && profileAfter ? slowAfter(profile, profileAfter) : null;
  const after = left?.length ?? null;
  const metric: Metric = {
    ...{ id: 'final.slow-statements', title: 'Slow statements of a dispatch', unit: 'statements' },
    goalRatio,
    goal: goalRatio === null ? 'fewer' : formatReduction(goalRatio),
    ...{ before, after, ratio: before && after !== null ? after / before : null, ...NO_INTERVAL },
    how: 'by the definitions of `rushhour profile`; a tenth of the time of all statements is that of before the week on both sides',
  };
  const evidence = [profile, profileAfter].flatMap((fact) =>
    fact ? [{ text: `profile of ${fact.variant}`, file: `${fact.folder}/report/PROFILING_RESULTS.md` }] : [],
  );
  if (before === null || after === null) return { ...metric, day: 5, ...notDone(), evidence };
  const words = `${before} → ${after}${before > 0 ? `: ${formatReduction(after / before)}` : ''}`;
  return { ...metric, day: 5, ...slowOutcome(words, { before, left: left ?? [] }, terms), evidence };
}

function slowOutcome(words: string, { before, left }: SlowCounts, { goals, isReference }: Terms): Outcome {
  const still = left.length === 0 ? '' : `; slow still: ${left.join('; ')}`;
  if (before === 0) {
    const none = 'no statement was slow before the week';
    return isReference ? judged(words, none) : undecided(words, none);
  }
  if (goals.slowStatementsRatio === null) return fewer(words + still, { before, after: left.length });
  const short = shortOf(left.length / before, goals.slowStatementsRatio);
  return judged(words, short === null ? null : short + still);
}

interface SlowCounts {
  readonly before: number;
  /** Slow still. */
  readonly left: readonly string[];
}
