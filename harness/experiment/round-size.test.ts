import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sizeRound } from './round-size.ts';

const options = { offers: 400, sliceSize: 1, dispatches: null };

test('a round is as many dispatches as fill six seconds with all arms together', () => {
  // 20 ms + 20 ms a block: 6000 / 40 = 150; a quarter of it to warm up, 15 at most
  assert.deepEqual(sizeRound({ ...options, dispatchMs: [20, 20] }), {
    warmUp: 15,
    dispatches: 150,
    sliceSize: 1,
  });
});

test('slow dispatches are few, after one that is not recorded', () => {
  // 1900 ms + 25 ms a block: 6000 / 1925 = 3.1
  assert.deepEqual(sizeRound({ ...options, dispatchMs: [1900, 25] }), {
    warmUp: 1,
    dispatches: 3,
    sliceSize: 1,
  });
});

test('no company-day is dispatched twice, however short the list', () => {
  const { warmUp, dispatches } = sizeRound({ ...options, offers: 10, dispatchMs: [5, 5] });
  assert.deepEqual([warmUp, dispatches], [2, 8]); // a fifth of the days to warm up, the rest to record
});

test('a number that was asked for is taken, and a slice is never longer than the round', () => {
  const round = sizeRound({ ...options, dispatches: 8, sliceSize: 20, dispatchMs: [20, 20] });
  assert.deepEqual(round, { warmUp: 2, dispatches: 8, sliceSize: 8 });
});

test('dispatches that could not be timed still make a round', () => {
  const { warmUp, dispatches } = sizeRound({ ...options, dispatchMs: [0, 0] });
  assert.equal(warmUp + dispatches, 400);
});
