import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { companyDays, type DatasetShape } from '../../seed/profiles.ts';
import { parseVariant } from '../../target/variants.ts';
import { adviceLines } from '../advice/advice-headline.ts';
import { adviceMarkdown } from '../advice/advice-markdown.ts';
import { adviseIndexes } from '../advice/advise-indexes.ts';
import { assembleAdvice } from '../advice/assemble-advice.ts';
import { captureWorkload } from '../advice/capture-workload.ts';
import { onClone } from '../advice/measure-workload.ts';
import { indexesOfMigration } from '../advice/reference-set.ts';
import { writeMigration } from '../advice/write-migration.ts';
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
import { HarnessError } from '../errors.ts';
import { prepareDataset } from '../experiment/dataset.ts';
import { describeEnvironment, PROJECT_ROOT } from '../machine/environment.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import { whyNothingIsCounted } from '../postgres/statement-visibility.ts';
import { ADVICE_PAGE, writeAdvice } from '../store/advice-folder.ts';
import { createResultFolder, recordEvent } from '../store/result-folder.ts';
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

interface AdvicePlan {
  readonly variant: string;
  readonly shape: DatasetShape;
  readonly dispatches: number;
  readonly perRound: number;
  readonly pairs: number;
}

/** Rounds end by themselves when one takes nothing; this bounds a workload that always promises more. */
const MOST_ROUNDS = 6;
const REFERENCE_MIGRATION = 'target/migrations/0001-add-performance-indexes.up.sql';

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
      const plan = readPlan(args);
      await loadStatementParser();
      await withServer(context, args.server, async (server) => {
        await expectStatementCounters(server);
        const record = await advise(context, server, plan, resultsFolder(args.results));
        if (args.json) printJson(context, record);
        else for (const line of adviceLines(record)) context.print(line);
      });
    },
  };
}

function readPlan(args: AdviseArguments): AdvicePlan {
  const shape = datasetShape(args, 'load');
  return {
    variant: variantName(args.variant),
    shape,
    dispatches: wholeNumber('--dispatches', args.dispatches, 1, companyDays(shape).length),
    perRound: wholeNumber('--candidates', args.candidates, 1, 100),
    pairs: wholeNumber('--pairs', args.pairs, 0, 100),
  };
}

/** Without counters nothing could be verified, and an estimate is not what this verb gives. */
async function expectStatementCounters(server: PostgresServer): Promise<void> {
  const blind = await withAdmin(server, undefined, whyNothingIsCounted);
  if (blind === null) return;
  throw new HarnessError('POSTGRES_UNAVAILABLE', `No index can be verified. ${blind}`, {
    hint: 'Leave --server out for an embedded server that counts statements.',
  });
}

async function advise(
  context: CommandContext,
  server: PostgresServer,
  plan: AdvicePlan,
  resultsRoot: string,
): Promise<AdviceRecord> {
  const { signal, progress } = context;
  const startedAt = new Date().toISOString();
  const { indexes } = parseVariant(plan.variant).switches;
  const dataset = await progress.step(`Dataset ${plan.shape.profile}`, (onProgress) =>
    prepareDataset(server, { shape: plan.shape, indexes, signal, onProgress }),
  );
  const { template } = dataset;
  const place = await createResultFolder(resultsRoot, ['advise', plan.variant]);
  await recordEvent(place.folder, 'started', { ...plan });
  const workload = await progress.step(`${plan.variant} · capture`, (onProgress) =>
    captureWorkload(
      { server, template, variant: plan.variant, signal },
      { shape: plan.shape, dispatches: plan.dispatches, onProgress },
    ),
  );
  await recordEvent(place.folder, 'captured', { units: workload.units.map(({ unit }) => unit) });
  const environment = await onClone({ server, template }, (client) =>
    describeEnvironment(server, client, { template, generators: {} }),
  );
  const advice = await adviseIndexes({ server, template, workload, signal }, progress, {
    perRound: plan.perRound,
    rounds: MOST_ROUNDS,
    pairs: plan.pairs,
    // A database that has them already is judged by what it has.
    reference: indexes ? [] : await readReference(),
  });
  const record: AdviceRecord = {
    schema: 'rushhour.advice/1',
    id: place.id,
    startedAt,
    endedAt: new Date().toISOString(),
    variant: plan.variant,
    dataset: dataset.identity,
    environment,
    request: {
      dispatches: plan.dispatches,
      rounds: MOST_ROUNDS,
      perRound: plan.perRound,
      pairs: plan.pairs,
    },
    ...assembleAdvice(advice, workload),
  };
  const title = `Index advice of rushhour, result ${place.id}`;
  await writeAdvice(place.folder, record, {
    page: adviceMarkdown(record),
    ...writeMigration(advice.advised, title),
  });
  progress.note(`  written to ${path.join(place.folder, ADVICE_PAGE)}`);
  return record;
}

async function readReference() {
  const text = await readFile(path.join(PROJECT_ROOT, REFERENCE_MIGRATION), 'utf8');
  return indexesOfMigration(text, 'public');
}
