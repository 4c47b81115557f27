import type { ScenarioName } from '../../scenarios/traffic-plan.ts';
import { WORKLOADS } from '../../scenarios/workloads.ts';
import { companyDays, type DatasetShape } from '../../seed/profiles.ts';
import {
  DATASET_OPTIONS,
  type DatasetArguments,
  datasetShape,
  OPTIONS,
  positiveNumber,
  wholeNumber,
} from '../config/options.ts';
import { HarnessError } from '../errors.ts';
import type { RunPlan } from '../experiment/run-once.ts';

/** What `run` and `experiment` have in common: a dataset, traffic on it, and where the result goes. */
export interface TrafficArguments extends DatasetArguments {
  readonly scenario: ScenarioName;
  readonly probes: number;
  readonly durationFactor: number;
  readonly rateFactor: number;
  readonly results: string;
  readonly server?: string;
  readonly json: boolean;
}

export const VARIANT_HELP =
  'baseline, indexes, bulk-apply, eager-loading, optimised, or switches joined by +';

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
    ...DATASET_OPTIONS,
    results: OPTIONS.results,
    server: OPTIONS.server,
    json: OPTIONS.json,
  } as const;
}

/** One dispatch runs before those that are counted: the first on a connection pays for plans and pages. */
const WARM_UP_DISPATCHES = 1;

/** Reads and checks what the two verbs share. @throws HarnessError BAD_OPTION */
export function readTraffic(
  args: TrafficArguments,
): Pick<RunPlan, 'scenario' | 'shape' | 'probe' | 'durationFactor' | 'rateFactor'> {
  const shape = datasetShape(args, WORKLOADS[args.scenario].datasetProfile);
  return {
    scenario: args.scenario,
    shape,
    probe: readProbes(args.probes, shape, 100),
    durationFactor: positiveNumber('--duration-factor', args.durationFactor, 1000),
    rateFactor: positiveNumber('--rate-factor', args.rateFactor, 1000),
  };
}

/**
 * Reads `--probes`: dispatches that are counted, after one that is not.
 * @throws HarnessError BAD_OPTION unless it is from 1 to `most` and the dataset has as many company-days
 */
export function readProbes(probes: number, shape: DatasetShape, most: number): RunPlan['probe'] {
  const dispatches = wholeNumber('--probes', probes, 1, most);
  const needed = dispatches + WARM_UP_DISPATCHES;
  const available = companyDays(shape).length;
  if (needed > available) {
    throw new HarnessError(
      'BAD_OPTION',
      `--probes: ${dispatches} dispatches and one before them need ${needed} company-days, the dataset has ${available}.`,
      { hint: 'Raise --companies or --days, or lower --probes.' },
    );
  }
  return { warmUp: WARM_UP_DISPATCHES, dispatches };
}
