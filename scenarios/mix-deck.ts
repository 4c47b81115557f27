/** Which action comes when: weights turned into an evenly spread cycle. Pure; loaded by k6 and Node. */
import { MIX_ACTIONS, type MixAction } from './workloads.ts';

/**
 * One cycle in which each action comes as often as its weight says, as evenly spread as it can be (the smooth weighted
 * round robin of nginx). Random draws would give two variants different work and bring the costly pages in bursts.
 */
export function mixDeck(weights: Readonly<Record<MixAction, number>>): readonly MixAction[] {
  const hands = Object.entries(weights).map(([action, weight]) => ({
    action: action as MixAction,
    weight,
    credit: 0,
  }));
  const length = hands.reduce((sum, { weight }) => sum + weight, 0);
  if (!Number.isInteger(length) || length <= 0) {
    throw new RangeError(`Expected whole-number weights with a positive sum, got a sum of ${length}`);
  }
  return Array.from({ length }, () => {
    for (const hand of hands) hand.credit += hand.weight;
    const next = hands.reduce((best, hand) => (hand.credit > best.credit ? hand : best));
    next.credit -= length;
    return next.action;
  });
}

/** The action of iteration `index` (from 0) of the whole run. */
export function actionAt(deck: readonly MixAction[], index: number): MixAction {
  const action = deck[index % deck.length];
  if (action === undefined) throw new RangeError(`Expected an index from 0, got ${index}`);
  return action;
}

/**
 * Iterations of the mix that can be under way at once when every request takes its longest: an evenly spread action that
 * comes `rate × share` times a second has at most that times its longest duration, plus one, under way.
 */
export function worstConcurrency(
  weights: Readonly<Record<MixAction, number>>,
  ratePerSecond: number,
  requestTimeoutSeconds: number,
): number {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  return Object.entries(weights).reduce((sum, [action, weight]) => {
    const worstSeconds = MIX_ACTIONS[action as MixAction].requests * requestTimeoutSeconds;
    return sum + Math.ceil((weight / total) * ratePerSecond * worstSeconds) + 1;
  }, 0);
}
