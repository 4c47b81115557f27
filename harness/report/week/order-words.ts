import { formatChange, formatChangeInterval } from '../../change.ts';
import { formatShare } from '../../quantity.ts';
import type { Contributions } from '../../week-record.ts';

type Order = Contributions['orders'][number];
type Share = Contributions['shares'][number];

/** The order that differs most from the first: its reverse where that was measured. `null` where there is only one. */
export function otherOrder({ orders }: Contributions): Order | null {
  const [first, ...others] = orders;
  if (first === undefined || others.length === 0) return null;
  const reverse = first.switches.toReversed().join();
  return others.find(({ switches }) => switches.join() === reverse) ?? others.at(-1) ?? null;
}

/** The switch whose share depends most on the order. */
export function widestShare({ shares }: Contributions): Share | null {
  return shares.toSorted((a, b) => b.most - b.least - (a.most - a.least))[0] ?? null;
}

/** Below this difference of a switch's shares, orders tell the same story. */
const MATTERS_FROM = 0.1;

/** How much it matters in which order the steps are taken, in plain words. */
export function orderSentence(contributions: Contributions): string {
  const { orders } = contributions;
  const widest = widestShare(contributions);
  if (widest === null || orders.length < 2) {
    return 'Only one order was measured, so what each step is worth in another one is not known.';
  }
  const range = `the step “${widest.switch}” makes a dispatch ${factorChange(widest.leastFactor)} (${formatShare(widest.least)} of the whole change) in the order that favours it least, and ${factorChange(widest.mostFactor)} (${formatShare(widest.most)}) in the one that favours it most`;
  return widest.most - widest.least < MATTERS_FROM
    ? `The order hardly matters: ${range}.`
    : `The order matters: ${range}. No step has one true share.`;
}

const TIME = { unit: 'ms', higherIsBetter: false };

function factorChange(factor: number): string {
  return formatChange(1 / factor, TIME);
}

/** "2.5× to 8.3× faster": what a step did to the time of a dispatch, over all orders. */
export function factorRange({ leastFactor, mostFactor }: Share): string {
  return formatChangeInterval(1 / mostFactor, 1 / leastFactor, TIME);
}
