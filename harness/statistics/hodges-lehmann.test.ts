import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateLocation, median } from './hodges-lehmann.ts';
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
