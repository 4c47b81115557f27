import type { FilledRequest } from '../placeholders.ts';
import type { Oddities } from './oddities.ts';
import { pause } from './pause.ts';
import type { Exchange, SendOptions, ServiceConnection } from './service-connection.ts';

export const TOO_MANY_REQUESTS = 429;

/** Longest time that one request is kept waiting for a service that answers 429. */
const PATIENCE_MS = 90_000;

/** A service that takes only so many requests a second, and says 429 to more. */
export interface PacedService {
  /**
   * Sends when it is this request's turn. A 429 is waited for as it asks, 90 s at most, and is told with the remedy; the answer that
   * counts is the last one, whose time holds no waiting.
   *
   * @throws LostAnswer, or the signal's reason
   */
  send(request: FilledRequest, options: SendOptions & { readonly remedy: string }): Promise<Exchange>;
}

export function paceService(
  connection: ServiceConnection,
  requestsPerSecond: number | undefined,
  oddities: Oddities,
): PacedService {
  let lastSentAt = Number.NEGATIVE_INFINITY;
  return {
    send: async (request, options) => {
      for (let attempt = 0, waitedMs = 0; ; attempt++) {
        const waitMs = waitForTurnMs(lastSentAt, performance.now(), requestsPerSecond);
        if (waitMs > 0) await pause(waitMs, options.signal);
        lastSentAt = performance.now();
        const answer = await connection.send(request, options);
        if (answer.status !== TOO_MANY_REQUESTS) return answer;
        const askedMs = retryAfterMs(answer.headers['retry-after'], Date.now()) ?? 1000 * 2 ** attempt;
        const path = request.path.split('?')[0];
        oddities.tell(
          `429 ${options.remedy}`,
          `${request.method} ${path} was answered 429 (too many requests): it is asked again after ${askedMs / 1000} s, and the waiting is not measured. Set ${options.remedy}.`,
        );
        if (waitedMs + askedMs > PATIENCE_MS) return answer;
        waitedMs += askedMs;
        await pause(askedMs, options.signal);
      }
    },
  };
}

/** Until the next request may be sent, in ms. */
export function waitForTurnMs(
  lastSentAt: number,
  nowMs: number,
  requestsPerSecond: number | undefined,
): number {
  return requestsPerSecond === undefined ? 0 : Math.max(0, lastSentAt + 1000 / requestsPerSecond - nowMs);
}

/** Retry-After in ms: seconds, or a date (RFC 9110, 10.2.3); at least 50. `null` when it says neither. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? null : Math.max(50, ms);
}
