import { findReads, type ReadFacts } from './api-reads.ts';
import type { ConfigFacts } from './config-facts.ts';
import { type ConfigEntry, jsonValue, list, object } from './config-tree.ts';
import { singular, snakeName, wordsOf } from './name-words.ts';
import { placeholderFor } from './offer-facts.ts';

/** A config is to be read: of a large API the first ones do. */
const MOST_ENDPOINTS = 16;

/** The GETs of the service and a mix of them. */
export function endpointSections(facts: ConfigFacts): ConfigEntry[] {
  const api = facts.service?.api;
  const reads = api ? findReads(api) : [];
  const columns = facts.offer?.columns ?? [];
  const usable = usableReads(reads, columns).slice(0, MOST_ENDPOINTS);
  const left = reads.filter((read) => !usable.includes(read)).map(({ path }) => path);
  const comments =
    left.length > 0
      ? [
          `Left out, as what they take cannot be told: ${left.slice(0, 12).join(', ')}${left.length > 12 ? ' …' : ''}`,
        ]
      : [];
  if (usable.length === 0) {
    const endpoints = { list_bookings: { path: '/TODO', extract: { booking_id: 'items.0.id' } } };
    return [
      {
        name: 'endpoints',
        comments,
        todo: 'requests beside the dispatch, for load tests and to find what grows; they may be left out',
        value: jsonValue(endpoints),
        offered: true,
      },
    ];
  }
  return [
    {
      name: 'endpoints',
      comments,
      found: `${usable.length} GET${usable.length === 1 ? '' : 's'}`,
      value: object(usable.map((read) => endpointEntry(read, usable, columns))),
    },
    {
      name: 'scenarios',
      value: object([
        {
          name: 'load',
          value: object([
            {
              name: 'mix',
              value: list(usable.map((read) => jsonValue({ weight: 1, visit: visitOf(read) }))),
            },
            {
              name: 'steps',
              comments: ['Visits a second. Begin with few, and raise it to what the service has to bear.'],
              value: list([jsonValue({ ratePerSecond: 5, seconds: 30 })]),
            },
          ]),
        },
      ]),
    },
  ];
}

/** Those whose parameters come from an offer, or from a list that is usable itself. */
function usableReads(reads: readonly ReadFacts[], columns: readonly string[]): ReadFacts[] {
  const filled = (read: ReadFacts) =>
    read.needs.every(
      ({ name, schema }) => name === read.page?.parameter || placeholderFor(name, schema, columns),
    );
  const lists = reads.filter(
    (read) => filled(read) && pathParameters(read).every((one) => placeholderOf(read, one, columns)),
  );
  const one = (read: ReadFacts) =>
    filled(read) &&
    read.from !== null &&
    lists.some(({ name, itemId }) => name === read.from?.list && itemId !== null);
  return reads.filter((read) => lists.includes(read) || one(read));
}

function pathParameters({ path }: ReadFacts): string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] as string);
}

function placeholderOf({ parameters }: ReadFacts, name: string, columns: readonly string[]): string | null {
  const schema = parameters.find((parameter) => parameter.name === name)?.schema;
  return schema ? placeholderFor(name, schema, columns) : null;
}

/** What an id of this list is called: `order_id` for `/orders/{id}`. */
function extractedName(read: ReadFacts): string {
  const parameter = read.from?.parameter ?? '';
  if (!/^(id|uuid|pk|key)$/i.test(parameter)) return snakeName(parameter);
  const resource =
    read.path
      .replace(/\/\{[^}]+\}$/, '')
      .split('/')
      .at(-1) ?? '';
  return `${wordsOf(resource).map(singular).join('_')}_id`;
}

function visitOf(read: ReadFacts): string[] {
  return read.from ? [read.from.list, read.name] : [read.name];
}

function endpointEntry(
  read: ReadFacts,
  usable: readonly ReadFacts[],
  columns: readonly string[],
): ConfigEntry {
  const path = read.path.replace(/\{([^}]+)\}/g, (_, name: string) =>
    read.from?.parameter === name
      ? `{${extractedName(read)}}`
      : (placeholderOf(read, name, columns) ?? 'TODO'),
  );
  const needs = read.needs.filter(({ name }) => name !== read.page?.parameter);
  const query = [
    ...needs.map(({ name, schema }) => `${name}=${placeholderFor(name, schema, columns)}`),
    ...(read.page ? [`${read.page.parameter}={${snakeName(read.page.parameter)}}`] : []),
  ];
  const details = usable.filter(({ from }) => from?.list === read.name);
  const first = read.items === '' ? '0' : `${read.items}.0`;
  const extract = Object.fromEntries(
    details.map((detail) => [extractedName(detail), `${first}.${read.itemId}`]),
  );
  return {
    name: read.name,
    value: jsonValue({
      path: query.length > 0 ? `${path}?${query.join('&')}` : path,
      ...(details.length > 0 ? { extract } : {}),
      ...(read.page ? { page: { size: snakeName(read.page.parameter), items: read.page.items } } : {}),
    }),
  };
}
