import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parseK6Summary, TREND_STATS, trendStatOf } from './k6-summary.ts';

/** What was recorded, and how, is in test/fixtures/k6/PROVENANCE.md. */
const recorded = async (name: string) =>
  parseK6Summary(
    await readFile(new URL(`../../test/fixtures/k6/${name}/k6-summary.json`, import.meta.url), 'utf8'),
  );

test('quantiles have the names that k6 knows', () => {
  assert.deepEqual([0, 0.5, 0.925, 0.9999, 1].map(trendStatOf), ['min', 'med', 'p(92.5)', 'p(99.99)', 'max']);
  assert.ok(TREND_STATS.includes('count'));
});

test('a recorded summary gives the requests of the measured part and the counts of the whole run', async () => {
  const { requests, wholeRun } = await recorded('faults-1.8.1');
  assert.equal(requests, 28);
  assert.equal(wholeRun.failedRequests, 2); // one 503 and one timeout
  assert.equal(wholeRun.mismatches, 4); // one of them in the warm-up
  assert.deepEqual(wholeRun.dispatches, { started: 3, completed: 3, failed: 0 });
  assert.ok(wholeRun.durationMs > 6_000, 'the timeout took 5 s');
});

test('drops and exceptions are in the counts', async () => {
  assert.equal((await recorded('scarce-vus-1.8.1')).wholeRun.iterations.dropped, 12);
  assert.equal((await recorded('throwing-1.8.1')).wholeRun.iterations.exceptions, 14);
});

test('every endpoint that was asked has its whole curve, the others are left out', async () => {
  const { endpoints, requests } = await recorded('faults-1.8.1');
  assert.equal(
    endpoints.reduce((sum, endpoint) => sum + endpoint.requests, 0),
    requests,
  );
  assert.ok(endpoints.every(({ endpoint }) => endpoint !== 'POST /api/v1/auth/login'));
  for (const { percentiles, latency } of endpoints) {
    assert.ok(percentiles.every(({ ms }) => ms > 0));
    assert.equal(percentiles.find(({ quantile }) => quantile === 0.95)?.ms, latency?.p95Ms);
  }
});

test('text that is no summary is refused', () => {
  assert.throws(() => parseK6Summary('{"root_group":{}}'));
});
