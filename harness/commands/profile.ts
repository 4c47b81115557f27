import type { Argv, CommandModule } from 'yargs';
import {
  DATASET_OPTIONS,
  type DatasetArguments,
  datasetShape,
  OPTIONS,
  positiveNumber,
  resultsFolder,
  TARGET_OPTIONS,
  WRITING_OPTIONS,
} from '../config/options.ts';
import { withLiveFeed } from '../live/live-feed.ts';
import { assembleProfile } from '../profiling/assemble-profile.ts';
import { measureProfile, type ProfilePlan } from '../profiling/measure-profile.ts';
import { countOf } from '../quantity.ts';
import { createResultFolder, writeProfile } from '../store/result-folder.ts';
import type { Target } from '../targets/target.ts';
import { chooseTarget, type TargetArguments } from './choose-target.ts';
import { type CommandContext, printJson, withServer } from './command-context.ts';
import { planFirst } from './plan-first.ts';
import { publishProfile } from './publish-report.ts';
import { readProbes, VARIANT_HELP } from './traffic-options.ts';

interface ProfileArguments extends DatasetArguments, TargetArguments {
  readonly variant?: string;
  readonly probes: number;
  readonly slowMs: number;
  readonly results: string;
  readonly server?: string;
  readonly allowServer?: string;
  readonly plan?: boolean;
  readonly json: boolean;
}

/** `rushhour profile`: why it is slow. */
export function profileCommand(context: CommandContext): CommandModule<object, ProfileArguments> {
  return {
    command: 'profile',
    describe:
      'Look inside the database: where a dispatch spends its time, slow statements, N+1, row-by-row writes',
    builder: (line: Argv) =>
      line
        .options({
          variant: {
            type: 'string',
            requiresArg: true,
            describe: `${VARIANT_HELP}. Default: the first, baseline`,
          },
          probes: {
            type: 'number',
            requiresArg: true,
            default: 3,
            describe: 'Dispatches that are measured, after one that is not',
          },
          'slow-ms': {
            type: 'number',
            requiresArg: true,
            default: 20,
            describe: 'Also count the statements that take at least so many milliseconds in the mean',
          },
          ...DATASET_OPTIONS,
          ...TARGET_OPTIONS,
          results: OPTIONS.results,
          ...WRITING_OPTIONS,
          json: OPTIONS.json,
        })
        .example('$0 profile', 'the baseline at the load profile, about a minute and a half')
        .example(
          '$0 profile --variant optimised --profile smoke',
          'what is left after the week, on little data',
        ) as unknown as Argv<ProfileArguments>,
    handler: async (args) => {
      const target = await chooseTarget(context, args);
      const plan = readPlan(args, target);
      const preview = {
        verb: 'profile',
        datasets: { target, variants: [plan.variant], shape: plan.shape },
        clones:
          'clones, each dropped after its pass; where the dataset scales, small datasets of doubling sizes beside it',
        asks: [`${countOf(plan.warmUp + plan.dispatches, 'dispatch', 'dispatches')} in each of its passes`],
      };
      if (!(await planFirst(context, args, () => preview))) return;
      await withServer(context, args, async (server) => {
        const place = await createResultFolder(resultsFolder(args.results), ['profile', plan.variant]);
        const startedAt = new Date().toISOString();
        const { variant, shape } = plan;
        const subject = { kind: 'profile', scenario: shape.profile, variants: [variant] } as const;
        const { profile, lines } = await withLiveFeed(place, subject, context.progress, async (progress) => {
          const ground = { server, target, signal: context.signal, progress };
          const measured = await measureProfile(ground, plan, place.folder);
          const profile = assembleProfile({ id: place.id, startedAt }, plan, measured);
          await writeProfile(place.folder, profile);
          const { lines } = await publishProfile({ ...context, progress }, profile, place.folder);
          return { profile, lines };
        });
        if (args.json) printJson(context, profile);
        else for (const line of lines) context.print(line);
      });
    },
  };
}

/** @throws HarnessError BAD_OPTION */
function readPlan(args: ProfileArguments, target: Target): ProfilePlan {
  const shape = datasetShape(args, 'load');
  return {
    variant: target.variantName(args.variant ?? target.variants[0] ?? ''),
    shape,
    ...readProbes(args.probes, target.expectedOffers(shape), 20),
    thresholdMs: positiveNumber('--slow-ms', args.slowMs, 600_000),
  };
}
