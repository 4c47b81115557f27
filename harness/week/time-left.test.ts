import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leftWords, secondsLeft } from './time-left.ts';

test('before anything has ended the expectations are added up', () => {
  const open = (expectedSeconds: number) => ({ expectedSeconds, tookSeconds: null });
  assert.equal(secondsLeft([open(60), open(30)]), 90);
});

test('a machine that took twice as long will take longer for the rest', () => {
  const left = secondsLeft([
    { expectedSeconds: 70, tookSeconds: 170 },
    { expectedSeconds: 60, tookSeconds: null },
  ]);
  assert.equal(left, 120); // pace (170 + 30) ÷ (70 + 30) = 2
});

test('a task that is under way has that much less to go, and never less than nothing', () => {
  const going = (elapsedSeconds: number) =>
    secondsLeft([{ expectedSeconds: 100, tookSeconds: null, elapsedSeconds }]);
  assert.deepEqual([going(30), going(130)], [70, 0]);
});

test('what is left is told in whole minutes', () => {
  assert.deepEqual([20, 50, 89, 91, 240].map(leftWords), [
    'under a minute',
    'about 1 min',
    'about 1 min',
    'about 2 min',
    'about 4 min',
  ]);
});
