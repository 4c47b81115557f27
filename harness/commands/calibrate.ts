import type { Argv, CommandModule } from 'yargs';
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
import { HarnessError } from '../errors.ts';
import { calibrate, detectableAt } from '../experiment/calibrate.ts';
import { falseAlarmsOf } from '../experiment/false-alarms.ts';
import { DEFAULT_GATE, ROUND_METRICS } from '../experiment/metrics.ts';
import { machineFingerprint } from '../machine/environment.ts';
import { countOf } from '../quantity.ts';
import { planLooks } from '../statistics/alpha-spending.ts';
import type { Calibration } from '../store/calibrations.ts';
import { readLedger } from '../store/ledger.ts';
import { calibrationLines } from './calibration-lines.ts';
import { chooseTarget, scenarioNamed, type TargetArguments } from './choose-target.ts';
import { type CommandContext, printJson, withServer } from './command-context.ts';
import { planFirst } from './plan-first.ts';
import { VARIANT_HELP } from './traffic-options.ts';

interface CalibrateArguments extends DatasetArguments, TargetArguments {
  readonly scenario?: string;
  readonly variant?: string;
  readonly pairs: number;
  readonly sliceSizes: string;
  readonly dispatches?: number;
  readonly results: string;
  readonly server?: string;
  readonly allowServer?: string;
  readonly plan?: boolean;
  readonly json: boolean;
}

/** `rushhour calibrate`: the same service against itself, to know what this machine alone does to a comparison. */
export function calibrateCommand(context: CommandContext): CommandModule<object, CalibrateArguments> {
  return {
    command: 'calibrate [scenario]',
    describe: "A/A: this machine's noise, what it can detect, and its false alarm rate",
    builder: (line: Argv) =>
      line
        .positional('scenario', {
          type: 'string',
          describe: 'Dataset to calibrate on. Default: load; with a config, its first scenario',
        })
        .options({
          variant: {
            type: 'string',
            requiresArg: true,
            describe: `${VARIANT_HELP}. Default: the last, optimised`,
          },
          pairs: {
            type: 'number',
            requiresArg: true,
            default: 24,
            describe: 'Pairs at the chosen slice size',
          },
          'slice-sizes': {
            type: 'string',
            requiresArg: true,
            default: '1,5,20',
            describe:
              'Slice sizes to try, 8 pairs each; the quietest is what `experiment` uses here from then on',
          },
          dispatches: {
            type: 'number',
            requiresArg: true,
            describe: 'Dispatches of each side of a pair; without it as many as fill 4 seconds',
          },
          ...DATASET_OPTIONS,
          ...TARGET_OPTIONS,
          results: OPTIONS.results,
          ...WRITING_OPTIONS,
          json: OPTIONS.json,
        })
        .example(
          '$0 calibrate',
          'once on a machine, about six minutes',
        ) as unknown as Argv<CalibrateArguments>,
    handler: async (args) => {
      const target = await chooseTarget(context, args);
      const scenario = scenarioNamed(target, args.scenario);
      const request = {
        scenario: scenario.name,
        variant: target.variantName(args.variant ?? target.variants.at(-1) ?? ''),
        shape: datasetShape(args, scenario.datasetProfile),
        gate: DEFAULT_GATE,
        sliceSizes: readSliceSizes(args.sliceSizes),
        pairsPerSize: 8,
        pairs: wholeNumber('--pairs', args.pairs, 8, 200),
        dispatches:
          args.dispatches === undefined ? null : wholeNumber('--dispatches', args.dispatches, 1, 100_000),
      };
      const resultsRoot = resultsFolder(args.results);
      const most = request.pairs + request.pairsPerSize * request.sliceSizes.length;
      const preview = {
        verb: 'calibrate',
        datasets: { target, variants: [request.variant], shape: request.shape },
        clones: `two clones a pair, ${most} pairs at most, each dropped after it`,
        asks: [
          request.dispatches === null
            ? 'as many dispatches of each side of a pair as fill 4 s'
            : `${countOf(request.dispatches, 'dispatch', 'dispatches')} of each side of a pair`,
        ],
      };
      if (!(await planFirst(context, args, () => preview))) return;
      const calibration = await withServer(context, args, (server) =>
        calibrate(
          {
            server,
            target,
            signal: context.signal,
            progress: context.progress,
            resultsRoot,
            generators: [],
            skippedLoads: [],
          },
          request,
        ),
      );
      const falseAlarms = falseAlarmsOf(await readLedger(resultsRoot), machineFingerprint());
      const detectable = detectableOf(calibration);
      if (args.json) printJson(context, { ...calibration, detectable, falseAlarms });
      else for (const text of calibrationLines(calibration, detectable, falseAlarms)) context.print(text);
    },
  };
}

/** What each gate metric can detect at each look of an experiment, from its noise here. */
function detectableOf({ noise }: Calibration) {
  const looks = planLooks({ pairs: null, metrics: DEFAULT_GATE.length });
  return ROUND_METRICS.filter(({ metric }) => noise[metric] !== undefined).map(({ metric, delta }) => ({
    metric,
    delta,
    noise: noise[metric] ?? 0,
    decides: DEFAULT_GATE.includes(metric),
    looks: detectableAt(noise[metric] ?? 0, looks, delta),
  }));
}

function readSliceSizes(text: string): number[] {
  const sizes = text.split(',').map((part) => Number(part.trim()));
  if (sizes.every((size) => Number.isInteger(size) && size >= 1 && size <= 1000)) return [...new Set(sizes)];
  throw new HarnessError(
    'BAD_OPTION',
    `--slice-sizes: expected whole numbers from 1 to 1000 joined by commas, got "${text}".`,
  );
}
