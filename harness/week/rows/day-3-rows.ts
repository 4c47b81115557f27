import { formatBytes, formatCount } from '../../quantity.ts';
import type { ApplyAccount, WeekFacts, WeekRow } from '../../week-record.ts';
import type { Terms } from './goals.ts';
import { judged, rowOf } from './outcome.ts';
import { equalOutcome, ladderEvidence, TIMED, timeGoal, timeOutcome } from './time-goal.ts';
import { weekStep, weekStepNames } from './week-steps.ts';

/** Wednesday: assignments inserted and bookings updated in bulk. */
export function day3Rows({ ladder, apply }: WeekFacts, { goals, isReference }: Terms): WeekRow[] {
  const step = weekStep(ladder, 'bulk-apply');
  const goal = isReference ? 'fewer' : 'no more';
  const evidence = ladderEvidence(ladder);
  const how =
    'apply of one dispatch, heard between service and database; from its first write to its last commit';
  return [
    {
      ...{ id: 'day3.time', day: 3, title: 'Time of apply', how: TIMED, evidence },
      goal: timeGoal(goals.applyRatio),
      ...timeOutcome(step, 'apply', goals.applyRatio),
    },
    rowOf(
      { id: 'day3.statements', day: 3, title: 'Statements of apply', goal, how },
      accountsOf(apply?.accounts),
      (accounts) => judgeFewer(accounts, 'statements', goal),
    ),
    rowOf(
      { id: 'day3.commits', day: 3, title: 'Commits of apply', goal, how },
      accountsOf(apply?.accounts),
      (accounts) => judgeFewer(accounts, 'commits', goal),
    ),
    rowOf(
      {
        ...{ id: 'day3.wal', day: 3, title: 'WAL of apply', goal: 'counted before and after' },
        how: 'of its writing statements, by pg_stat_statements',
      },
      walOf(apply?.accounts),
      ({ before, after }) => judged(`${formatBytes(before)} → ${formatBytes(after)}`, null),
    ),
    {
      ...{ id: 'day3.equal', day: 3, title: 'No functional regression', evidence },
      goal: 'the same assignments, statuses and answers',
      how: 'the same company-days dispatched by both on fresh clones, everything written and answered compared',
      ...equalOutcome(step ? [step] : []),
    },
  ];
}

type BothAccounts = { readonly before: ApplyAccount; readonly after: ApplyAccount };

function accountsOf(accounts: readonly ApplyAccount[] = []): BothAccounts | null {
  const names = weekStepNames(
    accounts.map(({ variant }) => variant),
    'bulk-apply',
  );
  const before = accounts.find(({ variant }) => variant === names?.from);
  const after = accounts.find(({ variant }) => variant === names?.to);
  return before && after ? { before, after } : null;
}

function walOf(accounts: readonly ApplyAccount[] = []): { before: number; after: number } | null {
  const both = accountsOf(accounts);
  const [before, after] = [both?.before.walBytes ?? null, both?.after.walBytes ?? null];
  return before === null || after === null ? null : { before, after };
}

function judgeFewer(
  { before, after }: BothAccounts,
  counter: 'statements' | 'commits',
  goal: 'fewer' | 'no more',
) {
  const words = `${formatCount(before[counter])} → ${formatCount(after[counter])} for ${formatCount(after.assignments)} assignments`;
  if (goal === 'no more') return judged(words, after[counter] <= before[counter] ? null : 'more than before');
  return judged(words, after[counter] < before[counter] ? null : 'not fewer');
}
