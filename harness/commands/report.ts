import path from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { OPTIONS, resultsFolder } from '../config/options.ts';
import { HarnessError } from '../errors.ts';
import { countOf } from '../quantity.ts';
import type { ReportInput } from '../report/write-report.ts';
import { type BuiltSite, buildSite } from '../site/build-site.ts';
import { readResult, type StoredResult, type StoredRuns } from '../store/read-results.ts';
import { type CommandContext, printJson } from './command-context.ts';
import {
  type PublishedReport,
  publishAdvice,
  publishProfile,
  publishReport,
  publishWeek,
} from './publish-report.ts';
import { SHOWN_HISTORY, shownHistory } from './shown-history.ts';

interface ReportArguments {
  readonly id?: string;
  readonly results: string;
  readonly history?: string;
  readonly json: boolean;
}

/** `rushhour report`: draws a stored result again, or builds the site of all of them. */
export function reportCommand(context: CommandContext): CommandModule<object, ReportArguments> {
  return {
    command: 'report [id]',
    describe:
      'Draw the report of a stored result again and list it in the site; without an id, only build the site',
    builder: (line: Argv) =>
      line
        .positional('id', { type: 'string', describe: 'Id, beginning of one, folder, or `last`' })
        .options({ results: OPTIONS.results, history: SHOWN_HISTORY, json: OPTIONS.json })
        .example('$0 report last', 'the newest result')
        .example(
          '$0 report --history kept/history.ndjson',
          'the site, with trends of these nights',
        ) as unknown as Argv<ReportArguments>,
    handler: async (args) => {
      const root = resultsFolder(args.results);
      if (args.id === undefined) return reportSite(context, root, args);
      if (args.history !== undefined)
        throw new HarnessError('BAD_OPTION', '<id> and --history: expected one of them, got both.', {
          hint: 'Trends of nights belong to the site of all results: leave the id out.',
        });
      const result = await readResult(root, args.id);
      const report = await publish(context, result);
      if (isListed(root, result.folder)) {
        const { unread } = await publishSite(context, root, { about: result.id });
        if (unread > 0) context.progress.note(unreadLine(unread));
      }
      if (args.json) printJson(context, { id: result.id, report: report.path });
      else for (const line of report.lines) context.print(line);
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

/** Whether the site of this results folder holds it: its page links there. */
function isListed(resultsRoot: string, folder: string): boolean {
  return path.dirname(path.resolve(folder)) === path.resolve(resultsRoot);
}

function unreadLine(unread: number): string {
  return `  ${countOf(unread, 'other result')} may be listed as before or not at all: \`rushhour report\` reads all.`;
}

async function publishSite(
  context: CommandContext,
  resultsRoot: string,
  { history, about }: { readonly history?: string | undefined; readonly about?: string },
): Promise<BuiltSite> {
  const historyFile = await shownHistory(context, history);
  return context.progress.step('Site of all results', () =>
    buildSite({ resultsRoot, historyFile, about, signal: context.signal }),
  );
}

async function reportSite(
  context: CommandContext,
  resultsRoot: string,
  { history, json }: ReportArguments,
): Promise<void> {
  const site = await publishSite(context, resultsRoot, { history });
  if (json) printJson(context, { index: site.index, results: site.listed });
  else for (const line of siteLines(site)) context.print(line);
}

/** Newest first, a line each, and where the page is. */
function siteLines({ index, results, listed }: BuiltSite): string[] {
  return [
    ...listed.map(({ id, state, verdicts, headline }) =>
      [id, state, ...verdicts.map(({ word }) => word), headline].join('  '),
    ),
    `${countOf(results, 'result')}: ${index}`,
  ];
}
