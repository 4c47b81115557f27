import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A stretch of the list of dispatches on one arm, while the others wait. */
export interface PlannedSlice {
  readonly arm: number;
  /** Positions in the list of company-days: `from` up to, not including, `to`. */
  readonly from: number;
  readonly to: number;
}

export interface SliceOptions {
  readonly arms: number;
  readonly dispatches: number;
  /** Position of the first dispatch in the list of company-days. */
  readonly first: number;
  readonly sliceSize: number;
  readonly randomSeed: number;
}

/**
 * The order of the slices of one pair. Every arm works through the same list in the same order; in each block that all
 * arms work through, the order of the arms is random, so that whatever happens on the machine meanwhile falls on each
 * of them alike. Drift within a pair cannot favour one arm: each block holds all of them.
 */
export function planSlices(options: SliceOptions): PlannedSlice[] {
  const random = xoroshiro128plus(options.randomSeed);
  const slices: PlannedSlice[] = [];
  const end = options.first + options.dispatches;
  for (let from = options.first; from < end; from += options.sliceSize) {
    const to = Math.min(end, from + options.sliceSize);
    const order = Array.from({ length: options.arms }, (_, arm) => arm);
    for (let i = order.length - 1; i > 0; i--) {
      const j = uniformInt(random, 0, i);
      [order[i], order[j]] = [order[j] as number, order[i] as number];
    }
    slices.push(...order.map((arm) => ({ arm, from, to })));
  }
  return slices;
}
