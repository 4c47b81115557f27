import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assignDrivers, type OpenBooking } from './assign-drivers.ts';
import type { Place } from './distance.ts';
import type { AvailableDriver } from './driver-day.ts';

const DAY_START_MS = Date.UTC(2026, 2, 2);
const MINUTE_MS = 60_000;

/** A place on one meridian, `km` north of 48°: straight distances are differences. */
function north(km: number): Place {
  return { lat: 48 + km / 111.195_08, lon: 11 }; // mean degree of latitude, see distance.ts
}

function clock(hours: number, minutes = 0): number {
  return DAY_START_MS + (hours * 60 + minutes) * MINUTE_MS;
}

function booking(id: number, changes: Partial<OpenBooking> = {}): OpenBooking {
  return {
    id,
    scheduledAtMs: clock(10),
    passengers: 1,
    needsWheelchair: false,
    pickup: north(0),
    dropoff: north(5),
    distanceM: 6_500, // 13 min at 30 km/h
    refusedByDriverIds: [],
    ...changes,
  };
}

function driver(id: number, changes: Partial<AvailableDriver> = {}): AvailableDriver {
  return {
    id,
    seats: 4,
    takesWheelchair: false,
    shiftStartMinute: 6 * 60,
    shiftEndMinute: 18 * 60,
    home: north(0),
    recentAssignments: 0,
    committedTrips: [],
    ...changes,
  };
}

function decide(bookings: readonly OpenBooking[], drivers: readonly AvailableDriver[]) {
  return assignDrivers({ dayStartMs: DAY_START_MS, bookings, drivers });
}

/** Booking → driver. */
function pairs(
  bookings: readonly OpenBooking[],
  drivers: readonly AvailableDriver[],
): Record<number, number> {
  const { assignments } = decide(bookings, drivers);
  return Object.fromEntries(assignments.map(({ bookingId, driverId }) => [bookingId, driverId]));
}

test('without bookings, or without drivers, nothing is assigned', () => {
  assert.deepEqual(decide([], [driver(1)]), { assignments: [], unassignedBookingIds: [] });
  assert.deepEqual(decide([booking(7)], []), { assignments: [], unassignedBookingIds: [7] });
});

test('a booking goes to the nearest of equal drivers', () => {
  assert.deepEqual(pairs([booking(1)], [driver(1, { home: north(3) }), driver(2, { home: north(1) })]), {
    1: 2,
  });
});

test('a tie goes to the lower driver id', () => {
  assert.deepEqual(pairs([booking(1)], [driver(8), driver(3), driver(5)]), { 1: 3 });
});

test('the plan has the approach, the ride and a stop at each end', () => {
  const { assignments } = decide([booking(1)], [driver(4, { home: north(2) })]);
  assert.deepEqual(assignments, [
    {
      bookingId: 1,
      driverId: 4,
      sequence: 1,
      plannedPickupAtMs: clock(9, 45), // the driver is free since 6:00, so as early as the window allows
      plannedDropoffAtMs: clock(10, 1), // 3 min to get in, 13 min ride
      approachM: 2_600, // 2 km straight × 1.3
    },
  ]);
});

test('a driver who cannot be there within 15 minutes after the scheduled time is not sent', () => {
  // The shift begins at 9:45 and the window closes at 10:15: 30 min × 500 m/min = 15 km of road = 11.54 km straight.
  const far = { shiftStartMinute: 9 * 60 + 45 };
  assert.deepEqual(pairs([booking(1)], [driver(1, { ...far, home: north(11.5) })]), { 1: 1 });
  assert.deepEqual(pairs([booking(1)], [driver(1, { ...far, home: north(11.6) })]), {});
});

test('a trip lies within the shift', () => {
  // Pickup at 9:45, getting in 3 min, ride 13 min, getting out 3 min: over at 10:04.
  assert.deepEqual(pairs([booking(1)], [driver(1, { shiftEndMinute: 10 * 60 + 4 })]), { 1: 1 });
  assert.deepEqual(pairs([booking(1)], [driver(1, { shiftEndMinute: 10 * 60 + 3 })]), {});
  const { assignments } = decide([booking(1)], [driver(1, { shiftStartMinute: 10 * 60 + 10 })]);
  assert.equal(assignments[0]?.plannedPickupAtMs, clock(10, 10));
});

test('the vehicle has seats for everyone and takes a wheelchair when one is needed', () => {
  const drivers = [driver(1, { seats: 2 }), driver(2, { seats: 3, home: north(4) })];
  assert.deepEqual(pairs([booking(1, { passengers: 3 })], drivers), { 1: 2 });
  assert.deepEqual(pairs([booking(1, { passengers: 4 })], drivers), {});
  const van = driver(3, { takesWheelchair: true, home: north(4) });
  assert.deepEqual(pairs([booking(1, { needsWheelchair: true })], [...drivers, van]), { 1: 3 });
});

test('a driver who declined a booking is not asked again for it', () => {
  const bookings = [booking(1, { refusedByDriverIds: [1] }), booking(2, { scheduledAtMs: clock(14) })];
  assert.deepEqual(pairs(bookings, [driver(1), driver(2, { home: north(4) })]), { 1: 2, 2: 1 });
  assert.deepEqual(pairs([booking(1, { refusedByDriverIds: [2, 1] })], [driver(1), driver(2)]), {});
});

test('fewer recent assignments outweigh a detour, up to 100 m each', () => {
  // 2 km × 1.3 = 2,600 m of approach against 25 or 27 assignments × 100 m.
  const near = (recentAssignments: number) => driver(1, { recentAssignments });
  const away = driver(2, { home: north(2) });
  assert.deepEqual(pairs([booking(1)], [near(25), away]), { 1: 1 });
  assert.deepEqual(pairs([booking(1)], [near(27), away]), { 1: 2 });
});

test('trips of the same day are shared out between drivers', () => {
  const round = { dropoff: north(0) };
  const bookings = [8, 10, 12, 14].map((hour) => booking(hour, { ...round, scheduledAtMs: clock(hour) }));
  assert.deepEqual(pairs(bookings, [driver(1), driver(2)]), { 8: 1, 10: 2, 12: 1, 14: 2 });
});

test('the next approach begins where and when the trip before ended', () => {
  const bookings = [booking(1), booking(2, { scheduledAtMs: clock(10, 10), pickup: north(7) })];
  const { assignments } = decide(bookings, [driver(1)]);
  // Free at 10:04 at km 5; 2 km × 1.3 = 2,600 m = 5.2 min to km 7.
  assert.equal(assignments[1]?.plannedPickupAtMs, clock(10, 4) + 5.2 * MINUTE_MS);
  assert.equal(assignments[1]?.approachM, 2_600);
  assert.equal(assignments[1]?.sequence, 2);
});

test('a driver is not sent to two places at once', () => {
  const bookings = [booking(1), booking(2), booking(3)];
  assert.deepEqual(decide(bookings, [driver(1)]).unassignedBookingIds, [2, 3]);
  assert.deepEqual(pairs(bookings, [driver(1), driver(2), driver(3)]), { 1: 1, 2: 2, 3: 3 });
});

test('trips of an earlier dispatch are kept, and new ones fit around them', () => {
  const committed = {
    pickup: north(0),
    dropoff: north(0),
    pickupAtMs: clock(10),
    dropoffAtMs: clock(10, 20),
  };
  const busy = driver(1, { committedTrips: [committed] });
  const at = (hour: number, minute: number) =>
    decide([booking(1, { scheduledAtMs: clock(hour, minute), dropoff: north(0) })], [busy]).assignments[0];
  assert.equal(at(10, 0), undefined); // free again at 10:23, the window closes at 10:15
  assert.equal(at(10, 10)?.plannedPickupAtMs, clock(10, 23));
  assert.equal(at(10, 10)?.sequence, 2);
  assert.equal(at(9, 40)?.plannedPickupAtMs, clock(9, 25)); // over at 9:44, before the committed trip
  assert.equal(at(9, 40)?.sequence, 1);
  // Over at 9:44 too, but 5 km from the next pickup: 6.5 km take 13 min; 9:57 is in time, 10:02 from 9:49 is not.
  const from = (minute: number) =>
    pairs([booking(1, { scheduledAtMs: clock(9, minute), dropoff: north(5) })], [busy]);
  assert.deepEqual(from(40), { 1: 1 });
  assert.deepEqual(from(44), {});
});

/** Numerical Recipes' linear congruential generator: the same numbers on every machine. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function randomInput(seed: number) {
  const random = randomNumbers(seed);
  const whole = (max: number) => Math.floor(random() * max);
  const place = (): Place => ({ lat: 48 + random() * 0.15, lon: 11 + random() * 0.2 });
  const drivers = Array.from({ length: 1 + whole(12) }, (_, index) => {
    const committed = {
      pickup: place(),
      dropoff: place(),
      pickupAtMs: clock(12),
      dropoffAtMs: clock(12, 25),
    };
    return driver(index + 1, {
      seats: 1 + whole(6),
      takesWheelchair: random() < 0.3,
      shiftStartMinute: 300 + whole(300),
      shiftEndMinute: 800 + whole(500),
      home: place(),
      recentAssignments: whole(40),
      committedTrips: random() < 0.3 ? [committed] : [],
    });
  });
  const bookings = Array.from({ length: whole(120) }, (_, index) =>
    booking(index + 1, {
      scheduledAtMs: clock(5) + whole(15 * 60) * MINUTE_MS,
      passengers: 1 + whole(4),
      needsWheelchair: random() < 0.1,
      pickup: place(),
      dropoff: place(),
      distanceM: 500 + whole(15_000),
      refusedByDriverIds: random() < 0.2 ? [1 + whole(drivers.length)] : [],
    }),
  );
  return { dayStartMs: DAY_START_MS, bookings, drivers };
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);

test('every booking of a random day is assigned once or reported as unassigned', () => {
  let assigned = 0;
  for (const seed of SEEDS) {
    const input = randomInput(seed);
    const plan = assignDrivers(input);
    const seen = [...plan.assignments.map((a) => a.bookingId), ...plan.unassignedBookingIds];
    assert.deepEqual(
      seen.sort((a, b) => a - b),
      input.bookings.map(({ id }) => id),
    );
    assigned += plan.assignments.length;
  }
  assert.ok(assigned > 1_000, `the random days are too hard to prove anything: ${assigned} assignments`);
});

test('on random days nobody is sent who refused, has no room, is off shift or would miss the window', () => {
  for (const seed of SEEDS) {
    const { bookings, drivers } = randomInput(seed);
    for (const planned of decide(bookings, drivers).assignments) {
      const trip = bookings[planned.bookingId - 1];
      const person = drivers[planned.driverId - 1];
      assert.ok(trip && person);
      assert.ok(!trip.refusedByDriverIds.includes(person.id));
      assert.ok(person.seats >= trip.passengers);
      assert.ok(person.takesWheelchair || !trip.needsWheelchair);
      assert.ok(Math.abs(planned.plannedPickupAtMs - trip.scheduledAtMs) <= 15 * MINUTE_MS);
      assert.ok(planned.plannedPickupAtMs >= clock(0, person.shiftStartMinute));
      assert.ok(planned.plannedDropoffAtMs + 3 * MINUTE_MS <= clock(0, person.shiftEndMinute));
    }
  }
});

test('on random days a driver has time to get from each trip to the next, and positions count from 1', () => {
  for (const seed of SEEDS) {
    const { bookings, drivers } = randomInput(seed);
    const { assignments } = decide(bookings, drivers);
    for (const person of drivers) {
      const mine = assignments.filter(({ driverId }) => driverId === person.id);
      const stops = [
        ...mine.map(({ bookingId, plannedPickupAtMs, plannedDropoffAtMs, approachM }) => {
          return { bookingId, from: plannedPickupAtMs, to: plannedDropoffAtMs, approachM };
        }),
        ...person.committedTrips.map((trip) => {
          return { bookingId: 0, from: trip.pickupAtMs, to: trip.dropoffAtMs, approachM: 0 };
        }),
      ].sort((a, b) => a.from - b.from);
      for (const [index, stop] of stops.entries()) {
        const freeAtMs =
          index === 0 ? clock(0, person.shiftStartMinute) : (stops[index - 1]?.to ?? 0) + 3 * MINUTE_MS;
        assert.ok(freeAtMs + (stop.approachM / 500) * MINUTE_MS <= stop.from);
        const planned = mine.find(({ bookingId }) => bookingId === stop.bookingId);
        if (planned) assert.equal(planned.sequence, index + 1);
      }
    }
  }
});

test('the order in which bookings and drivers are given changes nothing', () => {
  for (const seed of SEEDS) {
    const input = randomInput(seed);
    const random = randomNumbers(seed + 1_000);
    const shuffled = {
      ...input,
      bookings: shuffle(input.bookings, random),
      drivers: shuffle(input.drivers, random),
    };
    assert.deepEqual(assignDrivers(shuffled), assignDrivers(input));
  }
});

test('deciding changes nothing in its input', () => {
  const input = randomInput(5);
  const before = structuredClone(input);
  assignDrivers(input);
  assert.deepEqual(input, before);
});
