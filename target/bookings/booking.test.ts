import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOOKING_STATUSES, fareCents, mayBecome, roadDistanceM } from './booking.ts';

test('only a dispatch assigns a booking, and what has ended stays ended', () => {
  for (const from of BOOKING_STATUSES.filter((status) => status !== 'assigned')) {
    assert.equal(mayBecome(from, 'assigned'), false);
  }
  for (const ended of ['completed', 'cancelled'] as const) {
    assert.deepEqual(
      BOOKING_STATUSES.filter((to) => mayBecome(ended, to)),
      [ended],
    );
  }
});

test('an assigned booking can be given back, begun or cancelled', () => {
  assert.deepEqual(
    BOOKING_STATUSES.filter((to) => mayBecome('assigned', to)),
    ['open', 'assigned', 'in_progress', 'cancelled'],
  );
});

test('the road is 1.3 times the straight line and never 0', () => {
  const here = { lat: 48, lon: 11 };
  // 0.1° of latitude is 11,119.5 m (distance.ts); × 1.3 = 14,455.4 m
  assert.equal(roadDistanceM(here, { lat: 48.1, lon: 11 }), 14_455);
  assert.equal(roadDistanceM(here, here), 1);
});

test('a fare is a base and a price per kilometre', () => {
  assert.equal(fareCents(10_000), 350 + 10 * 180);
  assert.equal(fareCents(1), 350);
});
