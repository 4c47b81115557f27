import type { Argv, CommandModule } from 'yargs';
import type { ScenarioName } from '../../scenarios/traffic-plan.ts';
import { WORKLOADS } from '../../scenarios/workloads.ts';
import {
  DATASET_OPTIONS,
  type DatasetArguments,
  datasetShape,
  OPTIONS,
  positiveNumber,
  resultsFolder,
  variantName,
  wholeNumber,
} from '../config/options.ts';
import { EXIT } from '../errors.ts';
import { prepareDataset } from '../experiment/dataset.ts';
import { runOnce } from '../experiment/run-once.ts';
import type { RunRecord } from '../result.ts';
import { createResultFolder } from '../store/result-folder.ts';
import { type CommandContext, printJson, withServer } from './command-context.ts';
import { chooseGenerators, GENERATOR_NAMES, type GeneratorName } from './generators.ts';
import { publishReport } from './publish-report.ts';

interface RunArguments extends DatasetArguments {
  readonly scenario: ScenarioName;
  readonly variant: string;
  readonly generator: GeneratorName | 'both';
  readonly probes: number;
  readonly durationFactor: number;
  readonly rateFactor: number;
  readonly results: string;
  readonly server?: string;
  readonly json: boolean;
}

/** Options of traffic, shared by `run` and `experiment`. */
export const TRAFFIC_OPTIONS = {
  probes: {
    type: 'number',
    requiresArg: true,
    describe: 'Dispatches run alone and counted, after one that is not',
  },
  'duration-factor': {
    type: 'number',
    requiresArg: true,
    default: 1,
    describe: "Multiplies the scenario's durations",
  },
  'rate-factor': {
    type: 'number',
    requiresArg: true,
    default: 1,
    describe: "Multiplies the scenario's arrival rates",
  },
} as const;

/** `rushhour run`: one scenario on one variant. */
export function runCommand(context: CommandContext): CommandModule<object, RunArguments> {
  return {
    command: 'run <scenario>',
    describe: 'Run one scenario on one variant',
    builder: (line: Argv) =>
      line
        .positional('scenario', {
          choices: Object.keys(WORKLOADS),
          demandOption: true,
          describe: scenarioHelp(),
        })
        .options({
          variant: { type: 'string', requiresArg: true, default: 'optimised', describe: VARIANT_HELP },
          generator: {
            choices: [...GENERATOR_NAMES, 'both'],
            default: 'k6',
            describe: 'k6: arrivals at a rate; autocannon: saturation, closed loop',
          },
          ...TRAFFIC_OPTIONS,
          probes: { ...TRAFFIC_OPTIONS.probes, default: 2 },
          ...DATASET_OPTIONS,
          results: OPTIONS.results,
          server: OPTIONS.server,
          json: OPTIONS.json,
        })
        .example('$0 run load', 'the load scenario on the optimised service')
        .example(
          '$0 run stress --variant baseline',
          'how the service breaks before the optimisation',
        ) as unknown as Argv<RunArguments>,
    handler: async (args) => {
      const shape = datasetShape(args, WORKLOADS[args.scenario].datasetProfile);
      const plan = {
        scenario: args.scenario,
        variant: variantName(args.variant),
        shape,
        probe: { warmUp: 1, dispatches: wholeNumber('--probes', args.probes, 1, 100) },
        durationFactor: positiveNumber('--duration-factor', args.durationFactor, 1000),
        rateFactor: positiveNumber('--rate-factor', args.rateFactor, 1000),
        randomSeed: shape.randomSeed,
      };
      const chosen = await chooseGenerators(
        context,
        args.generator === 'both' ? GENERATOR_NAMES : [args.generator],
      );
      await withServer(context, args.server, async (server) => {
        const indexes = plan.variant === 'optimised' || plan.variant.split('+').includes('indexes');
        await context.progress.step(`Dataset ${shape.profile}`, (update) =>
          prepareDataset(server, { shape, indexes, signal: context.signal, onProgress: update }),
        );
        const place = await createResultFolder(resultsFolder(args.results), [
          'run',
          args.scenario,
          plan.variant,
        ]);
        const run = await runOnce(
          { server, signal: context.signal, progress: context.progress },
          { ...plan, generators: chosen.generators, skippedLoads: chosen.skipped },
          place,
        ).catch((error: unknown) => {
          context.progress.note(`  what was measured is kept in ${place.folder}`);
          throw error;
        });
        const report = await publishReport(context, { kind: 'run', run }, place.folder);
        if (args.json) printJson(context, run);
        else for (const line of report.lines) context.print(line);
        if (hasFailedThresholds(run)) context.exitCode = EXIT.thresholdsFailed;
      });
    },
  };
}

export const VARIANT_HELP =
  'baseline, indexes, bulk-apply, eager-loading, optimised, or switches joined by +';

function scenarioHelp(): string {
  return Object.values(WORKLOADS)
    .map((workload) => `${workload.name}: ${workload.purpose}`)
    .join('\n');
}

function hasFailedThresholds(run: RunRecord): boolean {
  return run.loads.some((load) => load.thresholds.some((threshold) => !threshold.passed));
}
