import { nameStatement } from '../../experiment/statement-text.ts';
import { countOf, formatBytes, formatCount, formatDuration, formatShare } from '../../quantity.ts';
import type { BackupFact, PriorityFact, ProfileFact, WeekFacts } from '../../week-record.ts';
import { type Block, blocks, type Section, type Table, table } from '../view/blocks.ts';
import type { WeekCharts } from './week-charts.ts';
import { section } from './week-section.ts';

/** What the first day found out: where the time of a dispatch goes, and which indexes to try first. */
export function dayOneSections(facts: WeekFacts, { slowestStatements }: WeekCharts): Section[] {
  const { profile, priorities, backup } = facts;
  return [
    section('slowest', 'The slowest statements', {
      blocks: blocks(
        slowestStatements && { kind: 'chart', chart: slowestStatements },
        profile && slowestBlocks(profile),
      ),
      missing: 'The baseline was not profiled.',
    }),
    section('priorities', 'Which indexes to try first', {
      lead: priorities === null ? null : priorityLead(priorities),
      blocks: blocks(priorities && priorityTable(priorities)),
      missing: 'No priority list was made.',
    }),
    section('backup', 'The backup', {
      lead: backup === null ? null : backupSentence(backup),
      blocks: blocks(backup && backupFacts(backup)),
      missing: 'No backup was made.',
    }),
  ];
}

/** Time, statements and the database's share of one dispatch. */
export function profileSentence({
  variant,
  dispatchMs,
  statements,
  commits,
  databaseShare,
  slow,
}: ProfileFact): string {
  return `A dispatch of ${variant} takes ${formatDuration(dispatchMs)}, ${formatShare(databaseShare)} of it in the database, with ${countOf(statements, 'statement')} and ${countOf(commits, 'commit')}. ${slow.length === 0 ? 'None of its statements is slow.' : `${countOf(slow.length, 'statement')} of it ${slow.length === 1 ? 'is' : 'are'} slow.`}`;
}

function slowestBlocks({ slowest, slow, folder }: ProfileFact): Block[] {
  const isSlow = new Set(slow);
  return blocks(
    table(
      `The ${countOf(slowest.length, 'statement')} that take most time`,
      ['Statement', 'Time a dispatch', 'Share', 'Calls', 'Mean', 'Slow', 'What its plan does'],
      slowest.map((one) => [
        { kind: 'code', text: nameStatement(one.statement) },
        one.msPerDispatch === null ? '–' : formatDuration(one.msPerDispatch),
        one.timeShare === null ? '–' : formatShare(one.timeShare),
        formatCount(one.callsPerDispatch),
        one.meanMs === null ? '–' : formatDuration(one.meanMs),
        isSlow.has(one.statement) ? 'yes' : 'no',
        one.plan ?? 'no plan was executed',
      ]),
      { textColumns: [5, 6], note: 'The definitions of slow and the whole plans are in the profile.' },
    ),
    { kind: 'links', links: profileLinks(folder) },
  );
}

/** The pages that a profile writes into its folder. */
export function profileLinks(folder: string) {
  return ['PROFILING_RESULTS.md', 'N_PLUS_ONE_ISSUES.md'].map((file) => ({
    text: file,
    file: `../${folder}/report/${file}`,
  }));
}

function priorityLead({ verified }: PriorityFact): string {
  return verified
    ? 'Each candidate was created and the captured statements were replayed: the blocks are measured.'
    : 'Ranked by the planner of PostgreSQL with hypothetical costs: estimated, because the quick week does not create each candidate. What each index of the migration really earns is measured on day 2.';
}

function priorityTable({ indexes, verified }: PriorityFact): Table | null {
  return table(
    'Priority list of indexes',
    verified
      ? ['Index', 'Blocks saved', 'Blocks added', 'In the migration']
      : ['Index', 'Cost saved (estimated)', 'In the migration'],
    indexes.map((index) => [
      { kind: 'code', text: index.description },
      ...(verified
        ? [countOr(index.blocksSaved), countOr(index.blocksAdded)]
        : [countOr(index.estimatedCostSaved)]),
      index.inMigration ?? 'no',
    ]),
    { textColumns: [verified ? 3 : 2] },
  );
}

function countOr(value: number | null): string {
  return value === null ? '–' : formatCount(value);
}

function backupSentence({ rows, tables, differences }: BackupFact): string {
  const saved = `${countOf(rows, 'row')} of ${countOf(tables, 'table')} were saved, damaged on purpose and restored`;
  return differences.length === 0
    ? `${saved}: not a single difference.`
    : `${saved}: ${differences.join('; ')}.`;
}

function backupFacts({ id, databaseBytes, digest, damagedDigest, restoredDigest, dump }: BackupFact): Block {
  return {
    kind: 'facts',
    facts: [
      { name: 'Backup', value: `${id}, of a database of ${formatBytes(databaseBytes)}` },
      { name: 'Digest saved', value: digest },
      { name: 'After damage', value: damagedDigest },
      { name: 'After restore', value: restoredDigest },
      { name: 'pg_dump beside it', value: dump ?? 'yes' },
    ],
  };
}
