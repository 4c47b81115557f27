import type { Argv, CommandModule } from 'yargs';
import { WORKLOADS } from '../../scenarios/workloads.ts';
import { parseVariant } from '../../target/variants.ts';
import { resultsFolder, variantName, wholeNumber } from '../config/options.ts';
import { EXIT, HarnessError } from '../errors.ts';
import { prepareDataset } from '../experiment/dataset.ts';
import { chooseSeed, runExperiment } from '../experiment/run-experiment.ts';
import { createResultFolder } from '../store/result-folder.ts';
import { type CommandContext, printJson, withServer } from './command-context.ts';
import { chooseGenerators, GENERATOR_NAMES, type GeneratorName } from './generators.ts';
import { publishReport } from './publish-report.ts';
import { readTraffic, type TrafficArguments, trafficOptions, VARIANT_HELP } from './traffic-options.ts';

interface ExperimentArguments extends TrafficArguments {
  readonly variants: string;
  readonly pairs: number;
  readonly generator: GeneratorName | 'both' | 'none';
  readonly orderSeed?: number;
}

/** `rushhour experiment`, the main job: variants side by side, a comparison, a report. */
export function experimentCommand(context: CommandContext): CommandModule<object, ExperimentArguments> {
  return {
    command: 'experiment [scenario]',
    describe: 'Compare variants: alternated on fresh clones, with a verdict and a report',
    builder: (line: Argv) =>
      line
        .positional('scenario', {
          choices: Object.keys(WORKLOADS),
          default: 'load',
          describe: 'Traffic to compare them under',
        })
        .options({
          variants: {
            type: 'string',
            requiresArg: true,
            default: 'baseline,optimised',
            describe: `Two or more, the first is the baseline: ${VARIANT_HELP}`,
          },
          pairs: {
            type: 'number',
            requiresArg: true,
            default: 6,
            describe: 'How often each variant is measured; times get a verdict from 6 on',
          },
          generator: {
            choices: [...GENERATOR_NAMES, 'both', 'none'],
            default: 'both',
            describe: 'Load besides the dispatches that run alone',
          },
          ...trafficOptions({ probes: 3, durationFactor: 0.5 }),
          'order-seed': {
            type: 'number',
            requiresArg: true,
            describe: 'Repeats the order of an earlier experiment',
          },
        })
        .example('$0 experiment', 'baseline against optimised under load, about five minutes')
        .example(
          '$0 experiment smoke --variants baseline,indexes --generator none',
          'what the indexes alone bring, quickly',
        ) as unknown as Argv<ExperimentArguments>,
    handler: async (args) => {
      const plan = {
        ...readTraffic(args),
        variants: variantList(args.variants),
        pairs: wholeNumber('--pairs', args.pairs, 1, 200),
        randomSeed: wholeNumber('--order-seed', args.orderSeed ?? chooseSeed(), 0, 2_147_483_647),
      };
      const chosen = await chooseGenerators(context, generatorList(args.generator));
      await withServer(context, args.server, async (server) => {
        await prepareTemplates(context, server, plan);
        const place = await createResultFolder(resultsFolder(args.results), ['experiment', args.scenario]);
        const outcome = await runExperiment(
          { server, signal: context.signal, progress: context.progress },
          { ...plan, generators: chosen.generators, skippedLoads: chosen.skipped },
          place,
        );
        const report = await publishReport(
          context,
          { kind: 'experiment', ...outcome, runs: [...outcome.runs] },
          place.folder,
        );
        if (args.json) printJson(context, outcome.experiment);
        else for (const line of report.lines) context.print(line);
        if (outcome.failure) throw outcome.failure;
        context.exitCode = exitCodeOf(outcome.experiment.comparisons.map((comparison) => comparison.verdict));
      });
    },
  };
}

function variantList(text: string): string[] {
  const variants = text.split(',').map((name) => variantName(name.trim()));
  if (variants.length < 2 || new Set(variants).size < variants.length) {
    throw new HarnessError(
      'BAD_OPTION',
      `--variants: expected two or more different variants joined by commas, got "${text}".`,
      {
        hint: 'For example --variants baseline,optimised.',
      },
    );
  }
  return variants;
}

function generatorList(choice: ExperimentArguments['generator']): GeneratorName[] {
  if (choice === 'none') return [];
  return choice === 'both' ? [...GENERATOR_NAMES] : [choice];
}

async function prepareTemplates(
  context: CommandContext,
  server: Parameters<typeof prepareDataset>[0],
  plan: { shape: Parameters<typeof prepareDataset>[1]['shape']; variants: readonly string[] },
): Promise<void> {
  await context.progress.step(`Dataset ${plan.shape.profile}`, async (update) => {
    for (const indexes of new Set(plan.variants.map((variant) => parseVariant(variant).switches.indexes))) {
      await prepareDataset(server, {
        shape: plan.shape,
        indexes,
        signal: context.signal,
        onProgress: update,
      });
    }
  });
}

/** A regression is a finding and not yet a failure: it is confirmed by an independent run before anything goes red. */
function exitCodeOf(verdicts: readonly string[]): number {
  return verdicts.includes('not-comparable') ? EXIT.notComparable : EXIT.fine;
}
