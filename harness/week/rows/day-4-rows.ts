import { countOf, formatCount } from '../../quantity.ts';
import type { NPlusOneFact, WeekFacts, WeekRow } from '../../week-record.ts';
import type { Terms } from './goals.ts';
import { faultOf, fewer, judged, rowOf } from './outcome.ts';
import { formatReduction, shortOf } from './reduction.ts';
import { ladderEvidence } from './time-goal.ts';
import { weekStep } from './week-steps.ts';

/** Thursday: N+1 queries found and removed. */
export function day4Rows({ ladder, nPlusOne }: WeekFacts, { goals, isReference }: Terms): WeekRow[] {
  const { queriesRatio } = goals;
  const issues = nPlusOne
    ? [{ text: 'N_PLUS_ONE_ISSUES.md', file: `${nPlusOne.before.folder}/report/N_PLUS_ONE_ISSUES.md` }]
    : [];
  const after = nPlusOne
    ? [
        {
          text: 'N_PLUS_ONE_ISSUES.md, afterwards',
          file: `${nPlusOne.after.folder}/report/N_PLUS_ONE_ISSUES.md`,
        },
      ]
    : [];
  const bySlope =
    'by how the calls of each statement grow with the size of the work, each size on fresh clones';
  return [
    rowOf(
      {
        ...{
          id: 'day4.found',
          day: 4,
          title: 'N+1 in the routes and in the dispatch found',
          evidence: issues,
        },
        goal: 'each with its statement, its slope and its cost, in N_PLUS_ONE_ISSUES.md',
        how: bySlope,
      },
      nPlusOne,
      ({ units }) => judged(foundWords(units), units.length === 0 ? 'no unit of work was measured' : null),
    ),
    rowOf(
      {
        ...{
          id: 'day4.removed',
          day: 4,
          title: 'N+1 removed by joined and batched loading',
          evidence: after,
        },
        goal: isReference ? 'none is left' : 'none is left, or fewer',
        how: bySlope,
      },
      nPlusOne,
      (fact) => (isReference || fact.remaining.length === 0 ? judgeRemaining(fact) : judgeFewerFound(fact)),
    ),
    rowOf(
      {
        ...{ id: 'day4.queries', day: 4, title: 'Queries of a dispatch', evidence: ladderEvidence(ladder) },
        goal: queriesRatio === null ? 'fewer' : formatReduction(queriesRatio),
        how: 'counted by pg_stat_statements while dispatches run alone; exact',
      },
      weekStep(ladder, 'eager-loading')?.queries,
      (queries) => judgeQueries(queries, queriesRatio),
    ),
    rowOf(
      {
        ...{ id: 'day4.routes', day: 4, title: 'Queries of the routes', evidence: issues },
        goal: 'fewer wherever an N+1 was found',
        how: 'statements of one page, heard between service and database, at the largest page measured',
      },
      nPlusOne,
      judgeRoutes,
    ),
    rowOf(
      {
        ...{ id: 'day4.equal', day: 4, title: 'Responses equal' },
        goal: 'the same answers before and after',
        how: 'the same requests on clones of equal data, compared byte for byte but for clock times',
      },
      nPlusOne,
      ({ answers }) => {
        const different = answers.filter(({ equal }) => !equal).map(({ request }) => request);
        return judged(
          `${answers.length - different.length} of ${countOf(answers.length, 'answer')} equal`,
          faultOf([
            answers.length === 0 && 'none was compared',
            different.length > 0 && `different: ${different.join(', ')}`,
          ]),
        );
      },
    ),
  ];
}

function foundWords(units: NPlusOneFact['units']): string {
  const total = units.reduce((sum, { found }) => sum + found.before, 0);
  const each = units
    .filter(({ found }) => found.before > 0)
    .map(({ unit, found }) => `${unit} ${found.before}`);
  return `${countOf(total, 'finding')}${each.length > 0 ? `: ${each.join(', ')}` : ''}`;
}

function judgeRemaining({ remaining }: NPlusOneFact) {
  return judged(
    remaining.length === 0 ? 'none left' : `${remaining.length} left`,
    remaining.length === 0 ? null : remaining.slice(0, 3).join('; '),
  );
}

function judgeFewerFound({ units, remaining }: NPlusOneFact) {
  const before = units.reduce((sum, { found }) => sum + found.before, 0);
  const words = `${remaining.length} left of ${before}: ${remaining.slice(0, 3).join('; ')}`;
  return fewer(words, { before, after: remaining.length });
}

function judgeQueries({ before, after }: { before: number; after: number }, goalRatio: number | null) {
  const ratio = after / before;
  const words = `${formatCount(before)} → ${formatCount(after)}: ${formatReduction(ratio)}`;
  return goalRatio === null ? fewer(words, { before, after }) : judged(words, shortOf(ratio, goalRatio));
}

function judgeRoutes({ units }: NPlusOneFact) {
  const routes = units.filter(({ unit }) => unit !== 'dispatch');
  const worse = routes.filter(({ found, queries }) => found.before > 0 && queries.after >= queries.before);
  const words = routes.map(
    ({ unit, queries, size }) =>
      `${unit} ${formatCount(queries.before)} → ${formatCount(queries.after)} (${size})`,
  );
  return judged(
    words.join(', ') || 'no route was measured',
    faultOf([
      routes.length === 0 && 'no route was measured',
      worse.length > 0 && `not fewer: ${worse.map(({ unit }) => unit).join(', ')}`,
    ]),
  );
}
