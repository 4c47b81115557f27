import { setTimeout as delay } from 'node:timers/promises';
import type { RequestConfig, ServiceConfig } from '../config/rushhour-config.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { fillRequest } from './placeholders.ts';

export interface WarmUpRequest {
  readonly service: ServiceConfig;
  readonly baseUrl: string;
  readonly variant: string;
  readonly signal: AbortSignal;
  /** Rounds in a row without an error after which the service is taken for warm. Default 1. */
  readonly goodRounds?: number;
}

/** A pool may hand out each of its dead connections once. */
const MOST_ROUNDS = 40;
const PAUSE_MS = 100;

/**
 * Asks what the config wants asked before anything is measured; of a config without, the health path. A refusal (4xx) is an answer:
 * what a first call builds is built by it.
 *
 * @throws HarnessError SERVICE_START_FAILED when it goes on failing
 */
export async function warmUp(request: WarmUpRequest): Promise<void> {
  const { service, signal, goodRounds = 1 } = request;
  const asked = service.warmUp ?? [{ path: service.health }];
  let good = 0;
  let failure: string | null = null;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    failure = await askAll(asked, request);
    good = failure === null ? good + 1 : 0;
    if (good >= goodRounds) return;
    if (failure !== null) await delay(PAUSE_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
  throw new HarnessError(
    'SERVICE_START_FAILED',
    `The service at ${request.baseUrl} is up, but ${failure ?? 'fails every other time'} (asked ${MOST_ROUNDS} times).`,
    {
      hint: 'If its database was replaced under it, its pool hands out connections that have ended: let it test them before use, or restart it in hooks.afterReset. Else see service.warmUp.',
    },
  );
}

/** The first failure, as the end of a sentence. */
async function askAll(asked: readonly RequestConfig[], request: WarmUpRequest): Promise<string | null> {
  const { service, baseUrl, variant, signal } = request;
  const limitMs = (service.startTimeoutSeconds ?? 60) * 1000;
  for (const one of asked) {
    const { method, path, headers, body } = fillRequest(one, { variant });
    signal.throwIfAborted();
    try {
      const response = await fetch(new URL(path, baseUrl), {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
      });
      const text = await response.text();
      if (response.status >= 500)
        return `${method} ${path} gives ${response.status}: ${text.replace(/\s+/g, ' ').slice(0, 300)}`;
    } catch (error) {
      signal.throwIfAborted();
      return `${method} ${path} fails: ${(error as { cause?: { code?: string } }).cause?.code ?? messageOf(error)}`;
    }
  }
  return null;
}
