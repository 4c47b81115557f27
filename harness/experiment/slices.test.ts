import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planSlices } from './slices.ts';

const options = { arms: 2, dispatches: 12, first: 3, sliceSize: 5, randomSeed: 11 };

/** The company-days an arm dispatches, in order. */
const workOf = (slices: ReturnType<typeof planSlices>, arm: number) =>
  slices
    .filter((slice) => slice.arm === arm)
    .flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index));

test('every arm works through the same list in the same order', () => {
  const slices = planSlices(options);
  const list = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]; // 12 from position 3
  assert.deepEqual(workOf(slices, 0), list);
  assert.deepEqual(workOf(slices, 1), list);
});

test('each block holds every arm once, so that no arm gets ahead by more than a slice', () => {
  const slices = planSlices({ ...options, arms: 3 });
  assert.equal(slices.length, 9); // 12 dispatches in slices of 5 are 3 blocks of 3 arms
  for (let block = 0; block < slices.length; block += 3) {
    const arms = slices.slice(block, block + 3).map((slice) => slice.arm);
    assert.deepEqual(arms.sort(), [0, 1, 2]);
  }
});

test('the last slice is shorter when the list is no multiple of the slice size', () => {
  const lengths = planSlices(options).map(({ from, to }) => to - from);
  assert.deepEqual(lengths, [5, 5, 5, 5, 2, 2]);
});

test('which arm begins a block is random, about half of the blocks each, and repeats with the seed', () => {
  const begins = (randomSeed: number) =>
    planSlices({ ...options, dispatches: 200, sliceSize: 1, randomSeed })
      .filter((_, index) => index % 2 === 0)
      .map((slice) => slice.arm);
  const first = begins(5).filter((arm) => arm === 0).length;
  assert.ok(first > 70 && first < 130, `${first} of 200`); // ± 4 standard deviations of a fair coin: 100 ± 28
  assert.deepEqual(begins(5), begins(5));
  assert.notDeepEqual(begins(5), begins(6));
});
