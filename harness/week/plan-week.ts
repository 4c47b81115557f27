import { type DatasetShape, resolveShape } from '../../seed/profiles.ts';
import { parseVariant } from '../../target/variants.ts';
import type { GrowthSize, WeekDay, WeekPlan, WeekTarget } from '../week-record.ts';
import { WEEK_ORDER, weekChain, weekStepNames } from './rows/week-steps.ts';

export const ALL_DAYS: readonly WeekDay[] = [1, 2, 3, 4, 5];

export interface WeekRequest {
  readonly mode: WeekPlan['mode'];
  readonly days: readonly WeekDay[];
  readonly shape: DatasetShape;
  readonly randomSeed: number;
  /** Names of the load generators of load and stress test. */
  readonly generators: readonly string[];
  /** A service that a config describes. Default: the reference target. */
  readonly target?: WeekTarget | undefined;
}

/** Everything that a week measures, decided before anything runs. The quick one measures the same things with less of each. */
export function planWeek({ mode, days, shape, randomSeed, generators, target }: WeekRequest): WeekPlan {
  const quick = mode === 'quick';
  return {
    schema: 'rushhour.week-plan/1',
    mode,
    days: [...days],
    shape,
    randomSeed,
    profile: quick
      ? { warmUp: 1, dispatches: 1, growthRepeats: 2 }
      : { warmUp: 1, dispatches: 3, growthRepeats: 3 },
    advice: quick
      ? { dispatches: 1, perRound: 10, rounds: 0, pairs: 0 }
      : { dispatches: 2, perRound: 10, rounds: 6, pairs: 0 },
    ladder: {
      variants: target === undefined ? variantsFor(days, quick) : configuredVariants(days, target),
      pairs: quick ? 8 : 16,
      dispatches: quick ? 2 : 3,
      countRepeats: 2,
      counted: { warmUp: 1, dispatches: quick ? 1 : 2 },
    },
    load: { durationFactor: quick ? 0.5 : 1, generators: [...generators] },
    stress: {
      shape: stressShape(shape, quick),
      durationFactor: quick ? 0.3 : 1,
    },
    growth: { sizes: growthSizes(shape, mode), dispatches: quick ? 1 : 2 },
    ...(target === undefined ? {} : { target }),
  };
}

/**
 * The variants that the rows of these days need. Day 5 tells what each step contributes, in several orders: the quick week's
 * order and its reverse, the full week's all six.
 */
function variantsFor(days: readonly WeekDay[], quick: boolean): string[] {
  const [indexes, bulk, eager] = WEEK_ORDER;
  const upTo = (...switches: string[]) => parseVariant(switches.join('+')).name;
  const needed: Readonly<Record<WeekDay, readonly string[]>> = {
    1: [],
    2: ['baseline', indexes],
    3: [indexes, upTo(indexes, bulk)],
    4: [upTo(indexes, bulk), 'optimised'],
    5: ['baseline', indexes, upTo(indexes, bulk), eager, upTo(bulk, eager), 'optimised'],
  };
  const others = quick ? [] : [bulk, upTo(indexes, eager)];
  const wanted = new Set([...days.flatMap((day) => needed[day]), ...(days.includes(5) ? others : [])]);
  return [...LADDER].filter((variant) => wanted.has(variant));
}

/** Of the one way through the variants that a config names. */
function configuredVariants(days: readonly WeekDay[], { variants }: WeekTarget): string[] {
  const chain = weekChain(variants.map(({ name }) => name));
  const wanted = WEEK_ORDER.flatMap((turnedOn, place) => {
    const names = days.includes((place + 2) as WeekDay) ? weekStepNames(chain, turnedOn) : null;
    return names === null ? [] : [names.from, names.to];
  });
  return chain.filter((variant) => days.includes(5) || wanted.includes(variant));
}

/** Every variant, in the order of the number of its switches and of the week. */
const LADDER: readonly string[] = [
  'baseline',
  ...WEEK_ORDER,
  'indexes+bulk-apply',
  'indexes+eager-loading',
  'bulk-apply+eager-loading',
  'optimised',
];

/** Ten times the bookings of the week's dataset; at that of `load` the full week takes the dataset of `stress`. */
function stressShape(shape: DatasetShape, quick: boolean): DatasetShape {
  const { randomSeed, drivers, history } = shape;
  if (shape.profile === 'load' && !quick) return resolveShape('stress', { randomSeed });
  const bookings = 10 * shape.bookings;
  return resolveShape('stress', { bookings, drivers, history, companies: 4, days: 4, randomSeed });
}

/** Of the week's own bookings and history; at the dataset of `load` bookings go from 10 to 1,000. */
const SIZES = {
  quick: { bookings: [0.1, 1, 10], history: [0.01, 0.1, 1] },
  full: { bookings: [0.1, 0.3, 1, 3, 10], history: [0.01, 0.1, 1, 10] },
} as const;

/** Bookings grow over few past ones, history grows over the bookings of the week's dataset. */
function growthSizes(shape: DatasetShape, mode: WeekPlan['mode']): GrowthSize[] {
  const { drivers, companies, randomSeed } = shape;
  const past = Math.round(shape.history * 0.05);
  const sized = (varied: GrowthSize['varied'], size: number, numbers: Partial<DatasetShape>): GrowthSize => ({
    varied,
    size,
    shape: resolveShape('load', { drivers, days: 3, randomSeed, ...numbers }),
  });
  return [
    ...SIZES[mode].bookings
      .map((factor) => Math.max(1, Math.round(factor * shape.bookings)))
      .map((bookings) => sized('bookings', bookings, { bookings, companies: 2, history: past })),
    ...SIZES[mode].history
      .map((factor) => Math.round(factor * shape.history))
      .map((history) => sized('history', history, { bookings: shape.bookings, companies, history })),
  ];
}
