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
import { planSection, settingsOf } from './plan-section.ts';
import type { ProfilePart } from './profile-part.ts';
import { type Block, blocks, type Cell, type Section, type Table, table } from './view/blocks.ts';

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
export function profilingResults(
  { timeShare, slow, plans, unseen }: ProfilingResults,
  { context, charts }: ProfilingPage,
): ProfilePart {
  return {
    opening: {
      id: 'time',
      heading: timeShare ? timeShareHeadline(timeShare) : SHARE_UNKNOWN,
      lead: context,
      blocks: timeShare ? timeBlocks(timeShare, charts.wallTime) : [],
    },
    sections: [slowSection(slow, charts.costliest), ...planSections(plans), unseenSection(unseen)],
  };
}

const SHARE_UNKNOWN =
  'Which share of a dispatch the database accounts for was not measured, so nobody can say what a change to it may gain';

function timeBlocks(share: TimeShare, chart: Chart | null): Block[] {
  const { parts, warnings } = share;
  const rows = parts.map(({ part, ms, share: ratio }) => [
    PART_NAMES[part],
    formatDuration(ms.median),
    formatShare(ratio.median),
    `${formatShare(ratio.low)} to ${formatShare(ratio.high)}`,
  ]);
  return blocks(
    { kind: 'paragraph', text: timeShareDetail(share) },
    chart && { kind: 'chart', chart },
    table('Parts of a dispatch', ['Of a dispatch', 'Time', 'Share', 'Range'], rows, { captionHidden: true }),
    bullets(warnings),
  );
}

function slowSection(slow: SlowStatements, chart: Chart | null): Section {
  const clock =
    slow.clock === 'database'
      ? 'Times are execution in the server (pg_stat_statements); what else the service waits for is in the time above.'
      : 'Times are those of the wait for the answer, round trip included: the server does not count its execution.';
  return {
    id: 'slow',
    heading: slowSentence(slow).replace(/\.$/, ''),
    lead: null,
    blocks: blocks(
      {
        kind: 'paragraph',
        text: `Slow has fixed definitions, over ${countOf(slow.dispatches, 'dispatch', 'dispatches')}; a statement that meets one is slow:`,
      },
      bullets(slow.definitions),
      { kind: 'paragraph', text: clock },
      chart && { kind: 'chart', chart },
      RANKINGS.flatMap((ranking) => rankingBlocks(slow, ranking)),
    ),
  };
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

function rankingBlocks({ statements }: SlowStatements, ranking: Ranking): Block[] {
  const { heading, none } = RANKING_WORDS[ranking];
  const ranked = rankStatements(statements, ranking);
  return [
    { kind: 'subheading', text: heading },
    rankingTable(heading, ranking, ranked) ?? { kind: 'missing', text: none },
  ];
}

function rankingTable(caption: string, ranking: Ranking, ranked: readonly ProfiledStatement[]): Table | null {
  const columns = COLUMNS.toSorted((a, b) => Number(b.ranking === ranking) - Number(a.ranking === ranking));
  const rows = ranked.map((one): Cell[] => [
    { kind: 'code', text: nameStatement(one.statement) },
    ...columns.map(({ cell }) => cell(one)),
    one.slow.join(', ') || '–',
  ]);
  return table(caption, ['Statement', ...columns.map(({ title }) => title), 'Slow'], rows, {
    textColumns: [columns.length + 1],
    captionHidden: true,
  });
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

function planSections(plans: readonly StatementPlans[]): Section[] {
  if (plans.length === 0) return [];
  const settings = settingsOf(plans);
  const said =
    settings.length === 0
      ? 'All settings of the planner are the default.'
      : `Settings of the planner that are not the default: ${settings.join(', ')}.`;
  const lead: Block = {
    kind: 'paragraph',
    text: [
      'Executed on a clone, at their place in a replay of the captured dispatch, with the parameters of one captured call. Values in conditions are left out. ',
      { kind: 'code', text: '!' },
      ' marks what tells something, ',
      { kind: 'code', text: '!!' },
      ` what is extreme. ${said}`,
    ],
  };
  return [
    {
      ...{ id: 'plans', heading: 'Plans', lead: null, blocks: [lead] },
      parts: plans.map((plan, index) => planSection(plan, index + 1)),
    },
  ];
}

function unseenSection(unseen: readonly string[]): Section {
  return {
    id: 'unseen',
    heading: 'What could not be seen',
    lead: null,
    blocks: [
      bullets(unseen) ?? { kind: 'paragraph', text: 'Nothing: every statement was heard and counted.' },
    ],
  };
}

function bullets(items: readonly string[]): Block | null {
  return items.length === 0 ? null : { kind: 'bullets', items };
}
