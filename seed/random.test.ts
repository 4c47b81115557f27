import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RowRandom } from './random.ts';

function numbersOf(random: RowRandom, row: number, count: number): number[] {
  random.at(row);
  return Array.from({ length: count }, () => random.next());
}

test('the first ten numbers of a stream never change', () => {
  // Computed by a second implementation (Python, from the published C code of xoroshiro64** and MurmurHash3).
  assert.deepEqual(
    numbersOf(new RowRandom(1, 'booking'), 0, 10),
    [
      662442845, 2937013292, 3601171987, 340529347, 2939790301, 84149266, 1204639989, 3086659204, 1740519712,
      1689480249,
    ],
  );
});

test('a row has the same numbers whatever rows came before it', () => {
  const random = new RowRandom(7, 'driver');
  const first = numbersOf(random, 4_000_000_000, 5);
  numbersOf(random, 3, 50);
  assert.deepEqual(numbersOf(random, 4_000_000_000, 5), first);
});

test('streams and seeds differ from the first number on', () => {
  const starts = ['client', 'driver', 'booking/open', 'booking/history'].flatMap((stream) =>
    [0, 1, 2 ** 53 - 1].map((seed) => new RowRandom(seed, stream).at(0).next()),
  );
  assert.equal(new Set(starts).size, starts.length);
});

test('neighbouring rows begin independently', () => {
  const random = new RowRandom(1, 'booking');
  const ROWS = 20_000;
  let sameHalf = 0;
  for (let row = 1; row < ROWS; row++) {
    const before = random.at(row - 1).next() >>> 31;
    if (before === random.at(row).next() >>> 31) sameHalf += 1;
  }
  // Binomial(19,999, ½): standard deviation √(19,999 / 4) ≈ 71; four of them are 283.
  assert.ok(Math.abs(sameHalf - ROWS / 2) < 283, `${sameHalf}`);
});

test('below covers its range evenly and never reaches its end', () => {
  const random = new RowRandom(1, 'test');
  const counts = new Array<number>(7).fill(0);
  for (let row = 0; row < 70_000; row++) {
    const value = random.at(row).below(7);
    counts[value] = (counts[value] ?? 0) + 1;
  }
  assert.equal(counts.length, 7);
  // Binomial(70,000, 1/7): standard deviation √(70,000 × 1/7 × 6/7) ≈ 93; four of them are 371.
  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 371, counts.join());
});

test('chance is true in as many of 1000 cases as asked', () => {
  const random = new RowRandom(1, 'test');
  let hits = 0;
  for (let row = 0; row < 100_000; row++) if (random.at(row).chance(30)) hits += 1;
  // Binomial(100,000, 0.03): standard deviation ≈ 54; four of them are 216.
  assert.ok(Math.abs(hits - 3_000) < 216, `${hits}`);
  assert.equal(random.at(0).chance(0), false);
  assert.equal(random.at(0).chance(1_000), true);
});
