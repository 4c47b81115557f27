import type { Argv, CommandModule } from 'yargs';
import { adviceHeadline } from '../advice/advice-headline.ts';
import type { AdviceRecord } from '../advice-record.ts';
import { OPTIONS, resultsFolder } from '../config/options.ts';
import { HarnessError } from '../errors.ts';
import type { ProfileRecord } from '../profile-record.ts';
import { profileLines } from '../report/profile-headline.ts';
import { weekSummary } from '../report/week/week-headline.ts';
import { PROFILING_RESULTS_FILE } from '../report/write-profile.ts';
import {
  headlineLines,
  type IndexEntry,
  type ReportInput,
  storedRatios,
  writeIndex,
} from '../report/write-report.ts';
import { ADVICE_PAGE } from '../store/advice-folder.ts';
import { listResultIds, readResult, type StoredResult, type StoredRuns } from '../store/read-results.ts';
import type { WeekRecord } from '../week-record.ts';
import { type CommandContext, printJson } from './command-context.ts';
import {
  type PublishedReport,
  publishAdvice,
  publishProfile,
  publishReport,
  publishWeek,
} from './publish-report.ts';

interface ReportArguments {
  readonly id?: string;
  readonly results: string;
  readonly json: boolean;
}

/** `rushhour report`: draws a stored result again, or an index of all of them. */
export function reportCommand(context: CommandContext): CommandModule<object, ReportArguments> {
  return {
    command: 'report [id]',
    describe: 'Draw the report of a stored result again; without an id, an index of all results',
    builder: (line: Argv) =>
      line
        .positional('id', { type: 'string', describe: 'Id, beginning of one, folder, or `last`' })
        .options({ results: OPTIONS.results, json: OPTIONS.json })
        .example('$0 report last', 'the newest result') as unknown as Argv<ReportArguments>,
    handler: async (args) => {
      const root = resultsFolder(args.results);
      if (args.id === undefined) return reportIndex(context, root, args.json);
      const result = await readResult(root, args.id);
      const { path, lines } = await publish(context, result);
      if (args.json) printJson(context, { id: result.id, report: path });
      else for (const line of lines) context.print(line);
    },
  };
}

function publish(context: CommandContext, result: StoredResult): Promise<PublishedReport> {
  switch (result.kind) {
    case 'profile':
      return publishProfile(context, result.profile, result.folder);
    case 'advice':
      return publishAdvice(result.advice, result.folder);
    case 'week':
      return publishWeek(context, result.week, result.folder);
    default:
      return publishReport(context, toReportInput(result), result.folder);
  }
}

function toReportInput(result: StoredRuns): ReportInput {
  return result.kind === 'run'
    ? { kind: 'run', run: result.run }
    : {
        kind: 'experiment',
        experiment: result.experiment,
        runs: [...result.runs],
        ...(result.thinned ? { thinned: result.thinned } : {}),
      };
}

async function reportIndex(context: CommandContext, root: string, json: boolean): Promise<void> {
  const entries: IndexEntry[] = [];
  for (const id of (await listResultIds(root)).reverse()) {
    const result = await readResult(root, id).catch((error: unknown) => {
      // One broken or unfinished result must not hide the others.
      if (error instanceof HarnessError) return null;
      throw error;
    });
    if (result) entries.push(toIndexEntry(result));
    else context.progress.note(`  ${id} is incomplete and left out`);
  }
  const file = await writeIndex(entries, root);
  if (json) printJson(context, { index: file, results: entries });
  else {
    for (const entry of entries) context.print(`${entry.id}  ${entry.state}  ${entry.headline}`);
    context.print(`${entries.length} results: ${file}`);
  }
}

function toIndexEntry(result: StoredResult): IndexEntry {
  if (result.kind === 'profile') return profileEntry(result.profile);
  if (result.kind === 'advice') return adviceEntry(result.advice);
  if (result.kind === 'week') return weekEntry(result.week);
  const record = result.kind === 'run' ? result.run : result.experiment;
  const input = toReportInput(result);
  return {
    id: result.id,
    kind: result.kind,
    state: record.state,
    startedAt: record.startedAt,
    scenario: record.scenario,
    variants: result.kind === 'run' ? [result.run.variant] : result.experiment.variants,
    headline: headlineLines(input)[0] ?? '',
    ratios: storedRatios(input),
    href: `${result.id}/report/index.html`,
  };
}

function profileEntry(profile: ProfileRecord): IndexEntry {
  const { id, state, startedAt, dataset, variant } = profile;
  return {
    ...{ id, state, startedAt },
    kind: 'profile',
    scenario: dataset.profile,
    variants: [variant],
    headline: profileLines(profile)[0] ?? '',
    ratios: [],
    href: `${id}/report/${PROFILING_RESULTS_FILE}`,
  };
}

function adviceEntry(advice: AdviceRecord): IndexEntry {
  const { id, startedAt, dataset, variant } = advice;
  return {
    ...{ id, startedAt },
    kind: 'advice',
    state: 'complete',
    scenario: dataset.profile,
    variants: [variant],
    headline: adviceHeadline(advice),
    ratios: [],
    href: `${id}/${ADVICE_PAGE}`,
  };
}

function weekEntry(week: WeekRecord): IndexEntry {
  const { id, state, startedAt, plan } = week;
  return {
    ...{ id, state, startedAt },
    kind: 'week',
    scenario: plan.shape.profile,
    variants: plan.ladder.variants,
    headline: weekSummary(week),
    ratios: [],
    href: `${id}/report/index.html`,
  };
}
