import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ASSIGNMENT_STATUSES, bookingStatusAfter, mayTurn } from './assignment.ts';

test('a proposal is answered once; an accepted trip can still be declined, and what has ended stays ended', () => {
  const next = (from: (typeof ASSIGNMENT_STATUSES)[number]) =>
    ASSIGNMENT_STATUSES.filter((to) => mayTurn(from, to));
  assert.deepEqual(next('proposed'), ['accepted', 'declined', 'cancelled']);
  assert.deepEqual(next('accepted'), ['declined', 'completed', 'cancelled']);
  for (const ended of ['declined', 'completed', 'cancelled'] as const) assert.deepEqual(next(ended), []);
});

test('a booking is open again when its assignment is declined or cancelled', () => {
  assert.deepEqual(ASSIGNMENT_STATUSES.map(bookingStatusAfter), [null, null, 'open', 'completed', 'open']);
});
