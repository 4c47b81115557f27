import { nameStatement } from '../experiment/statement-text.ts';
import { RANKINGS, type Ranking, rankStatements, slowSentence } from '../profiling/slow-statements.ts';
import type {
  ProfiledStatement,
  SlowStatements,
  StatementPlans,
  TimeShare,
} from '../profiling/statement-record.ts';
import { PART_NAMES, timeShareDetail, timeShareHeadline } from '../profiling/time-share.ts';
import { countOf, formatBytes, formatCount, formatDuration, formatShare } from '../quantity.ts';
import type { Chart } from './charts/chart.ts';
import { escapeMarkdown, markdownCode } from './escape.ts';
import { chartText, tableText } from './markdown.ts';
import { planSection, settingsOf } from './plan-section.ts';

/** What a profile found in the statements of a service; part of `rushhour.profile/1`. */
export interface ProfilingResults {
  /** `null` where the service could not be heard while it talked to its database. */
  readonly timeShare: TimeShare | null;
  readonly slow: SlowStatements;
  readonly plans: readonly StatementPlans[];
  /** What could not be seen, in sentences: of the statement counters, of the tap, of the replay. */
  readonly unseen: readonly string[];
}

export interface ProfilingPage {
  /** What was measured: the service and its dataset. */
  readonly context: string;
  /** Drawn as files in `charts/` beside the page. */
  readonly charts: { readonly wallTime: Chart | null; readonly costliest: Chart | null };
}

/** `PROFILING_RESULTS.md`. Its first line is what any change to the database can gain at most. */
export function profilingResults(results: ProfilingResults, { context, charts }: ProfilingPage): string {
  const { timeShare, slow, plans, unseen } = results;
  const parts = [
    `# ${escapeMarkdown(timeShare ? timeShareHeadline(timeShare) : SHARE_UNKNOWN)}`,
    escapeMarkdown(context),
    ...(timeShare ? timeText(timeShare, charts.wallTime) : []),
    ...slowText(slow, charts.costliest),
    ...RANKINGS.flatMap((ranking) => rankingText(slow, ranking)),
    ...plansLead(plans),
    ...plans.map((plan, index) => planSection(plan, index + 1)),
    unseenText(unseen),
  ];
  return `${parts.join('\n\n')}\n`;
}

const SHARE_UNKNOWN =
  'Which share of a dispatch the database accounts for was not measured, so nobody can say what a change to it may gain';

function timeText(share: TimeShare, chart: Chart | null): string[] {
  const { parts, warnings } = share;
  const rows = parts.map(({ part, ms, share: ratio }) => [
    PART_NAMES[part],
    formatDuration(ms.median),
    formatShare(ratio.median),
    `${formatShare(ratio.low)} to ${formatShare(ratio.high)}`,
  ]);
  return [
    escapeMarkdown(timeShareDetail(share)),
    ...(chart === null ? [] : [chartText(chart)]),
    tableText(['Of a dispatch', 'Time', 'Share', 'Range'], [false, true, true, true], rows),
    ...bullets(warnings),
  ];
}

function slowText(slow: SlowStatements, chart: Chart | null): string[] {
  const clock =
    slow.clock === 'database'
      ? 'Times are execution in the server (pg_stat_statements); what else the service waits for is in the time above.'
      : 'Times are those of the wait for the answer, round trip included: the server does not count its execution.';
  return [
    `## ${escapeMarkdown(slowSentence(slow).replace(/\.$/, ''))}`,
    `Slow has fixed definitions, over ${countOf(slow.dispatches, 'dispatch', 'dispatches')}; a statement that meets one is slow:`,
    ...bullets(slow.definitions),
    escapeMarkdown(clock),
    ...(chart === null ? [] : [chartText(chart)]),
  ];
}

const RANKING_WORDS: Record<Ranking, { heading: string; none: string }> = {
  meanMs: { heading: 'The slowest: most time a call', none: 'Times were not measured.' },
  blocksPerDispatch: {
    heading: 'The costliest by blocks read',
    none: 'Blocks were not counted, or none was touched.',
  },
  walBytesPerDispatch: {
    heading: 'The costliest by WAL written',
    none: 'WAL was not counted, or none was written.',
  },
  callsPerDispatch: { heading: 'The most called', none: 'No call was seen.' },
};

function rankingText({ statements }: SlowStatements, ranking: Ranking): string[] {
  const { heading, none } = RANKING_WORDS[ranking];
  const ranked = rankStatements(statements, ranking);
  if (ranked.length === 0) return [`### ${heading}`, `*${none}*`];
  const columns = COLUMNS.toSorted((a, b) => Number(b.ranking === ranking) - Number(a.ranking === ranking));
  return [
    `### ${heading}`,
    tableText(
      ['Statement', ...columns.map(({ title }) => title), 'Slow'],
      [false, ...columns.map(() => true), false],
      ranked.map((one) => [
        markdownCode(nameStatement(one.statement)),
        ...columns.map(({ cell }) => cell(one)),
        one.slow.join(', ') || '–',
      ]),
    ),
  ];
}

interface Column {
  readonly title: string;
  /** The ranking of which it is the first column. */
  readonly ranking: Ranking | null;
  readonly cell: (statement: ProfiledStatement) => string;
}

const COLUMNS: readonly Column[] = [
  { title: 'Mean', ranking: 'meanMs', cell: ({ meanMs }) => orNone(meanMs, formatDuration) },
  { title: 'Share of time', ranking: null, cell: ({ timeShare }) => orNone(timeShare, formatShare) },
  {
    title: 'Calls a dispatch',
    ranking: 'callsPerDispatch',
    cell: ({ callsPerDispatch }) => formatCount(callsPerDispatch),
  },
  { title: 'Rows a dispatch', ranking: null, cell: ({ rowsPerDispatch }) => formatCount(rowsPerDispatch) },
  {
    title: 'Blocks a dispatch',
    ranking: 'blocksPerDispatch',
    cell: ({ blocksPerDispatch }) => orNone(blocksPerDispatch, formatCount),
  },
  { title: 'Blocks a row', ranking: null, cell: ({ blocksPerRow }) => orNone(blocksPerRow, formatCount) },
  {
    title: 'WAL a dispatch',
    ranking: 'walBytesPerDispatch',
    cell: ({ walBytesPerDispatch }) => orNone(walBytesPerDispatch, formatBytes),
  },
];

function orNone(value: number | null, format: (value: number) => string): string {
  return value === null ? '–' : format(value);
}

const PLANS_LEAD =
  'Executed on a clone, at their place in a replay of the captured dispatch, with the parameters of one captured call. Values in conditions are left out. `!` marks what tells something, `!!` what is extreme.';

function plansLead(plans: readonly StatementPlans[]): string[] {
  if (plans.length === 0) return [];
  const settings = settingsOf(plans);
  const said =
    settings.length === 0
      ? 'All settings of the planner are the default.'
      : `Settings of the planner that are not the default: ${escapeMarkdown(settings.join(', '))}.`;
  return ['## Plans', `${PLANS_LEAD} ${said}`];
}

function unseenText(unseen: readonly string[]): string {
  if (unseen.length === 0)
    return '## What could not be seen\n\nNothing: every statement was heard and counted.';
  return ['## What could not be seen', ...bullets(unseen)].join('\n\n');
}

function bullets(sentences: readonly string[]): string[] {
  return sentences.length === 0 ? [] : [sentences.map((one) => `- ${escapeMarkdown(one)}`).join('\n')];
}
