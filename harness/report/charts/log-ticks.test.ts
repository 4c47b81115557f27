import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logAxis } from './log-ticks.ts';

test('a short range is marked at 1, 2 and 5 and ends on the marks around it', () => {
  assert.deepEqual(logAxis([3, 40]), { domain: [2, 50], ticks: [2, 5, 10, 20, 50] });
});

test('a long range is marked at decades only', () => {
  assert.deepEqual(logAxis([0.3, 9000], 6).ticks, [0.1, 1, 10, 100, 1000, 10_000]);
});

test('a range of many decades skips some of them', () => {
  const { ticks } = logAxis([1e-6, 1e9], 6);
  assert.ok(ticks.length <= 6, `${ticks}`);
});

test('a single value still has an axis around it', () => {
  const { domain } = logAxis([7]);
  assert.deepEqual(domain, [5, 10]);
});

test('nothing positive is drawn on an axis from 1 to 10', () => {
  assert.deepEqual(logAxis([0, Number.NaN]), { domain: [1, 10], ticks: [1, 10] });
});
