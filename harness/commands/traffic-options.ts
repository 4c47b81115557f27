import {
  DATASET_OPTIONS,
  type DatasetArguments,
  datasetShape,
  OPTIONS,
  optionalRatio,
  positiveNumber,
  TARGET_OPTIONS,
  WRITING_OPTIONS,
  wholeNumber,
} from '../config/options.ts';
import type { RunPlan } from '../experiment/run-once.ts';
import { requireOffers, WARM_UP_DISPATCHES } from '../targets/offer.ts';
import type { Target } from '../targets/target.ts';
import { scenarioNamed, type TargetArguments } from './choose-target.ts';

/** What `run` and `experiment` have in common: a dataset, traffic on it, and where the result goes. */
export interface TrafficArguments extends DatasetArguments, TargetArguments {
  readonly scenario: string;
  readonly probes: number;
  readonly durationFactor: number;
  readonly rateFactor: number;
  readonly maxErrorRatio?: number;
  readonly results: string;
  readonly server?: string;
  readonly allowServer?: string;
  readonly plan?: boolean;
  readonly json: boolean;
}

export const VARIANT_HELP =
  'baseline, indexes, bulk-apply, eager-loading, optimised, or switches joined by +; with a config, one of its variants';

/** The options of {@link TrafficArguments}; the two verbs differ in two defaults. */
export function trafficOptions(defaults: { probes: number; durationFactor: number }) {
  return {
    probes: {
      type: 'number',
      requiresArg: true,
      default: defaults.probes,
      describe: 'Dispatches run alone and counted, after one that is not',
    },
    'duration-factor': {
      type: 'number',
      requiresArg: true,
      default: defaults.durationFactor,
      describe: "Multiplies the scenario's durations",
    },
    'rate-factor': {
      type: 'number',
      requiresArg: true,
      default: 1,
      describe: "Multiplies the scenario's arrival rates",
    },
    'max-error-ratio': OPTIONS['max-error-ratio'],
    ...DATASET_OPTIONS,
    ...TARGET_OPTIONS,
    results: OPTIONS.results,
    ...WRITING_OPTIONS,
    json: OPTIONS.json,
  } as const;
}

/** Reads and checks what the two verbs share. @throws HarnessError BAD_OPTION */
export function readTraffic(
  args: TrafficArguments,
  target: Target,
): Pick<RunPlan, 'scenario' | 'shape' | 'probe' | 'durationFactor' | 'rateFactor' | 'maxErrorRatio'> {
  const scenario = scenarioNamed(target, args.scenario);
  const shape = datasetShape(args, scenario.datasetProfile);
  const traffic = {
    scenario: scenario.name,
    shape,
    durationFactor: positiveNumber('--duration-factor', args.durationFactor, 1000),
    rateFactor: positiveNumber('--rate-factor', args.rateFactor, 1000),
    maxErrorRatio: optionalRatio('--max-error-ratio', args.maxErrorRatio),
  };
  target.trafficOf({ ...traffic, offers: [], randomSeed: shape.randomSeed }); // refused before anything starts
  return { ...traffic, probe: readProbes(args.probes, target.expectedOffers(shape), 100) };
}

/**
 * Reads `--probes`: dispatches that are counted, after one that is not.
 * @param available offers of the dataset; `null` where only the dataset will tell
 * @throws HarnessError BAD_OPTION unless it is from 1 to `most` and there are as many offers
 */
export function readProbes(probes: number, available: number | null, most: number): RunPlan['probe'] {
  const dispatches = wholeNumber('--probes', probes, 1, most);
  requireOffers('--probes', dispatches, available);
  return { warmUp: WARM_UP_DISPATCHES, dispatches };
}
