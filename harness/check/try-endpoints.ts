import { placeholdersIn } from '../config/check-placeholders.ts';
import type { EndpointConfig, RushhourConfig, Value, Values } from '../config/rushhour-config.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { type Asking, openAsking } from '../targets/dispatch/asking.ts';
import { endpointName } from '../targets/endpoint-name.ts';
import type { Offer } from '../targets/offer.ts';
import { findAt, valueAt } from '../targets/placeholders.ts';
import type { CheckContext } from './check-context.ts';
import { type Found, given, type Tried } from './parts.ts';
import type { Dispatched } from './try-dispatches.ts';
import type { RunningPlace } from './try-variant.ts';

/** Lengths that a list is asked for. */
const PAGE_SIZES = [1, 2, 5];
const HINT = 'Correct the endpoint in the config; the log of the service says more.';

/** Asks each endpoint once, in the order of the config, with what the earlier ones extracted. */
export async function tryEndpoints(
  context: CheckContext,
  place: RunningPlace,
  { login, logins, offers: done }: Dispatched,
): Promise<void> {
  const { loaded, parts, signal } = context;
  const endpoints = Object.entries(loaded.config.endpoints ?? {});
  if (endpoints.length === 0) return;
  const { up, part, ground } = place;
  const oddities: string[] = [];
  const asking = up.works
    ? openAsking(loaded, given(up), { logins, signal, onOddity: (sentence) => oddities.push(sentence) })
    : null;
  const known: Record<string, Value> = {};
  try {
    for (const [name, endpoint] of endpoints) {
      const endpointPart = part(`endpoint ${name}`, `endpoint ${name}`, HINT);
      const needs: Tried<unknown>[] = [up, login, ground.offers];
      const lacking = needs.every(({ works }) => works)
        ? extractsMissing(loaded.config, endpoint, known)
        : [];
      if (lacking.length > 0) {
        parts.leaveOut(endpointPart, `no endpoint before it gave ${lacking.join(', ')}`);
        continue;
      }
      await parts.try(endpointPart, needs, async () => {
        const offer = done[0] ?? given(ground.offers)[0];
        const found = await askOne(asking as Asking, { endpoint, offer: offer as Offer, known });
        return { ...found, notes: [...(found.notes ?? []), ...oddities.splice(0)] };
      });
    }
  } finally {
    asking?.close();
  }
}

/** Placeholders that only an earlier answer can fill, and none has. */
function extractsMissing(
  { endpoints = {} }: RushhourConfig,
  { path, headers, body, form }: EndpointConfig,
  known: Values,
): string[] {
  const extracts = Object.values(endpoints).flatMap(({ extract: paths }) => Object.keys(paths ?? {}));
  const asked = placeholdersIn(JSON.stringify([path, headers, body, form]));
  return [...new Set(asked)].filter((name) => extracts.includes(name) && !Object.hasOwn(known, name));
}

interface Question {
  readonly endpoint: EndpointConfig;
  readonly offer: Offer;
  /** What was extracted so far; more is added. */
  readonly known: Record<string, Value>;
}

async function askOne(asking: Asking, question: Question): Promise<Found<null>> {
  const { endpoint, offer, known } = question;
  const { page, expect } = endpoint;
  const ask = (size: number) => {
    const values = page ? { ...known, [page.size]: size } : known;
    return asking.ask(endpoint, { offer, values, expect, hint: HINT });
  };
  const body = await ask(page ? Math.max(...PAGE_SIZES) : 0);
  const { extracted, missing } = extract(endpoint, body);
  Object.assign(known, extracted);
  const names = Object.keys(extracted);
  const lengths = page ? await lengthsOf(endpoint, page, ask) : null;
  const detail = [
    `${endpointName(endpoint)} is answered`,
    ...(names.length > 0 ? [`gives ${names.join(', ')}`] : []),
    ...(lengths
      ? [`${lengths.map(({ size, items }) => `${items} for ${size}`).join(', ')} (${page?.size})`]
      : []),
  ].join('; ');
  const notes = [...missing];
  const tooMany = lengths?.find(({ size, items }) => items > size);
  if (tooMany)
    notes.push(
      `Asked for ${tooMany.size} it gives ${tooMany.items}: ${page?.size} does not set the length of the list at "${page?.items}", so growth cannot be measured on it.`,
    );
  else if (lengths && new Set(lengths.map(({ items }) => items)).size === 1)
    notes.push(
      `The list at "${page?.items}" has ${lengths[0]?.items} for each size: there are no more rows, or ${page?.size} does nothing.`,
    );
  return { value: null, detail, notes };
}

/** What is not there is told: the requests that need it are left out. */
function extract({ extract: paths = {} }: EndpointConfig, body: unknown) {
  const extracted: Record<string, Value> = {};
  const missing: string[] = [];
  for (const [name, path] of Object.entries(paths)) {
    try {
      extracted[name] = valueAt(body, path);
    } catch (error) {
      missing.push(`extract.${name}: ${messageOf(error)} Requests that need {${name}} are left out.`);
    }
  }
  return { extracted, missing };
}

async function lengthsOf(
  endpoint: EndpointConfig,
  { items }: NonNullable<EndpointConfig['page']>,
  ask: (size: number) => Promise<unknown>,
): Promise<{ readonly size: number; readonly items: number }[]> {
  const lengths: { readonly size: number; readonly items: number }[] = [];
  for (const size of PAGE_SIZES) {
    const list = findAt(await ask(size), items);
    if (!Array.isArray(list))
      throw new HarnessError(
        'BAD_CONFIG',
        `${endpointName(endpoint)}: expected a list at "${items}" of its answer (page.items).`,
        { hint: 'An empty path is the answer itself.' },
      );
    lengths.push({ size, items: list.length });
  }
  return lengths;
}
