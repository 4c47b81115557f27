import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { ExperimentPlan, Part, PlannedSlot } from '../experiment-record.ts';
import { planLooks } from '../statistics/alpha-spending.ts';

export interface SlotOptions {
  readonly part: Part;
  readonly variants: readonly string[];
  /** Numbers of pairs after which positions are balanced, in rising order; the last one is the number of pairs. */
  readonly balancedAt: readonly number[];
  readonly randomSeed: number;
}

/**
 * Order of the slots of one part. Each pair holds every variant once. Positions are balanced: at every look each variant
 * has stood in each position equally often (as far as the number of pairs allows), and which pair has which order is
 * random. So neither a slow start of the machine nor a slow evening can favour one variant.
 */
export function planSlots(options: SlotOptions): PlannedSlot[] {
  const random = xoroshiro128plus(options.randomSeed);
  const shuffled = <T>(items: readonly T[]): T[] => {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = uniformInt(random, 0, i);
      [result[i], result[j]] = [result[j] as T, result[i] as T];
    }
    return result;
  };
  const base = shuffled(options.variants);
  const rotations = options.balancedAt.flatMap((end, index) => {
    const begin = options.balancedAt[index - 1] ?? 0;
    return shuffled(Array.from({ length: end - begin }, (_, place) => (begin + place) % base.length));
  });
  return rotations.flatMap((rotation, pairIndex) =>
    [...base.slice(rotation), ...base.slice(0, rotation)].map((variant, slotIndex) => ({
      part: options.part,
      pair: pairIndex + 1,
      slot: slotIndex + 1,
      variant,
    })),
  );
}

/** What is asked for; {@link planExperiment} makes the rest of the plan from it. */
export interface ExperimentRequest
  extends Pick<
    ExperimentPlan,
    'scenario' | 'arms' | 'shape' | 'randomSeed' | 'probe' | 'countRepeats' | 'gate' | 'load' | 'confirm'
  > {
  /** Name of the target. */
  readonly target: string;
  /** Equivalence and exact counts come before any timing, so `count` is part of every plan. */
  readonly parts: readonly Exclude<Part, 'count'>[];
  /** `null` for looks at 10, 16 and 24 pairs; a number for a single look. */
  readonly pairs: number | null;
  /** Bands of no interest by metric, as ratios. Default: those of the metrics. */
  readonly bands?: ExperimentPlan['bands'];
}

/** Chance of any false alarm in the gate, over its metrics and looks together. */
const ALPHA = 0.05;

export type UnsizedPlan = Omit<ExperimentPlan, 'round'>;

/** Everything that is decided before anything runs, but for the size of a round, which the counted dispatches tell. */
export function planExperiment(request: ExperimentRequest): UnsizedPlan {
  const variants = request.arms.map((arm) => arm.name);
  const looks = request.parts.includes('pair')
    ? planLooks({ pairs: request.pairs, metrics: request.gate.length, alpha: ALPHA })
    : [];
  const part = (name: Part, balancedAt: readonly number[], offset: number) =>
    planSlots({ part: name, variants, balancedAt, randomSeed: request.randomSeed + offset });
  return {
    schema: 'rushhour.plan/1',
    target: request.target,
    scenario: request.scenario,
    parts: ['count', ...request.parts],
    arms: [...request.arms],
    shape: request.shape,
    randomSeed: request.randomSeed,
    slots: [
      ...part('count', [request.countRepeats], 1),
      ...part(
        'pair',
        looks.map((look) => look.pairs),
        2,
      ),
      ...(request.parts.includes('load') ? part('load', [request.load.pairs], 3) : []),
    ],
    countRepeats: request.countRepeats,
    probe: request.probe,
    looks: [...looks],
    alpha: ALPHA,
    gate: [...request.gate],
    ...(request.bands ? { bands: request.bands } : {}),
    load: request.load,
    confirm: request.confirm,
  };
}

/** A seed for one pair, apart from those of all others, whatever part it is of. */
export function pairSeed(plan: Pick<ExperimentPlan, 'randomSeed'>, pair: number): number {
  return (plan.randomSeed * 1_009 + pair * 7_919) % 2_147_483_647;
}
