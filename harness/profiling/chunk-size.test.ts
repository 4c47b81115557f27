import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { findChunk } from './chunk-size.ts';

test('the sizes leave a range of chunks, and every one of them explains the calls', () => {
  // 64 bookings in 4 calls: 16 to 21 each; 32 in 2: 16 to 31; 16 and 8 in 1: 16 or more
  const points = [8, 16, 32, 64].map((n) => ({ n, calls: Math.ceil(n / 20) }));
  assert.deepEqual(findChunk(points), { least: 16, most: 21, intercept: 0 });
});

test('sizes on both sides of a multiple leave one chunk', () => {
  const points = [20, 21, 40, 41].map((n) => ({ n, calls: Math.ceil(n / 20) }));
  assert.deepEqual(findChunk(points), { least: 20, most: 20, intercept: 0 });
});

test('a reader who has to see an empty page before it knows the end is in chunks too', () => {
  // floor(n / 20) + 1: at 40 a third page, which is empty
  const points = [10, 20, 39, 40, 60].map((n) => ({ n, calls: Math.floor(n / 20) + 1 }));
  assert.deepEqual(findChunk(points), { least: 20, most: 20, intercept: 0 });
});

test('a call for each is no chunk', () => {
  assert.equal(findChunk([8, 16, 32, 64].map((n) => ({ n, calls: n }))), null);
});

test('any chunk and any fixed calls beside it are found when the sizes reach around it', () => {
  const random = seededRandom(5);
  for (let round = 0; round < 300; round++) {
    const size = 3 + Math.floor(random.uniform() * 60);
    const intercept = Math.floor(random.uniform() * 9);
    const points = [size - 1, size, size + 1, 2 * size, 2 * size + 1].map((n) => ({
      n,
      calls: intercept + Math.ceil(n / size),
    }));
    assert.deepEqual(findChunk(points), { least: size, most: size, intercept }, `chunk ${size}`);
  }
});
