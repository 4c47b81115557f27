/** Which results are shown, and in which order: kept in the address, so that it can be shared and the way back leads to it. Pure. */
import type { ListedInBrowser, ResultsData } from '../results-data.ts';

/** What narrows the list. An empty text lets everything through. */
export interface ListFilter {
  /** Words that must all be found. */
  readonly q: string;
  readonly kind: string;
  readonly scenario: string;
  readonly variant: string;
  readonly verdict: string;
  readonly branch: string;
  readonly state: string;
  /** Empty: newest first. */
  readonly sort: string;
}

export const NO_FILTER: ListFilter = {
  ...{ q: '', kind: '', scenario: '', variant: '', verdict: '', branch: '', state: '', sort: '' },
};

const MEMBERS = Object.keys(NO_FILTER) as (keyof ListFilter)[];

/** @param hash of an address: `#q=n%2B1&kind=run`. What it does not know is left out. */
export function parseFilter(hash: string): ListFilter {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  return Object.fromEntries(MEMBERS.map((name) => [name, given.get(name) ?? ''])) as unknown as ListFilter;
}

/** The opposite of {@link parseFilter}; empty for a filter that lets everything through. */
export function filterHash(filter: ListFilter): string {
  const words = new URLSearchParams(
    MEMBERS.flatMap((name) => (filter[name] === '' ? [] : [[name, filter[name]]])),
  );
  return words.toString();
}

/** All that a search looks into, in small letters, in the order of the results. */
export function searchTexts({ results, statements }: ResultsData): string[] {
  const known = statements.map((text) => text.toLowerCase());
  return results.map((result) =>
    [
      ...[result.headline, result.id, result.scenario, ...result.variants, result.branch ?? ''].map((text) =>
        text.toLowerCase(),
      ),
      result.commit ?? '',
      ...result.statements.map((place) => known[place] ?? ''),
    ].join('\n'),
  );
}

/**
 * Places of the results that fit, in the order asked for.
 * @param texts of {@link searchTexts}
 * @param results newest first
 */
export function fittingResults(
  results: readonly ListedInBrowser[],
  texts: readonly string[],
  filter: ListFilter,
): number[] {
  const words = filter.q.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = [...results.keys()].filter((place) => {
    const result = results[place] as ListedInBrowser;
    const text = texts[place] ?? '';
    return fits(result, filter) && words.every((word) => text.includes(word));
  });
  const order = Object.hasOwn(ORDERS, filter.sort) ? ORDERS[filter.sort] : undefined;
  if (order === undefined) return fitting;
  return fitting.sort((a, b) => order(results[a] as ListedInBrowser, results[b] as ListedInBrowser) || a - b);
}

function fits(
  result: ListedInBrowser,
  { kind, scenario, variant, verdict, branch, state }: ListFilter,
): boolean {
  return (
    (kind === '' || result.kind === kind) &&
    (scenario === '' || result.scenario === scenario) &&
    (variant === '' || result.variants.includes(variant)) &&
    (verdict === '' || result.verdicts.some(({ word }) => word === verdict)) &&
    (branch === '' || result.branch === branch) &&
    (state === '' || result.state === state)
  );
}

type Order = (a: ListedInBrowser, b: ListedInBrowser) => number;

/** By the value of `sort`. What is equal stays newest first. */
const ORDERS: Readonly<Record<string, Order>> = {
  oldest: (a, b) => compareTexts(a.startedAt, b.startedAt),
  verdict: (a, b) => worst(a) - worst(b),
  scenario: (a, b) => compareTexts(a.scenario, b.scenario),
  variant: (a, b) => compareTexts(a.variants.join(), b.variants.join()),
};

function worst({ verdicts }: ListedInBrowser): number {
  return verdicts[0]?.rank ?? Number.MAX_SAFE_INTEGER;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What the list shows, in words: "12 of 1,000 results, kind run, search “n+1”, oldest first". */
export function filterWords(
  filter: ListFilter,
  { shown, all, order }: { shown: number; all: number; order: string },
): string {
  const number = (count: number) => count.toLocaleString('en-US');
  const noun = all === 1 ? 'result' : 'results';
  const narrowed = MEMBERS.filter((name) => name !== 'q' && name !== 'sort' && filter[name] !== '');
  return [
    shown === all ? `${number(all)} ${noun}` : `${number(shown)} of ${number(all)} ${noun}`,
    ...narrowed.map((name) => `${name} ${filter[name]}`),
    ...(filter.q.trim() === '' ? [] : [`search “${filter.q.trim()}”`]),
    order,
  ].join(', ');
}
