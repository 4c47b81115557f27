/** How requests ended, told while the load goes on. Pure. */
import type { RequestEnd } from './load-tally.ts';

/** Requests at one service that have ended since it was last told. */
export interface RequestEnds {
  /** Name of the target; `null` where there is one alone. */
  readonly target: string | null;
  readonly requests: number;
  /** Wrong status or body, or no connection. A 429 is none, and a timeout is counted apart. */
  readonly errors: number;
  readonly timeouts: number;
}

/** Collects ends by target, to be told and forgotten. */
export class RequestEndCounts {
  readonly #counts = new Map<string | null, { requests: number; errors: number; timeouts: number }>();

  add(target: string | null, end: RequestEnd): void {
    const counts = this.#of(target);
    counts.requests += 1;
    if (end === 'timeout') counts.timeouts += 1;
    else if (end !== 'ok' && end !== 'rate-limited') counts.errors += 1;
  }

  /** An answer that is found wrong after it was counted. */
  addLateError(target: string | null): void {
    this.#of(target).errors += 1;
  }

  take(): RequestEnds[] {
    const ends = [...this.#counts].map(([target, counts]) => ({ target, ...counts }));
    this.#counts.clear();
    return ends;
  }

  #of(target: string | null) {
    const counts = this.#counts.get(target) ?? { requests: 0, errors: 0, timeouts: 0 };
    this.#counts.set(target, counts);
    return counts;
  }
}
