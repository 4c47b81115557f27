import type { Argv, CommandModule } from 'yargs';
import type { DatasetShape } from '../../seed/profiles.ts';
import { type AdvicePlan, adviseVariant, type VariantAdvice } from '../advice/advise-variant.ts';
import { requireStatementCounters } from '../advice/statement-counters.ts';
import { loadStatementParser } from '../capture/statement-identity.ts';
import {
  DATASET_OPTIONS,
  type DatasetArguments,
  datasetShape,
  OPTIONS,
  resultsFolder,
  TARGET_OPTIONS,
  WRITING_OPTIONS,
  wholeNumber,
} from '../config/options.ts';
import { withLiveFeed } from '../live/live-feed.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { countOf } from '../quantity.ts';
import { createResultFolder } from '../store/result-folder.ts';
import type { Target } from '../targets/target.ts';
import { chooseTarget, type TargetArguments } from './choose-target.ts';
import { type CommandContext, printJson, withServer } from './command-context.ts';
import { planFirst } from './plan-first.ts';
import { publishedAdvice } from './publish-report.ts';
import { VARIANT_HELP } from './traffic-options.ts';

interface AdviseArguments extends DatasetArguments, TargetArguments {
  readonly variant?: string;
  readonly dispatches: number;
  readonly candidates: number;
  readonly pairs: number;
  readonly results: string;
  readonly server?: string;
  readonly allowServer?: string;
  readonly plan?: boolean;
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
          variant: {
            type: 'string',
            requiresArg: true,
            describe: `${VARIANT_HELP}. Default: the first, baseline`,
          },
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
          ...TARGET_OPTIONS,
          results: OPTIONS.results,
          ...WRITING_OPTIONS,
          json: OPTIONS.json,
        })
        .example('$0 advise', 'indexes for the baseline, on the dataset of load')
        .example(
          '$0 advise --variant optimised --pairs 0',
          'what the indexes that are there earn, by counts alone',
        ) as unknown as Argv<AdviseArguments>,
    handler: async (args) => {
      const shape = datasetShape(args, 'load');
      const target = await chooseTarget(context, args);
      const plan = readPlan(args, target, shape);
      const preview = {
        verb: 'advise',
        datasets: { target, variants: [plan.variant], shape },
        clones: `clones on which up to ${plan.perRound} candidate indexes a round, in ${plan.rounds} rounds at most, are made and dropped with them`,
        asks: [
          `${countOf(plan.dispatches, 'dispatch', 'dispatches')} and each usual request once; the rest is replayed to the clones`,
        ],
      };
      if (!(await planFirst(context, args, () => preview))) return;
      await loadStatementParser();
      await withServer(context, args, async (server) => {
        await requireStatementCounters(server);
        const { record, written } = await advise(context, server, {
          ...{ target, plan, shape },
          resultsRoot: resultsFolder(args.results),
        });
        if (args.json) printJson(context, record);
        else for (const line of publishedAdvice(record, written).lines) context.print(line);
      });
    },
  };
}

function readPlan(args: AdviseArguments, target: Target, shape: DatasetShape): AdvicePlan {
  return {
    variant: target.variantName(args.variant ?? target.variants[0] ?? ''),
    dispatches: wholeNumber('--dispatches', args.dispatches, 1, target.expectedOffers(shape) ?? 1_000),
    perRound: wholeNumber('--candidates', args.candidates, 1, 100),
    rounds: MOST_ROUNDS,
    pairs: wholeNumber('--pairs', args.pairs, 0, 100),
  };
}

async function advise(
  { signal, progress }: CommandContext,
  server: PostgresServer,
  {
    target,
    plan,
    shape,
    resultsRoot,
  }: { target: Target; plan: AdvicePlan; shape: DatasetShape; resultsRoot: string },
): Promise<VariantAdvice> {
  const { variant } = plan;
  const dataset = await progress.step(`Dataset ${shape.profile}`, (onProgress) =>
    target.prepareDataset(server, { variant, shape, signal, onProgress }),
  );
  const place = await createResultFolder(resultsRoot, ['advise', variant]);
  const reference = await target.indexesByHand(variant);
  const subject = { kind: 'advice', scenario: shape.profile, variants: [variant] } as const;
  return withLiveFeed(place, subject, progress, (progress) =>
    adviseVariant({ server, target, signal, progress }, plan, { dataset, place, reference }),
  );
}
