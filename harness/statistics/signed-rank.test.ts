import assert from 'node:assert/strict';
import { test } from 'node:test';
import { achievedLevel, fewestPairs, signedRankCdf, signedRankQuantile } from './signed-rank.ts';

/** How many of the 2^n choices of positive ranks have each sum, by trying them all. */
function countSubsets(n: number): number[] {
  const counts = new Array<number>((n * (n + 1)) / 2 + 1).fill(0);
  for (let choice = 0; choice < 2 ** n; choice++) {
    let sum = 0;
    for (let rank = 1; rank <= n; rank++) if (choice & (1 << (rank - 1))) sum += rank;
    counts[sum] = (counts[sum] ?? 0) + 1;
  }
  return counts;
}

test('the distribution is that of all choices of signs, to the last bit', () => {
  for (const n of [1, 2, 5, 8, 11]) {
    let below = 0;
    countSubsets(n).forEach((count, v) => {
      below += count;
      assert.equal(signedRankCdf(v, n), below / 2 ** n, `n ${n}, v ${v}`);
    });
  }
});

test('the distribution is symmetric about half the greatest sum', () => {
  for (const n of [6, 13, 24, 40]) {
    const greatest = (n * (n + 1)) / 2;
    for (let v = 0; v < greatest; v += 7) {
      assert.equal(signedRankCdf(v, n) + signedRankCdf(greatest - v - 1, n), 1);
    }
  }
});

test('between two sums nothing is added, below the least is nothing, above the greatest everything', () => {
  assert.equal(signedRankCdf(4.99, 7), signedRankCdf(4, 7));
  assert.equal(signedRankCdf(-0.5, 7), 0);
  assert.equal(signedRankCdf(1e9, 7), 1);
});

test('a level that is reached exactly is given: one rank further than the quantile of R', () => {
  // 1 of 64 choices has the sum 0, so one average from each end misses exactly 1/64 a side
  assert.equal(signedRankQuantile(0.03125 / 2, 6), 1);
  assert.equal(signedRankQuantile((1 - (1 - 0.03125)) / 2, 6), 1); // as it comes out of a level
  assert.equal(signedRankQuantile(0.0156, 6), 0); // a little less than 1/64 has no interval
});

test('at the level that a rank achieves, that rank is found again, for any number of pairs', () => {
  for (let n = 1; n <= 40; n++) {
    for (let rank = 1; signedRankCdf(rank - 1, n) <= 0.2; rank++) {
      const level = achievedLevel(rank, n) ?? Number.NaN;
      assert.equal(signedRankQuantile((1 - level) / 2, n), rank, `n ${n}`);
    }
  }
});

test('the rank is the furthest that misses no more than allowed', () => {
  for (const n of [6, 9, 16, 33]) {
    for (const p of [0.0001, 0.00125, 0.01, 0.025, 0.1, 0.5]) {
      const rank = signedRankQuantile(p, n);
      assert.ok(rank === 0 || signedRankCdf(rank - 1, n) <= p);
      assert.ok(signedRankCdf(rank, n) > p);
    }
  }
});

test('asking again gives the same, however many other questions came between', () => {
  const first = signedRankQuantile(0.025, 12);
  for (let i = 1; i <= 1_500; i++) signedRankQuantile(0.4 / i, 7);
  assert.equal(signedRankQuantile(0.025, 12), first);
});

test('nothing allowed to be missed means no interval', () => {
  assert.equal(signedRankQuantile(0, 12), 0);
  assert.equal(signedRankQuantile(0, 500), 0);
});

test('above a hundred pairs the approximation is never narrower than the exact interval, nor much wider', () => {
  // exact ranks: scipy 1.17.1, WilcoxonDistribution(n), first v with P(V ≤ v) > p
  const exact: [n: number, p: number, rank: number][] = [
    [101, 0.025, 1998],
    [101, 0.00125, 1691],
    [150, 0.025, 4619],
    [150, 0.00625, 4336],
    [200, 0.05, 8702],
    [200, 0.00125, 7584],
  ];
  for (const [n, p, rank] of exact) {
    const ours = signedRankQuantile(p, n);
    assert.ok(ours <= rank && ours >= 0.99 * rank, `n ${n}, p ${p}: ${ours} for ${rank}`);
  }
  assert.equal(signedRankQuantile(0.025, 100), 1956); // still exact
  assert.equal(achievedLevel(1998, 101), null);
});

test('the fewest pairs for a level are those whose two outermost choices are rare enough', () => {
  // 2/2^n ≤ 1 − level: 2/16 > 10 % ≥ 2/32; 2/32 > 5 % ≥ 2/64; 2/128 > 1.25 % ≥ 2/256; 2/512 > 0.25 % ≥ 2/1024
  assert.deepEqual([0.9, 0.95, 0.9875, 0.9975].map(fewestPairs), [5, 6, 8, 10]);
  assert.equal(fewestPairs(1 - 2 / 64), 6); // exactly
  assert.equal(fewestPairs(0), 1);
});

test('the fewest pairs have an interval and one pair less has none', () => {
  for (const level of [0.5, 0.8, 0.9, 0.95, 0.98, 0.9875, 0.99, 0.9975, 0.999]) {
    const n = fewestPairs(level);
    assert.ok(signedRankQuantile((1 - level) / 2, n) >= 1);
    if (n > 1) assert.equal(signedRankQuantile((1 - level) / 2, n - 1), 0);
  }
});

test('what is no number of pairs, no probability or no level is refused', () => {
  for (const n of [0, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => signedRankCdf(1, n), RangeError);
    assert.throws(() => signedRankQuantile(0.025, n), RangeError);
  }
  for (const p of [-0.1, 0.51, 1, Number.NaN]) assert.throws(() => signedRankQuantile(p, 8), RangeError);
  for (const level of [-0.1, 1, 95, Number.NaN]) assert.throws(() => fewestPairs(level), RangeError);
});
