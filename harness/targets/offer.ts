import type { Values } from '../config/rushhour-config.ts';
import { HarnessError } from '../errors.ts';
import { countOf } from '../quantity.ts';

/** What one dispatch is offered and consumes: of the reference target a company-day. */
export interface Offer {
  /** Names it in results; equal in every variant. */
  readonly key: string;
  /** What requests and queries about it are filled with. */
  readonly values: Values;
}

/** One dispatch runs before those that are measured: the first on a connection pays for plans and pages. */
export const WARM_UP_DISPATCHES = 1;

/**
 * Makes sure that there is enough to dispatch; `available` is `null` where only the dataset will tell.
 * @throws HarnessError BAD_OPTION
 */
export function requireOffers(flag: string, dispatches: number, available: number | null): void {
  const needed = dispatches + WARM_UP_DISPATCHES;
  if (available === null || needed <= available) return;
  throw new HarnessError(
    'BAD_OPTION',
    `${flag}: ${countOf(dispatches, 'dispatch', 'dispatches')} and one before need ${needed} offers, the dataset has ${available}.`,
    { hint: `Lower ${flag}, or raise --companies or --days: an offer is a company and a day.` },
  );
}
