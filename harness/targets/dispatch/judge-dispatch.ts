/** Whether a dispatch has done its work, by the rows of its offer and by nothing else. Pure. */

/** Bookings of an offer at one moment. */
export interface OfferRows {
  readonly open: number;
  readonly assigned: number;
  /** `null` of a service that has no such state. */
  readonly unassigned: number | null;
}

export type Judgement =
  | {
      readonly kind: 'done';
      readonly offered: number;
      readonly assigned: number;
      /** Those left without a driver, whether the service marks them or leaves them open. */
      readonly unassigned: number;
      /** Of the unassigned ones, those that are still open. */
      readonly leftOpen: number;
    }
  /** Nothing was open: there was nothing to dispatch. */
  | { readonly kind: 'nothing-offered' }
  /** No row of the offer has changed. */
  | { readonly kind: 'nothing-written' }
  /** Some bookings are still open, and nobody has said that the dispatch is complete. */
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'inconsistent'; readonly reason: string };

/**
 * Assigned and unassigned bookings are as many as were offered; capacity may leave some without a driver. Bookings may stay open only
 * where the service said that it is done.
 */
export function judgeDispatch(before: OfferRows, after: OfferRows, saidComplete: boolean): Judgement {
  const offered = before.open;
  if (offered === 0) return { kind: 'nothing-offered' };
  if (equalRows(before, after)) return { kind: 'nothing-written' };
  const assigned = after.assigned - before.assigned;
  const marked = after.unassigned === null ? null : after.unassigned - (before.unassigned ?? 0);
  const leftOpen = after.open;
  if (assigned < 0 || (marked ?? 0) < 0)
    return inconsistent('bookings that were settled before are so no more');
  const settled = assigned + (marked ?? 0);
  if (settled + leftOpen > offered) return inconsistent(`${settled + leftOpen} bookings came of ${offered}`);
  if (marked !== null && settled + leftOpen < offered)
    return inconsistent(
      `${offered - settled - leftOpen} of ${offered} bookings are neither open, assigned nor unassigned`,
    );
  if (leftOpen > 0 && !saidComplete) return { kind: 'unfinished' };
  return { kind: 'done', offered, assigned, unassigned: offered - assigned, leftOpen };
}

function inconsistent(reason: string): Judgement {
  return { kind: 'inconsistent', reason };
}

export function equalRows(one: OfferRows, other: OfferRows): boolean {
  return one.open === other.open && one.assigned === other.assigned && one.unassigned === other.unassigned;
}

/** "open 12 → 0, assigned 0 → 9, unassigned 0 → 3" */
export function describeRows(before: OfferRows, after: OfferRows): string {
  const change = (name: 'open' | 'assigned' | 'unassigned') =>
    after[name] === null ? [] : [`${name} ${before[name]} → ${after[name]}`];
  return [...change('open'), ...change('assigned'), ...change('unassigned')].join(', ');
}

/** A first dispatch has done something else as well when it took so many times what the next ones took, of which there must be so many. */
const FIRST_CALL = { ratio: 5, following: 3 };

/**
 * Whether the first dispatch of a service took 5 times as long as the median of the next three or more, and `leastMs` longer: it builds
 * the application.
 *
 * @param wallMs of the dispatches so far, in order
 * @returns the median of the next ones; `null` when it did not or it is too early to tell
 */
export function slowFirstCall(
  wallMs: readonly number[],
  leastMs: number,
): { readonly medianMs: number } | null {
  const [first, ...others] = wallMs;
  if (first === undefined || others.length < FIRST_CALL.following) return null;
  const medianMs = [...others].sort((a, b) => a - b)[Math.floor(others.length / 2)] ?? 0;
  const isSlow = first >= FIRST_CALL.ratio * medianMs && first - medianMs >= leastMs;
  return isSlow ? { medianMs } : null;
}
