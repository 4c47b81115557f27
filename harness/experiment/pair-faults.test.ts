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
