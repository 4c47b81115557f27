import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BookingSource } from '../../seed/bookings.ts';
import { dayText, MINUTES_PER_DAY } from '../../seed/calendar.ts';
import { clients } from '../../seed/clients.ts';
import { openDataset } from '../../seed/dataset.ts';
import { drivers } from '../../seed/drivers.ts';
import type { TownPlaces } from '../../seed/places.ts';
import type { Position } from '../../seed/positions.ts';
import { type DatasetShape, PROFILES } from '../../seed/profiles.ts';
import { placePosition, RouteSource } from '../../seed/routes.ts';
import { assignDrivers, type DispatchInput } from '../../target/dispatch/assign-drivers.ts';

const place = ({ latE5, lonE5 }: Position) => ({ lat: latE5 / 1e5, lon: lonE5 / 1e5 });

/** What the target reads for a company and day of a dataset, straight from the generators. */
function dispatchInput(shape: DatasetShape, companyId: number, day: number): DispatchInput {
  const dataset = openDataset(shape);
  const source = new BookingSource(dataset);
  const routes = new RouteSource(dataset, 'open');
  const wheelchairs = new Set(
    [...clients(dataset)].filter((client) => client.needsWheelchair).map(({ id }) => id),
  );
  const dayStartMs = Date.parse(`${dayText(day)}T00:00:00Z`);
  const perDay = shape.bookings * shape.companies;
  const bookings = Array.from({ length: perDay }, (_, index) => day * perDay + index)
    .map((index) => ({ index, booking: source.openBooking(index) }))
    .filter(({ booking }) => booking.companyId === companyId)
    .map(({ index, booking }) => {
      const route = routes.route(index, companyId, booking.distanceM);
      const town = dataset.towns[route.townIndex] as TownPlaces;
      const ends = [place(placePosition(town, route.place)), place(route.far)] as const;
      return {
        id: booking.id,
        scheduledAtMs: dayStartMs + (booking.scheduledMinute - day * MINUTES_PER_DAY) * 60_000,
        passengers: booking.passengers,
        needsWheelchair: wheelchairs.has(booking.clientId),
        pickup: route.fromPlace ? ends[0] : ends[1],
        dropoff: route.fromPlace ? ends[1] : ends[0],
        distanceM: booking.distanceM,
        refusedByDriverIds: booking.refusedBy === null ? [] : [booking.refusedBy],
      };
    });
  const available = [...drivers(dataset)]
    .filter((driver) => driver.companyId === companyId && driver.isAvailable && driver.isActive)
    .map((driver) => ({
      id: driver.id,
      seats: driver.seats,
      takesWheelchair: driver.takesWheelchair,
      shiftStartMinute: driver.shift.startMinute,
      shiftEndMinute: driver.shift.endMinute,
      home: place(driver.home),
      recentAssignments: 0,
      committedTrips: [],
    }));
  return { dayStartMs, bookings, drivers: available };
}

test('the drivers of a load company can take at least 85 of its 100 bookings, on weekdays and weekends', () => {
  for (const companyId of [1, 7, 20]) {
    for (const day of [0, 4, 5, 6, 19]) {
      const { assignments } = assignDrivers(dispatchInput(PROFILES.load, companyId, day));
      assert.ok(assignments.length >= 85, `company ${companyId}, day ${day}: ${assignments.length}`);
    }
  }
});

test('a stress company has more work than its drivers can do, but most of it can be done', () => {
  const { assignments, unassignedBookingIds } = assignDrivers(dispatchInput(PROFILES.stress, 3, 0));
  assert.equal(assignments.length + unassignedBookingIds.length, 1_000);
  assert.ok(assignments.length >= 600, `${assignments.length}`);
});
