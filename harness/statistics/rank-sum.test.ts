import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rankSumProbabilities } from './rank-sum.ts';

/** P(U = u) by trying every choice of the first sample's ranks. */
function countChoices(firstSize: number, secondSize: number): number[] {
  const counts = new Array<number>(firstSize * secondSize + 1).fill(0);
  const size = firstSize + secondSize;
  let choices = 0;
  for (let choice = 0; choice < 2 ** size; choice++) {
    const ranks = Array.from({ length: size }, (_, i) => i).filter((i) => choice & (1 << i));
    if (ranks.length !== firstSize) continue;
    choices++;
    // each rank beats those of the second sample below it: all below less the earlier ones of its own sample
    const u = ranks.reduce((sum, rank, earlier) => sum + rank - earlier, 0);
    counts[u] = (counts[u] ?? 0) + 1;
  }
  return counts.map((count) => count / choices);
}

test('the distribution is that of all choices of ranks', () => {
  for (const [first, second] of [
    [1, 1],
    [1, 5],
    [3, 2],
    [4, 4],
    [5, 6],
  ] as const) {
    const probabilities = rankSumProbabilities(first, second);
    countChoices(first, second).forEach((expected, u) => {
      assert.ok(Math.abs((probabilities[u] ?? Number.NaN) - expected) < 1e-15, `${first}+${second}, ${u}`);
    });
  }
});

test('it adds up to one, is symmetric, and does not care which sample is the first', () => {
  for (const [first, second] of [
    [12, 12],
    [5, 17],
    [20, 24],
  ] as const) {
    const probabilities = [...rankSumProbabilities(first, second)];
    const exchanged = rankSumProbabilities(second, first);
    assert.ok(Math.abs(probabilities.reduce((sum, p) => sum + p, 0) - 1) < 1e-12);
    probabilities.forEach((p, u) => {
      assert.ok(Math.abs(p - (probabilities.at(-1 - u) ?? Number.NaN)) < 1e-15);
      assert.ok(Math.abs(p - (exchanged[u] ?? Number.NaN)) < 1e-15);
    });
  }
});

test('with an empty sample there is one outcome', () => {
  assert.deepEqual([...rankSumProbabilities(0, 4)], [1]);
  assert.deepEqual([...rankSumProbabilities(4, 0)], [1]);
});
