/** When so many requests fail that more load says nothing. Pure. */
import { HarnessError } from '../errors.ts';
import type { RequestEnds } from '../load-generators/request-ends.ts';
import { countOf, formatCount, formatShare } from '../quantity.ts';
import type { ErrorLimit } from '../targets/traffic.ts';

/** What is looked back on. */
export const ERROR_WINDOW_MS = 10_000;

/** Of fewer requests a share says little. */
export const FEWEST_REQUESTS = 20;

/** Judges each target by the requests that ended within the last {@link ERROR_WINDOW_MS}. */
export class ErrorBrake {
  readonly #limit: ErrorLimit;
  #told: { readonly atMs: number; readonly ends: RequestEnds }[] = [];

  constructor(limit: ErrorLimit) {
    this.#limit = limit;
  }

  /**
   * @param atMs when it was told; any clock, the same each time
   * @returns why the load has to end, LOAD_BRAKED; `null` while it may go on
   */
  take(atMs: number, ends: readonly RequestEnds[]): HarnessError | null {
    this.#told = this.#told.filter((one) => one.atMs > atMs - ERROR_WINDOW_MS);
    this.#told.push(...ends.map((one) => ({ atMs, ends: one })));
    for (const target of new Set(ends.map((one) => one.target))) {
      const recent = this.#told.flatMap((one) => (one.ends.target === target ? [one.ends] : []));
      const requests = sumOf(recent, ({ requests: count }) => count);
      const failed = sumOf(recent, ({ errors, timeouts }) =>
        this.#limit.countsTimeouts ? errors + timeouts : errors,
      );
      if (requests >= FEWEST_REQUESTS && failed / requests > this.#limit.ratio)
        return braked(target, { failed, requests, limit: this.#limit });
    }
    return null;
  }
}

function sumOf(ends: readonly RequestEnds[], count: (one: RequestEnds) => number): number {
  return ends.reduce((sum, one) => sum + count(one), 0);
}

function braked(
  target: string | null,
  { failed, requests, limit }: { failed: number; requests: number; limit: ErrorLimit },
): HarnessError {
  const where = target === null ? 'the service' : `the service of ${target}`;
  return new HarnessError(
    'LOAD_BRAKED',
    `The load was ended: of the last ${countOf(requests, 'request')} to ${where}, within ${ERROR_WINDOW_MS / 1000} s, ${formatCount(failed)} failed (${formatShare(failed / requests)}); expected at most ${formatShare(limit.ratio)}.`,
    {
      hint: 'A service that fails most of what it is asked gives no measurement: its log says why. --max-error-ratio sets the share; with 1 no load is ended for it.',
    },
  );
}
