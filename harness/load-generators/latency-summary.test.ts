import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CURVE_QUANTILES,
  latencyCurve,
  quantileOf,
  sortLatencies,
  summariseLatencies,
} from './latency-summary.ts';

test('quantiles interpolate between the two nearest ranks, as k6 does', () => {
  const sorted = sortLatencies([40, 10, 30, 20]);
  // rank = q × (4 - 1): 0.5 → 1.5, halfway between 20 and 30; 0.9 → 2.7, seven tenths from 30 to 40
  assert.equal(quantileOf(sorted, 0.5), 25);
  assert.equal(quantileOf(sorted, 0.9), 37);
  assert.equal(quantileOf(sorted, 0), 10);
  assert.equal(quantileOf(sorted, 1), 40);
});

test('latencies keep their fractions, and 10 sorts after 9', () => {
  const sorted = sortLatencies([10, 9, 0.25]);
  assert.deepEqual([...sorted], [0.25, 9, 10]);
});

test('a summary holds mean and percentiles', () => {
  const summary = summariseLatencies(sortLatencies([1, 2, 3, 4, 5]));
  assert.deepEqual(summary, {
    minMs: 1,
    meanMs: 3,
    p50Ms: 3,
    p75Ms: 4,
    p90Ms: 4.6, // rank 0.9 × 4 = 3.6
    p95Ms: 4.8,
    p99Ms: 4.96,
    maxMs: 5,
  });
});

test('without samples there is no latency, and no curve', () => {
  const none = sortLatencies([]);
  assert.deepEqual([quantileOf(none, 0.5), summariseLatencies(none), latencyCurve(none)], [null, null, []]);
});

test('the curve runs from the smallest to the largest and never falls', () => {
  const curve = latencyCurve(sortLatencies(Array.from({ length: 500 }, (_, index) => (index * 37) % 501)));
  assert.deepEqual(
    curve.map(({ quantile }) => quantile),
    [...CURVE_QUANTILES],
  );
  for (const [index, point] of curve.slice(1).entries())
    assert.ok(point.ms >= (curve[index]?.ms ?? Infinity));
});
