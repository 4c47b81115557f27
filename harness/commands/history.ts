import path from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { OPTIONS } from '../config/options.ts';
import { namesToChoose } from '../config/similar-name.ts';
import { HarnessError } from '../errors.ts';
import { changePoints } from '../history/change-points.ts';
import { type History, readHistory } from '../history/history-file.ts';
import { DEFAULT_HISTORY } from '../history/history-place.ts';
import { historyLines } from '../history/history-text.ts';
import { missingNights } from '../history/missing-nights.ts';
import { nightSeries } from '../history/night-series.ts';
import { type CommandContext, printJson } from './command-context.ts';
import { requireHistory } from './shown-history.ts';

interface HistoryArguments {
  readonly history: string;
  readonly branch?: string;
  readonly json: boolean;
}

/** `rushhour history`: what the nights have said, what is wrong with their file, and since when something is another. */
export function historyCommand(context: CommandContext): CommandModule<object, HistoryArguments> {
  return {
    command: 'history',
    describe: 'List the nights of a history: verdicts, what is wrong with the file, gaps, and change points',
    builder: (line: Argv) =>
      line
        .options({
          history: {
            type: 'string',
            requiresArg: true,
            default: DEFAULT_HISTORY,
            describe: 'File that `rushhour nightly` appends to, a line a night',
          },
          branch: { type: 'string', requiresArg: true, describe: 'Only the nights of this branch' },
          json: OPTIONS.json,
        })
        .example('$0 history', 'all nights of nightly/history.ndjson')
        .example(
          '$0 history --branch main --json',
          'those of one branch, for a program',
        ) as unknown as Argv<HistoryArguments>,
    handler: async (args) => {
      await requireHistory(args.history);
      const { nights, problems } = ofBranch(await readHistory(args.history), args.branch);
      const missing = missingNights(nights);
      // Exploratory metrics are many: among them something always seems to have changed.
      const decisive = nightSeries(nights).filter(({ role }) => role === 'gate');
      const view = { nights, problems, missing, changePoints: decisive.flatMap(changePoints) };
      if (args.json) printJson(context, { history: path.resolve(args.history), ...view });
      else for (const text of historyLines(view)) context.print(text);
    },
  };
}

/** @throws HarnessError BAD_OPTION for a branch without a night */
function ofBranch(history: History, branch: string | undefined): History {
  if (branch === undefined) return history;
  const nights = history.nights.filter((night) => night.branch === branch);
  if (nights.length > 0 || history.nights.length === 0) return { ...history, nights };
  const names = [...new Set(history.nights.flatMap((night) => night.branch ?? []))];
  throw new HarnessError(
    'BAD_OPTION',
    `--branch: there is no night of "${branch}"${namesToChoose(branch, names)}`,
    { hint: 'Without --branch the nights of all branches are listed.' },
  );
}
