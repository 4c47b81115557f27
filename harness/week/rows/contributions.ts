import type { Contributions, LadderFact, LadderStep, OrderStep } from '../../week-record.ts';
import { addedSwitches, isNextTo } from './ladder-steps.ts';

/**
 * What each switch contributes to the time of a dispatch, at its place in every order that was measured whole. A share is of
 * the logarithm of the change: factors of an order multiply, so their logarithms add up to the whole, whatever the order.
 * The mean over all orders is the Shapley value when every order is there (L. S. Shapley, 1953).
 *
 * @returns null when no order leads from the first variant to the last
 */
export function contributionsOf({ variants, steps }: LadderFact): Contributions | null {
  const [from, to] = [variants[0]?.variant, variants.at(-1)?.variant];
  if (from === undefined || to === undefined || from === to) return null;
  const known = steps.filter((step) => isStepOf(step, variants));
  const orders = pathsBetween(from, to, known).map((path) => ({
    switches: path.map((step) => step.switch),
    steps: path,
  }));
  return orders.length === 0 ? null : { from, to, orders, shares: sharesOf(orders) };
}

function pathsBetween(from: string, to: string, steps: readonly LadderStep[]): OrderStep[][] {
  if (from === to) return [[]];
  return steps.flatMap((step) => {
    const own = step.from === from ? orderStep(step) : null;
    return own === null ? [] : pathsBetween(step.to, to, steps).map((rest) => [own, ...rest]);
  });
}

/** A step of several switches counts where no variant lies between and it is not all there is. */
function isStepOf({ from, to }: LadderStep, variants: LadderFact['variants']): boolean {
  const names = variants.map(({ variant }) => variant);
  const several = addedSwitches(from, to).length > 1;
  return !several || (names.length > 2 && isNextTo(from, to, names));
}

/** `null` for one that was not timed. */
function orderStep({ from, to, dispatch, queries }: LadderStep): OrderStep | null {
  const added = addedSwitches(from, to).join('+');
  if (added === '' || dispatch === null) return null;
  const { beforeMs, afterMs, ratio, low, high } = dispatch;
  const queriesSaved = queries === null ? null : queries.before - queries.after;
  return { switch: added, from, to, beforeMs, afterMs, ratio, low, high, queriesSaved };
}

function sharesOf(orders: Contributions['orders']): Contributions['shares'] {
  const names = orders[0]?.switches ?? [];
  return names.map((name) => {
    const places = orders.flatMap(({ steps }) => {
      const own = steps.find((step) => step.switch === name);
      return own ? [{ factor: 1 / own.ratio, share: Math.log(own.ratio) / wholeLog(steps) }] : [];
    });
    const shares = places.map(({ share }) => share);
    const factors = places.map(({ factor }) => factor);
    return {
      switch: name,
      least: Math.min(...shares),
      most: Math.max(...shares),
      mean: shares.reduce((sum, share) => sum + share, 0) / shares.length,
      leastFactor: Math.min(...factors),
      mostFactor: Math.max(...factors),
    };
  });
}

function wholeLog(steps: readonly OrderStep[]): number {
  return steps.reduce((sum, { ratio }) => sum + Math.log(ratio), 0);
}
