import type { LoadedConfig } from '../../config/loaded-config.ts';
import type { Offer } from '../offer.ts';
import type { DispatchAnswer, DispatcherOptions, ServicePlace } from '../target.ts';
import { openConfiguredDispatcher } from './configured-dispatcher.ts';
import { pause } from './pause.ts';
import { connectService, LostAnswer } from './service-connection.ts';

/** A health request while a dispatch was under way. Times since the dispatch was asked for, in ms. */
export interface HealthRequest {
  readonly sentMs: number;
  readonly answeredMs: number;
}

export interface ObservedService {
  readonly dispatch: DispatchAnswer;
  readonly health: readonly HealthRequest[];
  /** Every request waits until the dispatch is done. `null`: the dispatch was too short to tell. */
  readonly oneWorker: boolean | null;
}

/** Health is asked so often. */
const EVERY_MS = 50;
/** A dispatch shorter than this tells nothing of other requests. */
const LEAST_MS = 300;

/**
 * Dispatches one offer and asks for health meanwhile on a connection of its own: to see whether a long request blocks all others. Nothing
 * of it is to be measured. What is odd is told as by any dispatcher.
 *
 * @throws HarnessError as {@link openConfiguredDispatcher} and its dispatches
 */
export async function observeService(
  loaded: LoadedConfig,
  place: ServicePlace,
  offer: Offer,
  options: Omit<DispatcherOptions, 'offers'>,
): Promise<ObservedService> {
  const dispatcher = await openConfiguredDispatcher(loaded, place, { ...options, offers: [offer] });
  const connection = connectService(place.service.baseUrl);
  const beganAt = performance.now();
  const health: HealthRequest[] = [];
  const state = { done: false };
  const askOnce = async () => {
    const sentMs = performance.now() - beganAt;
    const request = { method: 'GET', path: loaded.config.service.health, headers: {} };
    const answer = connection.send(request, { headers: {}, timeoutMs: 300_000, signal: options.signal });
    await answer.catch((error: unknown) => {
      if (!(error instanceof LostAnswer)) throw error;
    });
    health.push({ sentMs, answeredMs: performance.now() - beganAt });
  };
  const asking = (async () => {
    for (;;) {
      await pause(EVERY_MS, options.signal);
      if (state.done) return;
      await askOnce();
    }
  })();
  asking.catch(() => {}); // told where it is waited for
  try {
    const dispatch = await dispatcher.dispatch(offer).finally(() => {
      state.done = true;
    });
    await asking;
    const oneWorker = isOneWorker(health, dispatch.wallMs);
    if (oneWorker) {
      const longestMs = Math.max(...health.map(({ sentMs, answeredMs }) => answeredMs - sentMs));
      options.onOddity(
        `While a dispatch is under way no other request is answered: ${loaded.config.service.health} waited ${Math.round(longestMs)} ms. The service has one worker; under load every request will wait behind a dispatch. Start it with more workers, or as it runs in production.`,
      );
    }
    return { dispatch, health, oneWorker };
  } finally {
    connection.close();
    await dispatcher.closed();
  }
}

/** One request was held up for most of the dispatch. @param dispatchMs how long it took */
export function isOneWorker(health: readonly HealthRequest[], dispatchMs: number): boolean | null {
  if (dispatchMs < LEAST_MS || health.length === 0) return null;
  return health.some(({ sentMs, answeredMs }) => answeredMs - sentMs >= 0.5 * dispatchMs);
}
