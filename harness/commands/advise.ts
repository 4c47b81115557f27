import type { Argv, CommandModule } from 'yargs';
import { companyDays, type DatasetShape } from '../../seed/profiles.ts';
import { parseVariant } from '../../target/variants.ts';
import { adviceLines } from '../advice/advice-headline.ts';
import { type AdvicePlan, adviseVariant } from '../advice/advise-variant.ts';
import { indexesOfMigration } from '../advice/reference-set.ts';
import { requireStatementCounters } from '../advice/statement-counters.ts';
import type { AdviceRecord } from '../advice-record.ts';
import { loadStatementParser } from '../capture/statement-identity.ts';
import {
  DATASET_OPTIONS,
  type DatasetArguments,
  datasetShape,
  OPTIONS,
  resultsFolder,
  variantName,
  wholeNumber,
} from '../config/options.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { createResultFolder } from '../store/result-folder.ts';
import { referenceTarget } from '../targets/reference-target.ts';
import { performanceIndexes } from '../week/week-migration.ts';
import { type CommandContext, printJson, withServer } from './command-context.ts';
import { VARIANT_HELP } from './traffic-options.ts';

interface AdviseArguments extends DatasetArguments {
  readonly variant: string;
  readonly dispatches: number;
  readonly candidates: number;
  readonly pairs: number;
  readonly results: string;
  readonly server?: string;
  readonly json: boolean;
}

/** Rounds end by themselves when one takes nothing; this bounds a workload that always promises more. */
const MOST_ROUNDS = 6;

/** `rushhour advise`: which indexes pay, each found by running with it and without it. */
export function adviseCommand(context: CommandContext): CommandModule<object, AdviseArguments> {
  return {
    command: 'advise',
    describe: 'Advise indexes: each verified on a clone by replaying reads and writes; writes a migration',
    builder: (line: Argv) =>
      line
        .options({
          variant: { type: 'string', requiresArg: true, default: 'baseline', describe: VARIANT_HELP },
          dispatches: {
            type: 'number',
            requiresArg: true,
            default: 2,
            describe: 'Dispatches to capture, beside each request once',
          },
          candidates: {
            type: 'number',
            requiresArg: true,
            default: 10,
            describe: 'Candidates replayed in one round at the most',
          },
          pairs: {
            type: 'number',
            requiresArg: true,
            default: 6,
            describe: 'Pairs of replays that time the result; 0 for counts alone, 6 or more for an interval',
          },
          ...DATASET_OPTIONS,
          results: OPTIONS.results,
          server: OPTIONS.server,
          json: OPTIONS.json,
        })
        .example('$0 advise', 'indexes for the baseline, on the dataset of load')
        .example(
          '$0 advise --variant optimised --pairs 0',
          'what the indexes that are there earn, by counts alone',
        ) as unknown as Argv<AdviseArguments>,
    handler: async (args) => {
      const shape = datasetShape(args, 'load');
      const plan = readPlan(args, shape);
      await loadStatementParser();
      await withServer(context, args.server, async (server) => {
        await requireStatementCounters(server);
        const record = await advise(context, server, {
          plan,
          shape,
          resultsRoot: resultsFolder(args.results),
        });
        if (args.json) printJson(context, record);
        else for (const line of adviceLines(record)) context.print(line);
      });
    },
  };
}

function readPlan(args: AdviseArguments, shape: DatasetShape): AdvicePlan {
  return {
    variant: variantName(args.variant),
    dispatches: wholeNumber('--dispatches', args.dispatches, 1, companyDays(shape).length),
    perRound: wholeNumber('--candidates', args.candidates, 1, 100),
    rounds: MOST_ROUNDS,
    pairs: wholeNumber('--pairs', args.pairs, 0, 100),
  };
}

async function advise(
  { signal, progress }: CommandContext,
  server: PostgresServer,
  { plan, shape, resultsRoot }: { plan: AdvicePlan; shape: DatasetShape; resultsRoot: string },
): Promise<AdviceRecord> {
  const target = referenceTarget();
  const { variant } = plan;
  const dataset = await progress.step(`Dataset ${shape.profile}`, (onProgress) =>
    target.prepareDataset(server, { variant, shape, signal, onProgress }),
  );
  const { indexes } = parseVariant(variant).switches;
  const { record } = await adviseVariant({ server, target, signal, progress }, plan, {
    dataset,
    place: await createResultFolder(resultsRoot, ['advise', plan.variant]),
    // A database that has them already is judged by what it has.
    reference: indexes ? [] : indexesOfMigration((await performanceIndexes()).upText, 'public'),
  });
  return record;
}
