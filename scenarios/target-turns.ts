/** Whose turn it is when several targets share the traffic. Pure; loaded by k6 and Node. */
import { fractionOf } from './traffic-choices.ts';

/** The turns that all targets take together, in the arrivals of one step. */
export interface SharedTurns {
  readonly randomSeed: number;
  readonly targets: number;
  /** Of each target. */
  readonly turns: number;
  /** Number of each target's first turn, over the whole run. */
  readonly firstIndex: number;
}

/** Equal indexes are equal work, whichever target does it. */
export interface Turn {
  /** From 0. */
  readonly target: number;
  /** Of that target's turns over the whole run, from 0. */
  readonly index: number;
}

/**
 * Turns of each target in a block, inside which the order is random. Short, so that targets differ little in time and what
 * slows the machine meets all of them; with one turn a block, the next target would be known half of the time.
 */
export const TURNS_PER_BLOCK = 2;

/** The turn of iteration `position` (from 0) of all targets together. */
export function turnAt(shared: SharedTurns, position: number): Turn {
  const { targets, turns, firstIndex } = shared;
  const before = Math.floor(position / (targets * TURNS_PER_BLOCK)) * TURNS_PER_BLOCK;
  const inBlock = Math.min(TURNS_PER_BLOCK, turns - before);
  const order = shuffledTurns(shared, firstIndex + before, inBlock);
  const place = position - before * targets;
  const target = order[place];
  if (target === undefined) {
    throw new RangeError(`Expected a position from 0 to ${targets * turns - 1}, got ${position}`);
  }
  const earlier = order.slice(0, place).filter((other) => other === target).length;
  return { target, index: firstIndex + before + earlier };
}

/** Every target `times` times, in an order that depends on the seed and on `key` alone. */
export function shuffledTurns(
  { randomSeed, targets }: Pick<SharedTurns, 'randomSeed' | 'targets'>,
  key: number,
  times = 1,
): number[] {
  const order = Array.from({ length: targets * times }, (_, index) => index % targets);
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(fractionOf(randomSeed, key, PURPOSE_OF_ORDER + last) * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  return order;
}

/** Beyond the purposes of `traffic-choices.ts`, so that the order tells nothing of what is asked. */
const PURPOSE_OF_ORDER = 1_000;
