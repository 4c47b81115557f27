import type { Argv, CommandModule } from 'yargs';
import { OPTIONS, resultsFolder } from '../config/options.ts';
import { EXIT } from '../errors.ts';
import { compareResults } from '../experiment/compare-results.ts';
import { readRuns, type StoredRuns } from '../store/read-results.ts';
import { thinnedText } from '../store/thinned-samples.ts';
import { type CommandContext, printJson } from './command-context.ts';
import { storedComparisonLines } from './stored-comparison-lines.ts';
import { dimOnTerminal } from './terminal-text.ts';

interface CompareArguments {
  readonly a: string;
  readonly b: string;
  readonly variant?: string;
  readonly results: string;
  readonly json: boolean;
}

/** `rushhour compare`: two stored results. Counts are exact; times that were measured apart get no verdict. */
export function compareCommand(context: CommandContext): CommandModule<object, CompareArguments> {
  return {
    command: 'compare <a> <b>',
    describe: 'Compare two stored results: exact counts and what differs, times without a verdict',
    builder: (line: Argv) =>
      line
        .positional('a', {
          type: 'string',
          demandOption: true,
          describe: 'The earlier run or experiment: id, beginning of one, or folder',
        })
        .positional('b', { type: 'string', demandOption: true, describe: 'The later one' })
        .options({
          variant: {
            type: 'string',
            requiresArg: true,
            describe: 'The variant of an experiment to compare; default: each that both have',
          },
          results: OPTIONS.results,
          json: OPTIONS.json,
        })
        .example('$0 compare 20261122-2315 last', 'an earlier result and the newest one')
        .example(
          '$0 compare 20261122-2315 last --variant optimised',
          'the counts of one variant of two experiments',
        ) as unknown as Argv<CompareArguments>,
    handler: async (args) => {
      const root = resultsFolder(args.results);
      const [baseline, candidate] = [await readRuns(root, args.a), await readRuns(root, args.b)];
      const compared = {
        ...compareResults(baseline, candidate, args.variant),
        notes: [baseline, candidate].flatMap(thinnedNote),
      };
      if (args.json) printJson(context, compared);
      else for (const text of storedComparisonLines(compared, dimOnTerminal())) context.print(text);
      if (!compared.comparable) context.exitCode = EXIT.notComparable;
    },
  };
}

/** Nothing that is compared is among the samples; who looks for them is told. */
function thinnedNote(stored: StoredRuns): string[] {
  return stored.kind === 'experiment' && stored.thinned
    ? [`${stored.id}: ${thinnedText(stored.thinned)}`]
    : [];
}
