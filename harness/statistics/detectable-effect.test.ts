import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minimumDetectableEffect, noiseOf, pairsFor } from './detectable-effect.ts';
import { fewestPairs } from './signed-rank.ts';

function near(actual: number | null, expected: number, tolerance = 1e-9): void {
  assert.ok(
    actual !== null && Math.abs(actual - expected) <= tolerance,
    `expected ${expected}, got ${actual}`,
  );
}

test('noise is the standard deviation, or that of the middle where it is larger', () => {
  // mean 0, squares 4 + 1 + 0 + 1 + 4 = 10 over n − 1 = 4; median deviation 1 · 1.4826 is less than √2.5 = 1.58
  near(noiseOf([-2, -1, 0, 1, 2]), Math.sqrt(2.5));
  // two camps: squares 4 · 1 + 0 over 4 = 1; median deviation 1 · 1.4826 is more
  near(noiseOf([-1, -1, 0, 1, 1]), 1.4826);
});

test('noise does not depend on where the differences lie, and scales with them', () => {
  const differences = [0.01, -0.03, 0.02, 0.05, -0.01, 0.04];
  near(noiseOf(differences.map((d) => d + 7)), noiseOf(differences));
  near(noiseOf(differences.map((d) => -3 * d)), 3 * noiseOf(differences));
});

test('one wild pair raises the noise: the machine is not made to look quieter than it is', () => {
  assert.ok(noiseOf([0.01, -0.01, 0.02, -0.02, 0, 0.9]) > 0.3);
});

test('equal differences have no noise, fewer than two have none that can be told', () => {
  assert.equal(noiseOf([0.5, 0.5, 0.5]), 0);
  assert.throws(() => noiseOf([]), RangeError);
  assert.throws(() => noiseOf([1]), RangeError);
});

test('the effect follows from Student quantiles at the level that the pairs reach', () => {
  // Of 1024 choices 25 sum to at most 8, so 10 pairs reach 1 − 50/1024 at 95 %; with 9 degrees of freedom
  // t(1 − 25/1024) + t(0.8) = 3.1600679537017156 (scipy 1.17.1, t.ppf), over √10 · 0.977
  near(minimumDetectableEffect({ sigma: 1, pairs: 10 }), 3.1600679537017156 / (Math.sqrt(10) * 0.977));
});

test('with the fewest pairs all differences must have one sign, and the effect is exact', () => {
  // Φ(effect)^6 = 0.8; the normal quantile of the sixth root of 0.8 is 1.7927367205804208 (scipy 1.17.1, norm.ppf)
  near(minimumDetectableEffect({ sigma: 1, pairs: 6, level: 0.95, power: 0.8 }), 1.7927367205804208, 1e-8);
});

test('the effect grows with the noise, the level and the power, and shrinks with the pairs', () => {
  const effect = (options: { sigma?: number; pairs?: number; level?: number; power?: number }) =>
    minimumDetectableEffect({ sigma: 0.04, pairs: 16, ...options }) ?? Number.NaN;
  near(effect({ sigma: 0.08 }), 2 * effect({}));
  assert.ok(effect({ level: 0.9875 }) > effect({ level: 0.95 }));
  assert.ok(effect({ power: 0.9 }) > effect({ power: 0.8 }));
  for (let pairs = 6; pairs < 60; pairs++)
    assert.ok(effect({ pairs: pairs + 1 }) < effect({ pairs }), `${pairs}`);
  assert.equal(effect({ sigma: 0 }), 0);
});

test('pairs that have no interval of the level have no detectable effect', () => {
  assert.equal(minimumDetectableEffect({ sigma: 0.04, pairs: 5 }), null); // 2/32 > 5 %
  assert.equal(minimumDetectableEffect({ sigma: 0.04, pairs: 7, level: 0.9875 }), null); // 2/128 > 1.25 %
  assert.equal(minimumDetectableEffect({ sigma: 0.04, pairs: 1, level: 0 }), null); // and one pair has no noise
});

test('the pairs for an effect are the fewest that detect it', () => {
  for (const sigma of [0.01, 0.02, 0.04, 0.06, 0.1]) {
    for (const effect of [0.03, 0.05, 0.1]) {
      for (const level of [0.95, 0.9875]) {
        const pairs = pairsFor({ sigma, effect, level });
        const least = fewestPairs(level);
        assert.ok((minimumDetectableEffect({ sigma, pairs, level }) ?? Infinity) <= effect);
        if (pairs > least) {
          assert.ok((minimumDetectableEffect({ sigma, pairs: pairs - 1, level }) ?? Infinity) > effect);
        } else assert.equal(pairs, least);
      }
    }
  }
});

test('however quiet the machine, the level needs its fewest pairs', () => {
  assert.equal(pairsFor({ sigma: 0, effect: 0.03 }), 6);
  assert.equal(pairsFor({ sigma: 0.0001, effect: 0.1, level: 0.9875 }), 8);
});

test('half the effect needs about four times the pairs, less what few pairs pay extra', () => {
  const [few, many] = [0.04, 0.02].map((effect) => pairsFor({ sigma: 0.06, effect }));
  assert.ok(few && many && many / few > 3.4 && many / few < 4, `${few}, ${many}`);
});

test('what has no answer is refused', () => {
  for (const effect of [0, -0.1, Number.NaN])
    assert.throws(() => pairsFor({ sigma: 0.04, effect }), RangeError);
  for (const sigma of [-1, Number.NaN, Infinity]) {
    assert.throws(() => pairsFor({ sigma, effect: 0.1 }), RangeError);
    assert.throws(() => minimumDetectableEffect({ sigma, pairs: 8 }), RangeError);
  }
  for (const power of [0, 0.4, 1, 80]) {
    assert.throws(() => minimumDetectableEffect({ sigma: 1, pairs: 8, power }), RangeError);
  }
  for (const level of [1, 95, -1]) {
    assert.throws(() => minimumDetectableEffect({ sigma: 1, pairs: 8, level }), RangeError);
    assert.throws(() => pairsFor({ sigma: 1, effect: 0.1, level }), RangeError);
  }
  for (const pairs of [0, 2.5, Number.NaN]) {
    assert.throws(() => minimumDetectableEffect({ sigma: 1, pairs }), RangeError);
  }
});
