import {
  DATASET_OPTIONS,
  type DatasetArguments,
  datasetShape,
  OPTIONS,
  optionalRatio,
  positiveNumber,
  slowdownRatio,
  TARGET_OPTIONS,
  uncapitalised,
  WRITING_OPTIONS,
  wholeNumber,
} from '../config/options.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { armsOf } from '../experiment/arms.ts';
import { chooseSeed } from '../experiment/experiment-context.ts';
import { LOAD_GATE } from '../experiment/load-metrics.ts';
import { DEFAULT_GATE, ROUND_METRICS } from '../experiment/metrics.ts';
import type { ExperimentRequest } from '../experiment/plan.ts';
import type { RoundRequest } from '../experiment/round-size.ts';
import type { Arm, Part } from '../experiment-record.ts';
import { requireOffers, WARM_UP_DISPATCHES } from '../targets/offer.ts';
import type { Target } from '../targets/target.ts';
import { type Traffic, usefulGenerators } from '../targets/traffic.ts';
import { scenarioNamed, type TargetArguments } from './choose-target.ts';
import { GENERATOR_NAMES, type GeneratorName } from './generators.ts';
import { VARIANT_HELP } from './traffic-options.ts';

export const MODES = ['count', 'pair', 'load', 'all'] as const;
export type Mode = (typeof MODES)[number];

export interface ExperimentArguments extends DatasetArguments, TargetArguments {
  readonly scenario?: string;
  readonly variants?: string;
  readonly mode: Mode;
  readonly pairs?: number;
  readonly gate?: string;
  readonly dispatches?: number;
  readonly sliceSize?: number;
  readonly probes: number;
  readonly generator: GeneratorName | 'both';
  readonly loadPairs: number;
  readonly durationFactor: number;
  readonly rateFactor: number;
  readonly maxErrorRatio?: number;
  readonly injectSlowdown?: string;
  readonly dropIndex?: string[];
  readonly confirm: boolean;
  readonly requireVerdict: boolean;
  readonly swap: boolean;
  readonly report: boolean;
  readonly orderSeed?: number;
  readonly resume?: string;
  readonly results: string;
  readonly server?: string;
  readonly allowServer?: string;
  readonly plan?: boolean;
  readonly json: boolean;
}

export function experimentOptions() {
  return {
    variants: {
      type: 'string',
      requiresArg: true,
      describe: `Two or more, the first is the baseline; twice the same is an A/A. Default: the first and the last there are, baseline,optimised. ${VARIANT_HELP}`,
    },
    mode: {
      choices: MODES,
      default: 'pair',
      describe:
        'count: exact counters alone; pair: alternating slices; load: k6 and autocannon, both up at once; all: everything. Equality and counts always come first',
    },
    pairs: {
      type: 'number',
      requiresArg: true,
      describe:
        'A single look at so many pairs; without it looks at 10, 16 and 24, of which the first with verdicts ends it',
    },
    gate: {
      type: 'string',
      requiresArg: true,
      describe: `The metrics that decide, at most 4, joined by commas. Default: ${DEFAULT_GATE.join(',')}; of the load part alone ${LOAD_GATE.join(',')}`,
    },
    dispatches: {
      type: 'number',
      requiresArg: true,
      describe: 'Dispatches of each variant in a pair; without it as many as fill 4 seconds',
    },
    'slice-size': {
      type: 'number',
      requiresArg: true,
      describe:
        'Dispatches of one variant before the other takes its turn; without it what `calibrate` found, else 1',
    },
    probes: {
      type: 'number',
      requiresArg: true,
      default: 2,
      describe: 'Dispatches run alone and counted, after one that is not',
    },
    generator: {
      choices: [...GENERATOR_NAMES, 'both'],
      default: 'both',
      describe: 'Generators of the load part',
    },
    'load-pairs': {
      type: 'number',
      requiresArg: true,
      default: 6,
      describe: 'Pairs of the load part; times get a verdict from 6 on',
    },
    'duration-factor': {
      type: 'number',
      requiresArg: true,
      default: 0.5,
      describe: "Multiplies the scenario's durations, in the load part",
    },
    'rate-factor': {
      type: 'number',
      requiresArg: true,
      default: 1,
      describe: "Multiplies the scenario's arrival rates, in the load part",
    },
    'max-error-ratio': OPTIONS['max-error-ratio'],
    'inject-slowdown': {
      type: 'string',
      requiresArg: true,
      describe:
        'Slows the later variants by a share of their service time, for example 5%: would it be found?',
    },
    'drop-index': {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Drops an index in the database of the later variants',
    },
    confirm: {
      type: 'boolean',
      default: true,
      describe: 'Confirm a regression by an independent second experiment',
    },
    'require-verdict': {
      type: 'boolean',
      default: false,
      describe: 'Exit with 99 when it stays inconclusive',
    },
    swap: {
      type: 'boolean',
      default: false,
      describe:
        'Exchanges baseline and candidate in the same slots: an A/A must say the same the other way round',
    },
    report: {
      type: 'boolean',
      default: true,
      describe: 'Draw the report; `rushhour report ID` draws it later',
    },
    'order-seed': {
      type: 'number',
      requiresArg: true,
      describe: 'Repeats the order of an earlier experiment',
    },
    resume: {
      type: 'string',
      requiresArg: true,
      describe:
        'Goes on with an experiment that broke off: id, beginning of one, `last`, or folder. Its own plan holds',
    },
    ...DATASET_OPTIONS,
    ...TARGET_OPTIONS,
    results: OPTIONS.results,
    ...WRITING_OPTIONS,
    json: OPTIONS.json,
  } as const;
}

export interface ExperimentChoice {
  readonly request: ExperimentRequest;
  readonly round: RoundRequest;
  readonly generators: readonly GeneratorName[];
}

/** Counts are exact when two repeats on fresh clones agree. */
const COUNT_REPEATS = 2;

const MOST_GATE_METRICS = 4;

/** Measured over HTTP: the finer the slices, the more of the machine's noise falls on both sides alike. */
const DEFAULT_SLICE_SIZE = 1;

/** Reads and checks a command line. @throws HarnessError BAD_OPTION */
export function readExperiment(
  args: ExperimentArguments,
  target: Target,
  calibratedSliceSize: number | null = null,
): ExperimentChoice {
  const scenario = scenarioNamed(target, args.scenario);
  const shape = datasetShape(args, scenario.datasetProfile);
  const parts: Exclude<Part, 'count'>[] =
    args.mode === 'count' ? [] : args.mode === 'all' ? ['pair', 'load'] : [args.mode];
  const generators = !parts.includes('load')
    ? []
    : args.generator === 'both'
      ? [...GENERATOR_NAMES]
      : [args.generator];
  const dispatches = wholeNumber('--probes', args.probes, 1, 100);
  const randomSeed = wholeNumber('--order-seed', args.orderSeed ?? chooseSeed(), 0, 1_000_000);
  const factors = {
    durationFactor: positiveNumber('--duration-factor', args.durationFactor, 1000),
    rateFactor: positiveNumber('--rate-factor', args.rateFactor, 1000),
  };
  const maxErrorRatio = optionalRatio('--max-error-ratio', args.maxErrorRatio);
  // Of a plan that cannot be driven it says so before anything starts.
  const traffic = target.trafficOf({ scenario: scenario.name, shape, offers: [], randomSeed, ...factors });
  const loadGate = traffic?.gate(generators) ?? [];
  if (parts.includes('load') && loadGate.length === 0) throw noLoad(scenario.name, traffic, generators);
  requireOffers('--probes', dispatches, target.expectedOffers(shape));
  return {
    request: {
      target: target.name,
      scenario: scenario.name,
      parts,
      arms: readArms(args, target),
      shape,
      randomSeed,
      countRepeats: COUNT_REPEATS,
      probe: { warmUp: WARM_UP_DISPATCHES, dispatches },
      pairs: args.pairs === undefined ? null : wholeNumber('--pairs', args.pairs, 1, 200),
      gate:
        args.gate === undefined ? defaultGate(args.mode, loadGate) : readGate(args.gate, args.mode, loadGate),
      load: {
        pairs: wholeNumber('--load-pairs', args.loadPairs, 1, 100),
        ...factors,
        ...(maxErrorRatio === undefined ? {} : { maxErrorRatio }),
        generators,
      },
      confirm: args.confirm,
    },
    round: {
      dispatches:
        args.dispatches === undefined ? null : wholeNumber('--dispatches', args.dispatches, 1, 100_000),
      sliceSize: wholeNumber(
        '--slice-size',
        args.sliceSize ?? calibratedSliceSize ?? DEFAULT_SLICE_SIZE,
        1,
        1000,
      ),
    },
    generators,
  };
}

function readArms(args: ExperimentArguments, target: Target): Arm[] {
  const ends = [target.variants[0] ?? '', target.variants.at(-1) ?? ''];
  const variants = args.variants?.split(',').map((name) => name.trim()) ?? ends;
  if (variants.length < 2) {
    throw new HarnessError(
      'BAD_OPTION',
      `--variants: expected two or more, joined by commas, got "${args.variants}".`,
      {
        hint: `For example --variants ${ends.join(',')}.`,
      },
    );
  }
  try {
    const names = variants.map((name) => target.variantName(name, '--variants'));
    const arms = armsOf(names, {
      injectedSlowdownRatio: args.injectSlowdown === undefined ? 0 : slowdownRatio(args.injectSlowdown),
      droppedIndexes: args.dropIndex ?? [],
    });
    return args.swap ? arms.reverse() : arms;
  } catch (error) {
    if (error instanceof HarnessError) throw error;
    throw new HarnessError('BAD_OPTION', `--variants: ${uncapitalised(messageOf(error))}`, { cause: error });
  }
}

/** Slices decide where there are any: the load part moves more from pair to pair. */
function defaultGate(mode: Mode, loadGate: readonly string[]): string[] {
  return [...(mode === 'load' ? loadGate : DEFAULT_GATE)];
}

function noLoad(
  scenario: string,
  traffic: Traffic | null,
  generators: readonly GeneratorName[],
): HarnessError {
  const reasons = usefulGenerators(
    traffic,
    generators.map((name) => ({ name })),
  ).skipped.map(({ generator, reason }) => `${generator}: ${reason}`);
  return new HarnessError(
    'BAD_OPTION',
    `--mode: the scenario "${scenario}" has no load to compare: ${reasons.join('; ')}.`,
    { hint: 'Choose another scenario of the config, another --generator, or --mode pair.' },
  );
}

function readGate(text: string, mode: Mode, loadGate: readonly string[]): string[] {
  // Names hold commas themselves ("dispatch time, mean"), so the known ones are looked for, longest first.
  const known = gateNames(mode, loadGate).sort((a, b) => b.length - a.length);
  let rest = text;
  const found: { metric: string; at: number }[] = [];
  for (const metric of known) {
    const at = rest.indexOf(metric);
    if (at < 0) continue;
    found.push({ metric, at });
    rest = rest.replace(metric, ' '.repeat(metric.length));
  }
  if (found.length === 0 || found.length > MOST_GATE_METRICS || rest.replaceAll(/[\s,]/g, '') !== '') {
    throw new HarnessError(
      'BAD_OPTION',
      `--gate: expected 1 to ${MOST_GATE_METRICS} metrics of --mode ${mode}, got "${text}".`,
      {
        hint: `They are: ${gateNames(mode, loadGate)
          .map((name) => `"${name}"`)
          .join(', ')}.`,
      },
    );
  }
  return found.sort((a, b) => a.at - b.at).map(({ metric }) => metric);
}

/** A metric that the mode does not measure would leave the experiment without anything that decides. */
function gateNames(mode: Mode, loadGate: readonly string[]): string[] {
  return [
    ...(mode === 'load' ? [] : ROUND_METRICS.map(({ metric }) => metric)),
    ...(mode === 'pair' ? [] : loadGate),
  ];
}
