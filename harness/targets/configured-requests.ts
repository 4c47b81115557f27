/** What a service that is not ours usually does, each kind of request once; and its lists at any length. */
import { PAGE_SIZE } from '../../scenarios/endpoint-traffic.ts';
import { DISPATCH_UNIT } from '../capture/unit-of-work.ts';
import type { LoadedConfig } from '../config/loaded-config.ts';
import type { EndpointConfig, Value, Values } from '../config/rushhour-config.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { openAsking } from './dispatch/asking.ts';
import { openConfiguredDispatcher } from './dispatch/configured-dispatcher.ts';
import { endpointName } from './endpoint-name.ts';
import type { Offer } from './offer.ts';
import { findAt, valueAt } from './placeholders.ts';
import type { AskOptions, EverythingOptions, Logins, ServicePlace, SizedList } from './target.ts';

const HINT = 'Check the endpoint in the config, and the log of the service.';

/**
 * Dispatches the offers, then asks the endpoints of the config in their order, each with what the earlier ones extracted, lists by a page of usual length. An endpoint
 * with a placeholder that nothing has filled by then is left out, and told.
 *
 * @throws HarnessError DISPATCH_FAILED when a dispatch fails or an endpoint is refused
 */
export async function askEverything(
  loaded: LoadedConfig,
  place: ServicePlace,
  { offers, signal, hear, onProgress }: EverythingOptions,
): Promise<void> {
  const first = firstOf(offers);
  const common = { logins: new Map(), signal, onOddity: onProgress };
  const dispatcher = await openConfiguredDispatcher(loaded, place, { ...common, offers });
  try {
    for (const [index, offer] of offers.entries()) {
      onProgress(`dispatch ${index + 1} of ${offers.length}`);
      await hear(DISPATCH_UNIT, () => dispatcher.dispatch(offer));
    }
  } finally {
    dispatcher.close();
  }
  onProgress('requests');
  const asking = openAsking(loaded, place, common);
  try {
    const known: Record<string, Value> = {};
    for (const [name, endpoint] of Object.entries(loaded.config.endpoints ?? {})) {
      const size = endpoint.page ? { [endpoint.page.size]: PAGE_SIZE } : {};
      const values = { ...known, ...size };
      const question = { offer: first, values, expect: endpoint.expect, hint: HINT };
      try {
        const body = await hear(endpointName(endpoint), () => asking.ask(endpoint, question));
        Object.assign(known, extracted(endpoint, body));
      } catch (error) {
        if (!isUnfilled(error)) throw error;
        onProgress(`${name} left out: ${messageOf(error)}`);
      }
    }
  } finally {
    asking.close();
  }
}

/** The endpoints with `page`, asked for the first offer. */
export async function openConfiguredLists(
  loaded: LoadedConfig,
  place: ServicePlace,
  { offers, signal }: AskOptions,
): Promise<SizedList[]> {
  const first = firstOf(offers);
  const logins: Logins = new Map();
  const asking = openAsking(loaded, place, { logins, signal, onOddity: () => {} });
  const lists: SizedList[] = [];
  for (const endpoint of Object.values(loaded.config.endpoints ?? {})) {
    const { page } = endpoint;
    if (!page) continue;
    const ask: SizedList['ask'] = async (limit) => {
      const question = { offer: first, values: { [page.size]: limit }, expect: endpoint.expect, hint: HINT };
      const items = findAt(await asking.ask(endpoint, question), page.items);
      if (!Array.isArray(items)) throw noList(endpoint, page.items);
      return { path: `${endpointName(endpoint)} ${page.size}=${limit}`, items: items.length };
    };
    const canBeAsked = await ask(1).then(
      () => true,
      (error: unknown) => {
        if (!isUnfilled(error)) throw error;
        return false;
      },
    );
    if (canBeAsked) lists.push({ unit: endpointName(endpoint), ask });
  }
  return lists;
}

function firstOf([first]: readonly Offer[]): Offer {
  if (first) return first;
  throw new HarnessError('INTERNAL', 'nothing to dispatch was given');
}

/** A placeholder that nothing has given a value: of an endpoint that follows another one whose answer was empty. */
function isUnfilled(error: unknown): boolean {
  return error instanceof HarnessError && error.code === 'BAD_CONFIG';
}

/** An empty list has nothing to extract: the requests that need it are then left out. */
function extracted({ extract = {} }: EndpointConfig, body: unknown): Values {
  const found: Record<string, Value> = {};
  for (const [name, path] of Object.entries(extract)) {
    try {
      found[name] = valueAt(body, path);
    } catch (error) {
      if (!isUnfilled(error)) throw error;
    }
  }
  return found;
}

function noList(endpoint: EndpointConfig, items: string): HarnessError {
  return new HarnessError(
    'BAD_CONFIG',
    `${endpointName(endpoint)}: expected a list at "${items}" of its answer (page.items).`,
    { hint: 'An empty path is the answer itself.' },
  );
}
