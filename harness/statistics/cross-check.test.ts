import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { crossCheck, excludesZero, tInterval } from './cross-check.ts';
import { locate } from './hodges-lehmann.ts';

test('the interval of the sleep data is the one that R prints', () => {
  // Student's own data; R's ?t.test: mean −1.58, 95 % interval −2.4598858 … −0.7001142
  const differences = [-1.2, -2.4, -1.3, -1.3, 0, -1, -1.8, -0.8, -4.6, -1.4];
  const t = tInterval(differences, 0.95);
  assert.ok(t && Math.abs(t.mean + 1.58) < 1e-12);
  assert.ok(Math.abs(t.low + 2.4598858) < 5e-8 && Math.abs(t.high + 0.7001142) < 5e-8);
});

test('the interval is symmetric about the mean, moves and scales with the differences, and is nested', () => {
  const random = seededRandom(38);
  const differences = Array.from({ length: 12 }, () => random.normal());
  const at = (values: readonly number[], level: number) => {
    const t = tInterval(values, level);
    assert.ok(t);
    return t;
  };
  const plain = at(differences, 0.95);
  assert.ok(Math.abs(plain.low + plain.high - 2 * plain.mean) < 1e-12);
  const moved = at(
    differences.map((difference) => 2 * difference + 5),
    0.95,
  );
  assert.ok(
    Math.abs(moved.low - (2 * plain.low + 5)) < 1e-9 && Math.abs(moved.high - (2 * plain.high + 5)) < 1e-9,
  );
  assert.ok(at(differences, 0.99).low < plain.low && at(differences, 0.9).low > plain.low);
});

test('equal differences have an interval of no width, a single one has none', () => {
  assert.deepEqual(tInterval([0.1, 0.1, 0.1], 0.95), { mean: 0.1, low: 0.1, high: 0.1, level: 0.95 });
  assert.equal(tInterval([0.1], 0.95), null);
  assert.equal(tInterval([], 0.95), null);
  assert.equal(crossCheck([0.1], { low: 0.1, high: 0.1, level: 0 }), null);
});

test('both opinions have the same level: the one that the exact interval reaches', () => {
  const differences = [0.1, 0.2, -0.1, 0.3, 0.15, 0.05, 0.12, 0.22];
  const exact = locate(differences).interval(0.95);
  assert.ok(exact);
  assert.equal(crossCheck(differences, exact)?.t.level, exact.level);
  assert.equal(exact.level, 1 - 10 / 256);
});

test('outlier pairs are flagged whichever of the two sees the difference', () => {
  const around = [0.02, -0.01, 0.01, 0.03, -0.02, 0.01, 0.02, -0.01];
  const t = tInterval(around, 0.95);
  assert.ok(t && !excludesZero(t));
  const flag = (low: number, high: number) => crossCheck(around, { low, high, level: 0.95 })?.outlierPairs;
  assert.equal(flag(-0.01, 0.02), false);
  assert.equal(flag(0.001, 0.02), true);
  const apart = around.map((difference) => difference + 1);
  assert.equal(crossCheck(apart, { low: -0.1, high: 2, level: 0.95 })?.outlierPairs, true);
  assert.equal(crossCheck(apart, { low: 0.9, high: 1.1, level: 0.95 })?.outlierPairs, false);
});

test('an end at zero does not leave zero out', () => {
  assert.equal(excludesZero({ low: 0, high: 1 }), false);
  assert.equal(excludesZero({ low: -1, high: 0 }), false);
  assert.equal(excludesZero({ low: 1e-12, high: 1 }), true);
  assert.equal(excludesZero({ low: -1, high: -1e-12 }), true);
});

test('a level that is none is refused', () => {
  for (const level of [1, 95, -1, Number.NaN]) assert.throws(() => tInterval([1, 2], level), RangeError);
});
