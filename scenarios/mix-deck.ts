/** Which action comes when: weights turned into an evenly spread cycle. Pure; loaded by k6 and Node. */
/**
 * One cycle in which each action comes as often as its weight says, as evenly spread as it can be (the smooth weighted
 * round robin of nginx). Random draws would give two variants different work and bring the costly pages in bursts.
 */
export function mixDeck<Action extends string>(weights: Readonly<Record<Action, number>>): readonly Action[] {
  const hands = Object.entries<number>(weights).map(([action, weight]) => ({
    action: action as Action,
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
export function actionAt<Action>(deck: readonly Action[], index: number): Action {
  const action = deck[index % deck.length];
  if (action === undefined) throw new RangeError(`Expected an index from 0, got ${index}`);
  return action;
}

/**
 * Iterations of the mix that can be under way at once when every request takes its longest: an evenly spread action that
 * comes `rate × share` times a second has at most that times its longest duration, plus one, under way.
 */
export function worstConcurrency<Action extends string>(
  weights: Readonly<Record<Action, number>>,
  ratePerSecond: number,
  worstSecondsOf: (action: Action) => number,
): number {
  const total = Object.values<number>(weights).reduce((sum, weight) => sum + weight, 0);
  return Object.entries<number>(weights).reduce((sum, [action, weight]) => {
    const worstSeconds = worstSecondsOf(action as Action);
    return sum + Math.ceil((weight / total) * ratePerSecond * worstSeconds) + 1;
  }, 0);
}
