import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateLocation, locate, median } from './hodges-lehmann.ts';
import { signedRankCdf, signedRankQuantile } from './signed-rank.ts';

test('the signed-rank distribution equals counting the subsets by hand', () => {
  // n = 3: sums of subsets of {1,2,3} are 0,1,2,3,3,4,5,6 → P(V ≤ 2) = 3/8
  assert.equal(signedRankCdf(2, 3), 3 / 8);
  assert.equal(signedRankCdf(6, 3), 1);
  assert.equal(signedRankCdf(-1, 3), 0);
});

test('quantiles equal those of R', () => {
  assert.equal(signedRankQuantile(0.025, 10), 9); // R 4: qsignrank(.025, 10) is 9
  assert.equal(signedRankQuantile(0.025, 6), 1); // 2 subsets of 64 sum to ≤ 1: 0.03125 ≥ 0.025
});

test('the interval of the depression data is the one that R prints', () => {
  // Hollander & Wolfe (1973) p. 29, the example of R's ?wilcox.test: 0.46, 96.1 % interval 0.010 … 0.786
  const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
  const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
  const differences = before.map((value, index) => value - (after[index] ?? 0));
  const { estimate, interval } = estimateLocation(differences, 0.95);
  assert.ok(interval);
  assert.ok(Math.abs(estimate - 0.46) < 1e-9, `${estimate}`);
  assert.ok(Math.abs(interval.low - 0.01) < 1e-9 && Math.abs(interval.high - 0.786) < 1e-9);
  assert.equal(interval.level, 1 - 20 / 512); // 10 of the 512 subsets of 9 ranks sum to at most 5, on each side
});

test('six pairs reach 95 percent with the outermost averages, five do not', () => {
  const six = estimateLocation([1, 2, 3, 4, 5, 6], 0.95).interval;
  assert.deepEqual(six, { low: 1, high: 6, level: 1 - 2 / 64 });
  assert.equal(estimateLocation([1, 2, 3, 4, 5], 0.95).interval, null); // 2/32 = 6.25 % > 5 %
});

test('shifting every difference shifts estimate and interval alike', () => {
  const differences = [0.3, -0.2, 0.9, 0.1, 1.4, -0.6, 0.7, 0.2];
  const plain = estimateLocation(differences, 0.95);
  const shifted = estimateLocation(
    differences.map((d) => d + 5),
    0.95,
  );
  assert.ok(plain.interval && shifted.interval);
  assert.ok(Math.abs(shifted.estimate - plain.estimate - 5) < 1e-9);
  assert.ok(Math.abs(shifted.interval.low - plain.interval.low - 5) < 1e-9);
});

test('the median of an even number of values is the mean of the two in the middle', () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([3, 1, 2]), 2);
});

test('the estimate of few differences is the median of their averages, worked by hand', () => {
  assert.equal(locate([7]).estimate, 7);
  assert.equal(locate([1, 3]).estimate, 2); // 1, 2, 3
  assert.equal(locate([1, 2, 9]).estimate, 3.5); // 1, 1.5, 2, 5, 5.5, 9: between 2 and 5
});

test('equal differences give an interval of no width that still says its level', () => {
  assert.deepEqual(estimateLocation([0.1, 0.1, 0.1, 0.1, 0.1, 0.1], 0.95), {
    estimate: 0.1,
    interval: { low: 0.1, high: 0.1, level: 1 - 2 / 64 },
  });
});

test('eight pairs have no interval between 96.1 and 97.3 percent, and say so', () => {
  // The subsets of 8 ranks that sum to ≤ 3: {}, 1, 2, 3, 1+2 = 5 of 256; to ≤ 2: 3 of 256
  const eight = locate([1, 2, 3, 4, 5, 6, 7, 8]);
  assert.equal(eight.interval(0.95)?.level, 1 - 10 / 256);
  assert.equal(eight.interval(0.965)?.level, 1 - 6 / 256);
});

test('the interval of the level zero is the estimate or the two averages around it', () => {
  assert.deepEqual(locate([1, 2, 9]).interval(0), { low: 2, high: 5, level: 1 - 2 * (3 / 8) }); // sums ≤ 2: {}, 1, 2
  assert.deepEqual(locate([4]).interval(0), { low: 4, high: 4, level: 0 });
});

test('no difference, a difference that is not finite and a level that is none are refused', () => {
  assert.throws(() => locate([]), RangeError);
  assert.throws(() => locate([0.1, Number.NaN]), /expected finite differences, got NaN/);
  assert.throws(() => locate([0.1, Math.log(0)]), /got -Infinity/);
  for (const level of [1, 1.5, -0.1, 95, Number.NaN]) {
    assert.throws(() => locate([1, 2, 3]).interval(level), RangeError);
  }
});

test('the differences are left as they were', () => {
  const differences = Object.freeze([3, 1, 2]);
  locate(differences).interval(0.5);
  assert.equal(median(differences), 2);
  assert.deepEqual(differences, [3, 1, 2]);
});

test('the median of nothing is not a number', () => {
  assert.ok(Number.isNaN(median([])));
});
