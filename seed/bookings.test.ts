import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Booking, BookingSource, TRIP_DISTANCE } from './bookings.ts';
import { MINUTES_PER_DAY } from './calendar.ts';
import { openDataset, shuffledCompanies } from './dataset.ts';
import { historyDays } from './history-days.ts';
import { clientIdsOf, driverIdsOf, openBookingCount, PROFILES } from './profiles.ts';
import { shiftOf } from './shifts.ts';

const LOAD = openDataset(PROFILES.load);
const HISTORY = historyOf();
const OPEN = Array.from({ length: openBookingCount(PROFILES.load) }, (_, index) =>
  new BookingSource(LOAD).openBooking(index),
);

function historyOf(): Booking[] {
  const source = new BookingSource(LOAD);
  const bookings: Booking[] = [];
  for (const { day, first, count } of historyDays(PROFILES.load)) {
    for (let index = first; index < first + count; index++) bookings.push(source.historyBooking(index, day));
  }
  return bookings;
}

function shareOf(bookings: readonly Booking[], is: (booking: Booking) => boolean): number {
  return bookings.filter(is).length / bookings.length;
}

function assertNear(found: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(found - expected) <= tolerance, `${found}, expected ${expected} ± ${tolerance}`);
}

test('ids are consecutive: history first, then the open bookings', () => {
  assert.ok(HISTORY.every(({ id }, index) => id === index + 1));
  assert.ok(OPEN.every(({ id }, index) => id === 100_000 + index + 1));
});

test('every company has exactly the same number of open bookings on every open day', () => {
  const counts = new Map<string, number>();
  for (const { companyId, scheduledMinute, status } of OPEN) {
    assert.equal(status, 'open');
    const key = `${companyId}/${Math.floor(scheduledMinute / MINUTES_PER_DAY)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assert.equal(counts.size, 20 * 20);
  assert.deepEqual(new Set(counts.values()), new Set([100]));
});

test('company-days of one weekday have the same demand over the day, give or take one booking', () => {
  // One booking from each hundredth of the distribution: the number before noon can differ by the one that straddles it.
  const beforeNoon = (companyId: number) =>
    OPEN.slice(0, 2_000).filter((b) => b.companyId === companyId && b.scheduledMinute < 12 * 60).length;
  const counts = Array.from({ length: 20 }, (_, index) => beforeNoon(index + 1));
  assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, counts.join());
});

test('neighbouring open bookings belong to different companies', () => {
  assert.ok(OPEN.every(({ companyId }, index) => companyId !== OPEN[index + 1]?.companyId));
});

test('clients and drivers are of the booking’s company', () => {
  for (const { companyId, clientId, driverId, refusedBy } of [...HISTORY, ...OPEN]) {
    const clients = clientIdsOf(PROFILES.load, companyId);
    assert.ok(clientId >= clients.first && clientId < clients.first + clients.count);
    const drivers = driverIdsOf(PROFILES.load, companyId);
    for (const id of [driverId, refusedBy]) {
      assert.ok(id === null || (id >= drivers.first && id < drivers.first + drivers.count));
    }
    assert.ok(refusedBy === null || refusedBy !== driverId);
  }
});

test('94 % of history is completed and has a driver on shift, the rest is cancelled and has none', () => {
  assertNear(
    shareOf(HISTORY, ({ status }) => status === 'completed'),
    0.94,
    0.003,
  ); // 4 standard deviations of 0.00075
  for (const { companyId, status, driverId, scheduledMinute } of HISTORY) {
    assert.equal(driverId !== null, status === 'completed');
    if (driverId === null) continue;
    const { startMinute, endMinute } = shiftOf(driverId - driverIdsOf(PROFILES.load, companyId).first);
    const minute = ((scheduledMinute % MINUTES_PER_DAY) + MINUTES_PER_DAY) % MINUTES_PER_DAY;
    assert.ok(startMinute <= minute && minute < endMinute);
  }
});

test('three in a hundred bookings were declined by somebody before', () => {
  // Standard deviations: √(0.03 × 0.97 / 94,000) = 0.00056 and √(… / 40,000) = 0.00085; four of each.
  assertNear(
    shareOf(
      HISTORY.filter((b) => b.driverId),
      (b) => b.refusedBy !== null,
    ),
    0.03,
    0.0023,
  );
  assertNear(
    shareOf(OPEN, (b) => b.refusedBy !== null),
    0.03,
    0.0035,
  );
});

test('the share of companies in history is Zipf’s, in an order that ids do not give away', () => {
  const order = shuffledCompanies(PROFILES.load);
  const harmonic = Array.from({ length: 20 }, (_, k) => 1 / (k + 1)).reduce((sum, share) => sum + share); // 3.598
  for (const rank of [0, 1, 4, 19]) {
    const expected = 1 / (rank + 1) / harmonic; // 27.8 %, 13.9 %, 5.6 %, 1.4 %
    assertNear(
      shareOf(HISTORY, (b) => b.companyId === order[rank]),
      expected,
      0.006,
    );
  }
  assert.notDeepEqual(
    order,
    [...order].sort((a, b) => a - b),
  );
  assert.equal(new Set(order).size, 20);
});

test('trip distances have the median and quartiles of the log-normal distribution', () => {
  const sorted = HISTORY.map(({ distanceM }) => distanceM).sort((a, b) => a - b);
  const at = (quantile: number) => sorted[Math.floor(quantile * sorted.length)] ?? 0;
  assertNear(at(0.5) / TRIP_DISTANCE.median, 1, 0.02);
  assertNear(at(0.25) / TRIP_DISTANCE.median, Math.exp(-TRIP_DISTANCE.sigma * 0.6745), 0.02); // 0.603
  assertNear(at(0.9) / TRIP_DISTANCE.median, Math.exp(TRIP_DISTANCE.sigma * 1.2816), 0.06); // 2.615
});

test('weekday hours have two peaks, the higher one in the evening, and the trough at four', () => {
  const hours = new Array<number>(24).fill(0);
  for (const { scheduledMinute } of HISTORY) {
    const day = Math.floor(scheduledMinute / MINUTES_PER_DAY);
    const hour = Math.floor((scheduledMinute - day * MINUTES_PER_DAY) / 60);
    if (((day % 7) + 7) % 7 < 5) hours[hour] = (hours[hour] ?? 0) + 1;
  }
  const peak = (from: number, to: number) => Math.max(...hours.slice(from, to));
  assert.ok([8, 9].includes(hours.indexOf(peak(0, 14))), hours.join());
  assert.ok([17, 18, 19].includes(hours.indexOf(peak(0, 24))), hours.join());
  assert.ok(peak(0, 24) > peak(6, 12) && peak(6, 12) > 1.4 * Math.min(...hours.slice(10, 15)));
  assert.equal(hours.indexOf(Math.min(...hours)), 4);
});

test('bookings are made before the evening dispatch, and end after they begin', () => {
  for (const { createdMinute, scheduledMinute, updatedMinute, status } of HISTORY) {
    const dispatchMinute = (Math.floor(scheduledMinute / MINUTES_PER_DAY) - 1) * MINUTES_PER_DAY + 20 * 60;
    assert.ok(createdMinute < dispatchMinute);
    assert.ok(status === 'completed' ? updatedMinute >= scheduledMinute + 3 : updatedMinute > createdMinute);
  }
});

test('open bookings were all made before the first open day', () => {
  assert.ok(
    OPEN.every(({ createdMinute, updatedMinute }) => createdMinute < 0 && updatedMinute === createdMinute),
  );
});

test('parties are of one to six, mostly one or two', () => {
  assert.deepEqual([...new Set(HISTORY.map(({ passengers }) => passengers))].sort(), [1, 2, 3, 4, 5, 6]);
  assertNear(
    shareOf(HISTORY, ({ passengers }) => passengers <= 2),
    0.82,
    0.006,
  ); // 58 + 24 of 100
});

test('open bookings do not depend on how much history there is, except for their ids and clients', () => {
  const other = new BookingSource(openDataset({ ...PROFILES.load, history: 10 }));
  for (const index of [0, 17, 39_999]) {
    const { id, clientId, ...expected } = OPEN[index] as Booking;
    assert.deepEqual(other.openBooking(index), {
      ...expected,
      id: id - 100_000 + 10,
      clientId: other.openBooking(index).clientId,
    });
    assert.ok(clientId > 0);
  }
});

test('any number of bookings a day is spread over the whole day', () => {
  for (const bookings of [1, 2, 3, 20, 21, 1_000]) {
    const source = new BookingSource(openDataset({ ...PROFILES.smoke, bookings, companies: 1, days: 1 }));
    const minutes = Array.from({ length: bookings }, (_, index) => source.openBooking(index).scheduledMinute);
    assert.ok(minutes.every((minute) => minute >= 0 && minute < MINUTES_PER_DAY));
    const afternoon = minutes.filter((minute) => minute >= 14 * 60).length;
    // From 14 h on: 592 of 1,014 by the hourly weights, give or take one booking.
    assert.ok(
      Math.abs(afternoon - (592 / 1_014) * bookings) <= 1 + 0.01 * bookings,
      `${afternoon} of ${bookings}`,
    );
  }
});
