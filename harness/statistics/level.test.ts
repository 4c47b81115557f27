import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertLevel, mayMiss } from './level.ts';
import { standardNormalQuantile } from './normal-quantile.ts';

test('a level may miss what it does not cover, with slack for rounding', () => {
  assert.ok(1 - 0.9 < 0.1); // the rounding: 2 of 20 choices are 10 %, and would be too many
  assert.ok(mayMiss(0.9) >= 0.1 && mayMiss(0.9) < 0.1 + 1e-9);
});

test('only levels from 0 to below 1 are levels', () => {
  for (const level of [0, 0.5, 0.999]) assert.doesNotThrow(() => assertLevel(level));
  for (const level of [1, 95, -0.01, Number.NaN]) {
    assert.throws(() => assertLevel(level), /expected a level of at least 0 and below 1/);
    assert.throws(() => mayMiss(level), RangeError);
  }
});

test('normal quantiles equal the printed ones to eight places', () => {
  const printed: [p: number, z: number][] = [
    [0.5, 0],
    [0.8, 0.8416212335729143],
    [0.95, 1.6448536269514722],
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
  ];
  for (const [p, z] of printed) {
    assert.ok(Math.abs(standardNormalQuantile(p) - z) < 1e-8, `${p}`);
    assert.ok(Math.abs(standardNormalQuantile(1 - p) + z) < 1e-8);
  }
});
