import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildLoadReport } from '../../test/support/load-builders.ts';
import type { LoadReport, MeasuredLoad } from '../result.ts';
import { findPairFaults } from './pair-faults.ts';

const shape = { variant: 'baseline', scenario: 'load', pair: 1, slot: 1 };

function pairOf(
  generator: 'k6' | 'autocannon',
  baseline: Partial<LoadReport>,
  optimised: Partial<LoadReport>,
): Map<string, MeasuredLoad[]> {
  const loads = (overrides: Partial<LoadReport>) =>
    [{ report: buildLoadReport({ ...shape, generator }, overrides) }] as unknown as MeasuredLoad[];
  return new Map([
    ['baseline', loads(baseline)],
    ['optimised', loads(optimised)],
  ]);
}

const endpointsWith = (requests: number) =>
  buildLoadReport({ ...shape, generator: 'k6' }).endpoints.map((load, index) =>
    index === 0 ? { ...load, requests } : load,
  );

test('a pair in which all went as planned has no fault', () => {
  assert.deepEqual(findPairFaults(pairOf('k6', {}, {})), []);
});

test('a fault names the variant, the generator and the count', () => {
  assert.deepEqual(findPairFaults(pairOf('k6', { droppedIterations: 2 }, { exceptions: 1 })), [
    'baseline under k6: 2 dropped iterations',
    'optimised under k6: 1 exceptions',
  ]);
});

test('under the open model unequal numbers of requests are a fault', () => {
  const pair = pairOf('k6', { endpoints: endpointsWith(20) }, { endpoints: endpointsWith(19) });
  assert.deepEqual(findPairFaults(pair), [
    'unequal work: GET /api/v1/bookings was asked 20 at baseline, 19 at optimised',
  ]);
  const missing = pairOf('k6', { endpoints: endpointsWith(20) }, { endpoints: endpointsWith(20).slice(1) });
  assert.match(findPairFaults(missing).join(), /20 at baseline, 0 at optimised/);
});

test('a fast variant may get more requests in its slices of capacity', () => {
  const pair = pairOf('autocannon', { endpoints: endpointsWith(20) }, { endpoints: endpointsWith(900) });
  assert.deepEqual(findPairFaults(pair), []);
});

test('more than one 429 in a hundred spoils a pair, fewer are only told', () => {
  const limited = (rateLimited: number) => ({
    requests: 200,
    endpoints: endpointsWith(200).map((load, index) => (index === 0 ? { ...load, rateLimited } : load)),
  });
  assert.deepEqual(findPairFaults(pairOf('k6', limited(2), limited(2))), []);
  assert.deepEqual(findPairFaults(pairOf('k6', limited(2), limited(3))), [
    'optimised under k6: 3 of 200 answers were 429 (too many requests)',
  ]);
});

test('a script asks as often as it likes, and dispatches that nobody follows are not lost', () => {
  const own = { ownScript: 'a.js', endpoints: endpointsWith(20) };
  assert.deepEqual(findPairFaults(pairOf('k6', own, { ...own, endpoints: endpointsWith(19) })), []);
  const dispatches = { started: 2, completed: 0, failed: 0, unfinished: 0, timeToCompleteMs: null };
  assert.deepEqual(findPairFaults(pairOf('k6', { dispatches: { ...dispatches, unfollowed: 2 } }, {})), []);
  assert.match(findPairFaults(pairOf('k6', { dispatches }, {})).join(), /2 dispatches that did not complete/);
});
