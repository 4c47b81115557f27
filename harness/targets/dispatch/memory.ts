/** What a dispatcher remembers of its dispatches, to see what is odd about a later one. */
import type { Offer } from '../offer.ts';
import type { OfferRows } from './judge-dispatch.ts';

export interface RememberedDispatch {
  readonly offer: Offer;
  readonly identity: string | null;
  readonly wallMs: number;
  readonly rows: OfferRows;
}

export interface DispatchMemory {
  add(dispatch: RememberedDispatch): void;
  /** In order. */
  all(): readonly RememberedDispatch[];
  /** Key of an earlier offer whose dispatch had this identity. */
  sameAnswer(identity: string | null): string | null;
  /** 5 times as long as the median of the others. */
  isMuchLonger(wallMs: number): boolean;
  /** Notes that a dispatch is over. */
  ended(): void;
  /** Of `performance.now()`; long ago before the first. */
  lastEndedAt(): number;
}

export function rememberDispatches(): DispatchMemory {
  const dispatches: RememberedDispatch[] = [];
  let endedAt = Number.NEGATIVE_INFINITY;
  return {
    add: (dispatch) => dispatches.push(dispatch),
    all: () => dispatches,
    sameAnswer: (identity) =>
      identity === null ? null : (dispatches.find((one) => one.identity === identity)?.offer.key ?? null),
    isMuchLonger: (wallMs) => {
      const sorted = dispatches.map((one) => one.wallMs).sort((a, b) => a - b);
      const median = sorted[Math.floor(sorted.length / 2)];
      return median !== undefined && wallMs >= 5 * median;
    },
    ended: () => {
      endedAt = performance.now();
    },
    lastEndedAt: () => endedAt,
  };
}
