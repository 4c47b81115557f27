import { isTransactionControl } from '../../postgres/statement-stats.ts';
import { countOf, formatBytes, formatCount, formatDuration, formatShare, shorten } from '../../quantity.ts';
import type { BackupFact, PriorityFact, ProfileFact, WeekFacts, WeekRow } from '../../week-record.ts';
import type { Terms } from './goals.ts';
import { faultOf, judged, rowOf } from './outcome.ts';

/** Monday: what there is, saved and looked at. */
export function day1Rows({ backup, profile, priorities }: WeekFacts, { isReference }: Terms): WeekRow[] {
  const pages = profile && [
    { text: 'PROFILING_RESULTS.md', file: `${profile.folder}/report/PROFILING_RESULTS.md` },
  ];
  const evidence = pages ?? [];
  return [
    rowOf(
      {
        ...{ id: 'day1.backup', day: 1, title: 'Backup of the database, restored and verified' },
        goal: 'what is restored equals what was backed up, table by table',
        how: 'backed up, damaged on purpose, restored in place; digests of all rows and definitions',
        evidence: backup ? [{ text: 'the backup’s record', file: 'backup/backup.json' }] : [],
      },
      backup,
      judgeBackup,
    ),
    rowOf(
      {
        ...{ id: 'day1.captured', day: 1, title: 'SQL of a whole dispatch captured', evidence },
        goal: 'every statement, with its parameters',
        how: 'heard between service and database, and counted by pg_stat_statements',
      },
      profile,
      (fact) => judged(...capturedWords(fact)),
    ),
    rowOf(
      {
        ...{ id: 'day1.slowest', day: 1, title: 'The ten slowest statements, with EXPLAIN', evidence },
        goal: 'each with an executed plan',
        how: 'most time a dispatch first; executed with captured parameters at their place in a replay on a clone',
      },
      profile,
      judgeSlowest,
    ),
    rowOf(
      {
        ...{ id: 'day1.baseline', day: 1, title: 'Total time of the baseline', evidence },
        goal: 'measured, with the share of the database',
        how: 'dispatches alone, undisturbed; the share from what the service waited for',
      },
      profile,
      ({ dispatchMs, databaseShare, statements, roundTrips, commits }) =>
        judged(
          `${formatDuration(dispatchMs)} a dispatch, ${formatShare(databaseShare)} of it waiting for the database; ${countOf(statements, 'statement')}, ${countOf(roundTrips, 'round trip')}, ${countOf(commits, 'commit')}`,
          null,
        ),
    ),
    rowOf(
      {
        ...{ id: 'day1.priorities', day: 1, title: 'Priority list of indexes' },
        goal: 'what pays most first',
        how: priorities?.verified
          ? 'each candidate created on a clone, the workload replayed, blocks counted'
          : 'ranked by the cost the planner estimates that they save',
        evidence: priorities?.folder
          ? [{ text: 'INDEX_ADVICE.md', file: `${priorities.folder}/INDEX_ADVICE.md` }]
          : [],
      },
      priorities,
      (fact) =>
        judged(
          priorityWords(fact),
          isReference && fact.indexes.length === 0 ? 'no index is worth its writes' : null,
        ),
    ),
    rowOf(
      {
        ...{ id: 'day1.report', day: 1, title: 'PROFILING_RESULTS.md', evidence },
        goal: 'written',
        how: 'drawn from the profile’s record',
      },
      profile,
      ({ slow, slowest }) =>
        judged(
          `${countOf(slow.length, 'slow statement')}, the ${slowest.length} slowest with their plans`,
          null,
        ),
    ),
  ];
}

function judgeBackup({ tables, rows, databaseBytes, ...backup }: BackupFact) {
  const equal = backup.restoredDigest === backup.digest;
  const fault = faultOf([
    backup.damagedDigest === backup.digest && 'the damage changed nothing, so the restore proves nothing',
    !equal && 'the restored rows differ',
    ...backup.differences.slice(0, 3),
  ]);
  const size = `${countOf(tables, 'table')}, ${countOf(rows, 'row')}, ${formatBytes(databaseBytes)}`;
  return judged(`${size}; restored: ${equal ? 'equal to the row' : 'not equal'}`, fault);
}

function capturedWords({ captured, statements }: ProfileFact): [string, string | null] {
  const words = `${countOf(captured, 'statement')} heard, ${formatCount(statements)} of them in one dispatch (median)`;
  return [words, captured >= statements && statements > 0 ? null : 'not every statement was heard'];
}

function judgeSlowest({ slowest }: ProfileFact) {
  const planned = slowest.filter(({ plan }) => plan !== null);
  const missing = slowest.filter(({ plan, statement }) => plan === null && !isTransactionControl(statement));
  const [first] = slowest;
  const words = `${planned.length} of ${slowest.length} with an executed plan`;
  const slowestWords = first?.msPerDispatch
    ? `; the slowest: ${formatDuration(first.msPerDispatch)} a dispatch, ${first.plan ?? 'without a plan'}`
    : '';
  return judged(
    words + slowestWords,
    faultOf([
      slowest.length === 0 && 'no statement was timed',
      missing.length > 0 &&
        `without a plan: ${missing.map(({ statement }) => shorten(statement, 60)).join('; ')}`,
    ]),
  );
}

function priorityWords({ indexes, verified }: PriorityFact): string {
  const named = indexes.slice(0, 3).map(({ description }) => description);
  const how = verified ? 'each verified on a clone' : 'estimated by the planner, not verified';
  if (named.length === 0) return 'no index is worth its writes';
  return `${countOf(indexes.length, 'index', 'indexes')}, ${how}: ${named.join(', ')}${indexes.length > 3 ? ', …' : ''}`;
}
