import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { PlannedSlot } from '../experiment-record.ts';

export interface PlanOptions {
  readonly part: PlannedSlot['part'];
  readonly variants: readonly string[];
  readonly pairs: number;
  readonly randomSeed: number;
}

/**
 * Order of the runs of an experiment. Each pair holds every variant once. Positions are balanced: over the pairs each
 * variant stands in each position equally often (as far as the number of pairs allows), and which pair has which order
 * is random. So neither a slow start of the machine nor a slow evening can favour one variant.
 */
export function planSlots(options: PlanOptions): PlannedSlot[] {
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
  const rotations = Array.from({ length: options.pairs }, (_, index) => index % base.length);
  return shuffled(rotations).flatMap((rotation, pairIndex) =>
    [...base.slice(rotation), ...base.slice(0, rotation)].map((variant, slotIndex) => ({
      part: options.part,
      pair: pairIndex + 1,
      slot: slotIndex + 1,
      variant,
    })),
  );
}
