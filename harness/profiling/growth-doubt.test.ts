import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BOOKING_STEPS,
  buildGrowth,
  REPEATS,
  type StatementRule,
} from '../../test/support/growth-builders.ts';
import { isInDoubt } from './growth-doubt.ts';

/** The largest size with all repeats, the others once, as they are measured first. */
function isInDoubtOf(rule: StatementRule): boolean {
  const samples = buildGrowth({ statements: { SELECT: () => 1, 'SELECT 2': rule } });
  const firstOfLargest = (BOOKING_STEPS.length - 1) * REPEATS; // builders give three of each size, smallest first
  return isInDoubt(samples.filter((_, index) => index >= firstOfLargest || index % REPEATS === 0));
}

test('a call for each booking, for every ten of them, or for all together needs no further repeats', () => {
  assert.equal(
    isInDoubtOf(({ bookings = 0 }) => 2 * bookings + 3),
    false,
  );
  assert.equal(
    isInDoubtOf(({ bookings = 0 }) => Math.ceil(bookings / 10)),
    false,
  );
  assert.equal(
    isInDoubtOf(() => 7),
    false,
  );
});

test('a call more at the largest size in one repeat only leaves doubt', () => {
  assert.equal(
    isInDoubtOf(({ bookings = 0 }, repeat) => bookings + (repeat === 1 ? 1 : 0)),
    true,
  );
});

test('a call more at a size that was measured once leaves doubt, though nothing has shown that it varies', () => {
  assert.equal(
    isInDoubtOf(({ bookings = 0 }) => bookings + (bookings === 16 ? 1 : 0)),
    true,
  );
});

test('calls that no formula gives leave doubt, though repeats agree', () => {
  // 8, 16, 32, 64 bookings: on no line, in no chunks, and neither a bound nor a product of anything
  assert.equal(
    isInDoubtOf(({ bookings = 0 }) => ({ 8: 5, 16: 13, 32: 17, 64: 49 })[bookings] ?? 0),
    true,
  );
});
