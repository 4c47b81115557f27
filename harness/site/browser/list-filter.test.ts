import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListedInBrowser } from '../results-data.ts';
import {
  filterHash,
  filterWords,
  fittingResults,
  NO_FILTER,
  parseFilter,
  searchTexts,
} from './list-filter.ts';

function result(overrides: Partial<ListedInBrowser>): ListedInBrowser {
  return {
    ...{ id: 'a', kind: 'run', state: 'complete', startedAt: '2026-11-22T21:04:00.000Z', scenario: 'load' },
    ...{ variants: ['baseline'], verdicts: [], branch: null, commit: null, headline: '', statements: [] },
    href: null,
    ...overrides,
  };
}

const verdict = (word: string, rank: number) => ({ word, rank, sign: '', tone: '', count: 1 });

/** Newest first, as a list is. */
const RESULTS = [
  result({ startedAt: '2026-11-24T00:00:00.000Z', verdicts: [verdict('improved', 15)], statements: [0, 1] }),
  result({ startedAt: '2026-11-23T00:00:00.000Z', kind: 'experiment', variants: ['baseline', 'Bulk-Apply'] }),
  result({
    startedAt: '2026-11-22T00:00:00.000Z',
    verdicts: [verdict('missed', 1)],
    statements: [1],
    branch: 'main',
  }),
];
const TEXTS = searchTexts({ results: RESULTS, statements: ['SELECT id FROM booking', 'COMMIT'] });
const fitting = (filter: Partial<typeof NO_FILTER>) =>
  fittingResults(RESULTS, TEXTS, { ...NO_FILTER, ...filter });

test('a search finds what holds all of its words, anywhere and in any case', () => {
  assert.deepEqual(fitting({ q: 'from  BOOKING' }), [0]);
  assert.deepEqual(fitting({ q: 'commit' }), [0, 2]);
  assert.deepEqual(fitting({ q: 'commit main' }), [2]);
  assert.deepEqual(fitting({ q: 'bulk-apply' }), [1]);
  assert.deepEqual(fitting({ q: 'bulk-apply commit' }), []);
});

test('filters narrow together, each by the whole value', () => {
  assert.deepEqual(fitting({}), [0, 1, 2]);
  assert.deepEqual(fitting({ kind: 'run', branch: 'main' }), [2]);
  assert.deepEqual(fitting({ variant: 'Bulk' }), []);
  assert.deepEqual(fitting({ verdict: 'improved' }), [0]);
});

test('the worst verdict comes first, what has none last; an unknown order is newest first', () => {
  assert.deepEqual(fitting({ sort: 'verdict' }), [2, 0, 1]); // ranks 1, 15 and none
  assert.deepEqual(fitting({ sort: 'oldest' }), [2, 1, 0]);
  assert.deepEqual(fitting({ sort: 'variant' }), [0, 2, 1]); // equal ones stay newest first
  assert.deepEqual(fitting({ sort: 'constructor' }), [0, 1, 2]);
});

test('an address keeps a filter, whatever its letters, and an empty one leaves nothing', () => {
  const filter = { ...NO_FILTER, q: 'n+1 & “x”=#', kind: 'run', sort: 'oldest' };
  assert.deepEqual(parseFilter(`#${filterHash(filter)}`), filter);
  assert.equal(filterHash(NO_FILTER), '');
  assert.deepEqual(parseFilter('#content'), NO_FILTER);
});

test('what is shown is said in words', () => {
  assert.equal(
    filterWords({ ...NO_FILTER, kind: 'run', q: ' n+1 ' }, { shown: 12, all: 1000, order: 'oldest first' }),
    '12 of 1,000 results, kind run, search “n+1”, oldest first',
  );
  assert.equal(filterWords(NO_FILTER, { shown: 1, all: 1, order: 'newest first' }), '1 result, newest first');
});
