import { countOf, formatCount } from '../../quantity.ts';
import type { FinalMetric, LadderFact, TaskId, WeekFacts, WeekPlan } from '../../week-record.ts';
import { GOALS } from './goals.ts';
import { missingIndexes } from './missing-indexes.ts';
import { openBecause } from './open-because.ts';
import { faultOf, judged, notDone } from './outcome.ts';
import { formatReduction, shortOf } from './reduction.ts';
import { slowAfter } from './slow-statements-after.ts';
import { ladderEvidence, stepBetween, TIMED, timeOutcome } from './time-goal.ts';

/**
 * The five metrics that decide, whether or not they were measured. They are those of Friday: none where it was not asked for.
 *
 * @param failures why a task failed, of those that did
 */
export function finalMetrics(
  facts: WeekFacts,
  { days }: Pick<WeekPlan, 'days'>,
  failures: ReadonlyMap<TaskId, string> = new Map(),
): FinalMetric[] {
  return days.includes(5) ? metricsOf(facts).map((metric) => openBecause(metric, facts, failures)) : [];
}

function metricsOf(facts: WeekFacts): FinalMetric[] {
  const { dispatchRatio, applyRatio } = GOALS;
  return [
    timeMetric(
      { id: 'final.dispatch-time', title: 'Time of a dispatch', of: 'dispatch', goalRatio: dispatchRatio },
      facts,
    ),
    queriesMetric(facts.ladder),
    timeMetric({ id: 'final.apply-time', title: 'Time of apply', of: 'apply', goalRatio: applyRatio }, facts),
    indexesMetric(facts),
    slowStatementsMetric(facts),
  ];
}

type Metric = Omit<FinalMetric, 'day' | 'outcome' | 'reason' | 'measured' | 'evidence'>;

const NO_INTERVAL = { low: null, high: null, level: null } as const;

function timeMetric(
  described: Pick<FinalMetric, 'id' | 'title'> & {
    readonly of: 'dispatch' | 'apply';
    readonly goalRatio: number;
  },
  { ladder }: WeekFacts,
): FinalMetric {
  const { id, title, of, goalRatio } = described;
  const step = stepBetween(ladder, 'baseline', 'optimised');
  const change = step?.[of] ?? null;
  return {
    ...{ id, day: 5, title, unit: 'ms', goalRatio },
    goal: `${formatReduction(goalRatio)}, with its whole interval`,
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

function queriesMetric(ladder: LadderFact | null): FinalMetric {
  const { before, after } = stepBetween(ladder, 'baseline', 'optimised')?.queries ?? {
    before: null,
    after: null,
  };
  const { queriesRatio, queriesBefore, queriesAfter } = GOALS;
  const metric: Metric = {
    ...{ id: 'final.queries', title: 'Queries of a dispatch', unit: 'statements', goalRatio: queriesRatio },
    goal: `${formatReduction(queriesRatio)}: from ${queriesBefore} or more to ${queriesAfter} or fewer`,
    ...{ before, after, ratio: before && after !== null ? after / before : null, ...NO_INTERVAL },
    how: 'counted by pg_stat_statements while dispatches run alone; exact',
  };
  const evidence = ladderEvidence(ladder);
  if (before === null || after === null) return { ...metric, day: 5, ...notDone(), evidence };
  const ratio = after / before;
  const fault = faultOf([
    shortOf(ratio, queriesRatio),
    before < queriesBefore && `${formatCount(before)} before the week, fewer than ${queriesBefore}`,
    after > queriesAfter && `${formatCount(after)} are more than ${queriesAfter}`,
  ]);
  const words = `${formatCount(before)} → ${formatCount(after)}: ${formatReduction(ratio)}`;
  return { ...metric, day: 5, ...judged(words, fault), evidence };
}

function indexesMetric({ migration }: WeekFacts): FinalMetric {
  const missing = migration ? missingIndexes(migration) : [];
  const before = migration?.before.length ?? null;
  const after = migration ? migration.declared.length - missing.length : null;
  const metric: Metric = {
    ...{ id: 'final.indexes', title: 'Performance indexes', unit: 'indexes', goalRatio: null },
    goal: `0 → ${GOALS.indexes}`,
    ...{ before, after, ratio: null, ...NO_INTERVAL },
    how: 'read back from the catalogue before and after the upgrade',
  };
  const evidence = [{ text: 'day 2', file: 'report/DAY_2_INDEXES.md' }];
  if (before === null || after === null) return { ...metric, day: 5, ...notDone(), evidence: [] };
  const fault = faultOf([
    before > 0 && `${countOf(before, 'index', 'indexes')} before the upgrade`,
    after < GOALS.indexes && [`${after} are fewer than ${GOALS.indexes}`, ...missing].join(': '),
  ]);
  return { ...metric, day: 5, ...judged(`${before} → ${after}`, fault), evidence };
}

function slowStatementsMetric({ profile, profileAfter }: WeekFacts): FinalMetric {
  const before = profile?.slow.length ?? null;
  const left = profile && profileAfter ? slowAfter(profile, profileAfter) : null;
  const after = left?.length ?? null;
  const metric: Metric = {
    ...{ id: 'final.slow-statements', title: 'Slow statements of a dispatch', unit: 'statements' },
    goalRatio: GOALS.slowStatementsRatio,
    goal: formatReduction(GOALS.slowStatementsRatio),
    ...{ before, after, ratio: before && after !== null ? after / before : null, ...NO_INTERVAL },
    how: 'by the definitions of `rushhour profile`; a tenth of the time of all statements is that of before the week on both sides',
  };
  const evidence = [profile, profileAfter].flatMap((fact) =>
    fact ? [{ text: `profile of ${fact.variant}`, file: `${fact.folder}/report/PROFILING_RESULTS.md` }] : [],
  );
  if (before === null || after === null) return { ...metric, day: 5, ...notDone(), evidence };
  const words = `${before} → ${after}${before > 0 ? `: ${formatReduction(after / before)}` : ''}`;
  return { ...metric, day: 5, ...judged(words, slowFault(before, left ?? [])), evidence };
}

function slowFault(before: number, left: readonly string[]): string | null {
  if (before === 0) return 'no statement was slow before the week';
  const short = shortOf(left.length / before, GOALS.slowStatementsRatio);
  return short === null ? null : `${short}; slow still: ${left.join('; ')}`;
}
