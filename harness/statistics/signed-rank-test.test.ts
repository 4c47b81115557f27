import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signedRankTest } from './signed-rank-test.ts';

test('the p-value of few pairs is the share of signs at least as extreme, worked by hand', () => {
  assert.ok(Math.abs(signedRankTest([1, 2, 3, 4, 5, 6]).pValue - 2 / 64) < 1e-12); // all of one sign
  // -1 has rank 1, so V = 20 of 21: the choices that sum to ≤ 1 are {} and 1, twice 2 of 64
  assert.ok(Math.abs(signedRankTest([-1, 2, 3, 4, 5, 6]).pValue - 4 / 64) < 1e-12);
});

test('a statistic in the middle has the p-value 1 and never more', () => {
  // V = 3 of 6: half of the choices and the middle itself lie on either side
  assert.deepEqual(signedRankTest([1, 2, -3]), { pValue: 1, method: 'exact' });
});

test('the method is named where ties, zeros or many pairs make it an approximation', () => {
  const fine = [0.1, -0.2, 0.3, 0.4, 0.5, 0.6, 0.7];
  assert.equal(signedRankTest(fine).method, 'exact');
  assert.equal(signedRankTest([...fine, 0.7]).method, 'normal-approximation');
  assert.equal(signedRankTest([...fine, -0.7]).method, 'normal-approximation'); // ranks go by size
  assert.equal(signedRankTest([...fine, 0]).method, 'normal-approximation');
  const many = Array.from({ length: 51 }, (_, i) => (i + 1) * (i % 3 === 0 ? -1 : 1));
  assert.equal(signedRankTest(many.slice(0, 50)).method, 'exact');
  assert.equal(signedRankTest(many).method, 'normal-approximation');
});

test('the method that is named is the one that was used', () => {
  // The exact p-value of 10 pairs is a whole number of 2^10 choices, an approximation is not.
  const whole = (p: number) => Math.abs(p * 1024 - Math.round(p * 1024)) < 1e-9;
  const ten = [0.1, -0.2, 0.3, 0.4, -0.5, 0.6, 0.7, 0.8, -0.9, 1];
  assert.ok(whole(signedRankTest(ten).pValue));
  assert.ok(!whole(signedRankTest([...ten.slice(1), 1]).pValue));
  assert.ok(!whole(signedRankTest([...ten, 0]).pValue));
});

test('pairs that are all equal, or a single one, speak for nothing', () => {
  assert.deepEqual(signedRankTest([0, 0, 0]), { pValue: 1, method: 'exact' });
  assert.equal(signedRankTest([0]).pValue, 1);
  assert.equal(signedRankTest([5]).pValue, 1); // either sign is as likely
  assert.equal(signedRankTest([0, 5]).pValue, 1);
});

test('no difference and differences that are not finite are refused', () => {
  assert.throws(() => signedRankTest([]), RangeError);
  assert.throws(() => signedRankTest([1, Number.NaN]), RangeError);
});
