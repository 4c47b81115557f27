import type { Argv, CommandModule } from 'yargs';
import { WORKLOADS } from '../../scenarios/workloads.ts';
import { resultsFolder } from '../config/options.ts';
import { EXIT } from '../errors.ts';
import type { RunPlan } from '../experiment/run-once.ts';
import { runOnce } from '../experiment/run-once.ts';
import { withLiveFeed } from '../live/live-feed.ts';
import { loadWords } from '../preview/load-words.ts';
import type { PreviewRequest } from '../preview/preview.ts';
import { countOf } from '../quantity.ts';
import type { RunRecord } from '../result.ts';
import { createResultFolder } from '../store/result-folder.ts';
import { untilStopFile } from '../store/stop-file.ts';
import type { Target } from '../targets/target.ts';
import { chooseTarget } from './choose-target.ts';
import { type CommandContext, printJson, withServer } from './command-context.ts';
import { chooseGenerators, GENERATOR_NAMES, type GeneratorName, SINGLE } from './generators.ts';
import { planFirst } from './plan-first.ts';
import { publishReport } from './publish-report.ts';
import { readTraffic, type TrafficArguments, trafficOptions, VARIANT_HELP } from './traffic-options.ts';

interface RunArguments extends TrafficArguments {
  readonly variant?: string;
  readonly generator: GeneratorName | 'both';
}

/** `rushhour run`: one scenario on one variant. */
export function runCommand(context: CommandContext): CommandModule<object, RunArguments> {
  return {
    command: 'run <scenario>',
    describe: 'Run one scenario on one variant',
    builder: (line: Argv) =>
      line
        .positional('scenario', {
          type: 'string',
          demandOption: true,
          describe: scenarioHelp(),
        })
        .options({
          variant: {
            type: 'string',
            requiresArg: true,
            describe: `${VARIANT_HELP}. Default: the last, optimised`,
          },
          generator: {
            choices: [...GENERATOR_NAMES, 'both'],
            default: 'k6',
            describe: 'k6: arrivals at a rate; autocannon: saturation, closed loop',
          },
          ...trafficOptions({ probes: 2, durationFactor: 1 }),
        })
        .example('$0 run load', 'the load scenario on the optimised service')
        .example(
          '$0 run stress --variant baseline',
          'how the service breaks before the optimisation',
        ) as unknown as Argv<RunArguments>,
    handler: async (args) => {
      const target = await chooseTarget(context, args);
      const traffic = readTraffic(args, target);
      const { shape } = traffic;
      const variant = target.variantName(args.variant ?? target.variants.at(-1) ?? '');
      const plan = { ...traffic, variant, randomSeed: shape.randomSeed };
      if (!(await planFirst(context, args, () => runPreview(target, plan, args.generator)))) return;
      const chosen = await chooseGenerators(
        context,
        args.generator === 'both' ? GENERATOR_NAMES : [args.generator],
        SINGLE,
      );
      await withServer(context, args, async (server) => {
        await context.progress.step(`Dataset ${shape.profile}`, (update) =>
          target.prepareDataset(server, {
            ...{ variant: plan.variant, shape },
            ...{ signal: context.signal, onProgress: update },
          }),
        );
        const place = await createResultFolder(resultsFolder(args.results), [
          'run',
          plan.scenario,
          plan.variant,
        ]);
        const subject = { kind: 'run', scenario: plan.scenario, variants: [plan.variant] } as const;
        const { run, report } = await withLiveFeed(place, subject, context.progress, async (progress) => {
          const run = await untilStopFile(place.folder, context, (signal) =>
            runOnce(
              { server, target, signal, progress },
              { ...plan, generators: chosen.generators, skippedLoads: chosen.skipped },
              place,
            ),
          ).catch((error: unknown) => {
            context.progress.note(`  what was measured is kept in ${place.folder}`);
            throw error;
          });
          const report = await publishReport({ ...context, progress }, { kind: 'run', run }, place.folder);
          return { run, report };
        });
        if (args.json) printJson(context, run);
        else for (const line of report.lines) context.print(line);
        if (hasFailedThresholds(run)) context.exitCode = EXIT.thresholdsFailed;
      });
    },
  };
}

type RunChoice = Pick<
  RunPlan,
  'scenario' | 'variant' | 'shape' | 'probe' | 'durationFactor' | 'rateFactor' | 'randomSeed'
>;

function runPreview(target: Target, plan: RunChoice, generator: RunArguments['generator']): PreviewRequest {
  const traffic = target.trafficOf({ ...plan, offers: [] });
  const names = generator === 'both' ? GENERATOR_NAMES : [generator];
  return {
    verb: 'run',
    datasets: { target, variants: [plan.variant], shape: plan.shape },
    clones: 'a clone for the dispatches alone and one for each generator, dropped after it',
    asks: [
      `${countOf(plan.probe.warmUp + plan.probe.dispatches, 'dispatch', 'dispatches')} alone`,
      ...names.map((name) => loadWords(name, traffic)),
    ],
  };
}

function scenarioHelp(): string {
  return Object.values(WORKLOADS)
    .map((workload) => `${workload.name}: ${workload.purpose}`)
    .join('\n');
}

function hasFailedThresholds(run: RunRecord): boolean {
  return run.loads.some((load) => load.thresholds.some((threshold) => !threshold.passed));
}
