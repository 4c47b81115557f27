import assert from 'node:assert/strict';
import { test } from 'node:test';
import { armsOf, isSameOnSame, NO_CHANGES } from './arms.ts';

test('twice the same variant is an A/A, whose arms have names of their own', () => {
  const arms = armsOf(['optimised', 'optimised']);
  assert.deepEqual(
    arms.map((arm) => arm.name),
    ['optimised', 'optimised (again)'],
  );
  assert.equal(isSameOnSame(arms), true);
});

test('what is done to the later arms is in their names, and the baseline is left alone', () => {
  const changes = { injectedSlowdownRatio: 0.05, droppedIndexes: ['booking_x_idx'] };
  const arms = armsOf(['optimised', 'optimised'], changes);
  assert.deepEqual(
    arms.map((arm) => arm.name),
    ['optimised', 'optimised slowed 5 % without booking_x_idx'],
  );
  assert.deepEqual(arms[0]?.changes, NO_CHANGES);
  assert.equal(isSameOnSame(arms), false);
});

test('of three arms none may be another', () => {
  assert.throws(() => armsOf(['baseline', 'optimised', 'optimised']), /different variants/);
});
