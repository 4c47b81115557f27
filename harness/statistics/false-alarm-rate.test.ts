import assert from 'node:assert/strict';
import { test } from 'node:test';
import { falseAlarmRate } from './false-alarm-rate.ts';

const near = (actual: number | undefined, expected: number, tolerance = 1e-9) =>
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) < tolerance,
    `expected ${expected}, got ${actual}`,
  );

test('without comparisons there is no rate', () => {
  assert.equal(falseAlarmRate(0, 0), null);
});

test('no alarm does not prove a rate of zero', () => {
  // (1 − high)^n = 2.5 %: with such a rate n quiet comparisons are still that likely
  for (const n of [1, 10, 60, 300, 5000]) {
    const rate = falseAlarmRate(0, n);
    assert.equal(rate?.ratio, 0);
    assert.equal(rate?.low, 0);
    near(rate?.high, 1 - 0.025 ** (1 / n));
  }
});

test('nothing but alarms does not prove a rate of one', () => {
  const rate = falseAlarmRate(10, 10);
  assert.equal(rate?.high, 1);
  near(rate?.low, 0.025 ** (1 / 10));
});

test('the interval of the peas of Mendel is the one that R prints', () => {
  // R's ?binom.test: 682 of 925, 0.7076683 … 0.7654066
  const rate = falseAlarmRate(682, 925);
  near(rate?.ratio, 682 / 925);
  near(rate?.low, 0.7076683, 5e-8);
  near(rate?.high, 0.7654066, 5e-8);
});

test('at the ends of the interval the count is as improbable as the level says', () => {
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
  const probabilityOf = (k: number, n: number, p: number) => choose(n, k) * p ** k * (1 - p) ** (n - k);
  const rate = falseAlarmRate(3, 20, 0.9);
  assert.ok(rate);
  const atMost = [0, 1, 2, 3].reduce((sum, k) => sum + probabilityOf(k, 20, rate.high), 0);
  const atLeast = 1 - [0, 1, 2].reduce((sum, k) => sum + probabilityOf(k, 20, rate.low), 0);
  near(atMost, 0.05);
  near(atLeast, 0.05);
});

test('counting the quiet ones instead mirrors the interval', () => {
  for (const [alarms, comparisons] of [
    [0, 7],
    [1, 7],
    [3, 212],
    [40, 80],
  ] as const) {
    const rate = falseAlarmRate(alarms, comparisons);
    const quiet = falseAlarmRate(comparisons - alarms, comparisons);
    near(quiet?.low, 1 - (rate?.high ?? NaN));
    near(quiet?.high, 1 - (rate?.low ?? NaN));
  }
});

test('the interval holds the rate, is nested by level and narrows with more comparisons', () => {
  for (const [alarms, comparisons] of [
    [0, 10],
    [2, 50],
    [50, 50],
  ] as const) {
    const [narrow, wide] = [0.8, 0.99].map((level) => falseAlarmRate(alarms, comparisons, level));
    const more = falseAlarmRate(10 * alarms, 10 * comparisons, 0.99);
    assert.ok(narrow && wide && more);
    assert.ok(wide.low <= narrow.low && narrow.low <= narrow.ratio);
    assert.ok(narrow.ratio <= narrow.high && narrow.high <= wide.high);
    assert.ok(more.high - more.low < wide.high - wide.low);
  }
});

test('counts that cannot be are refused', () => {
  for (const [alarms, comparisons] of [
    [-1, 5],
    [6, 5],
    [1.5, 5],
    [0, -1],
    [1, 2.5],
    [Number.NaN, 5],
  ] as const) {
    assert.throws(() => falseAlarmRate(alarms, comparisons), RangeError);
  }
  assert.throws(() => falseAlarmRate(1, 5, 95), RangeError);
});
