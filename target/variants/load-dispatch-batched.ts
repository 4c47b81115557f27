import type { Queryable } from '../database.ts';
import type { DispatchInput, OpenBooking } from '../dispatch/assign-drivers.ts';
import type { AvailableDriver, CommittedTrip } from '../dispatch/driver-day.ts';
import { readQuery } from '../queries/read-query.ts';
import { type CompanyDay, dayBounds } from '../service-day.ts';
import {
  type AvailableDriverRow,
  type EarlierAssignmentRow,
  type LiveAssignmentRow,
  type OpenBookingRow,
  recentPeriod,
  type TakenBookingRow,
  toAvailableDriver,
  toCommittedTrip,
  toOpenBooking,
} from './dispatch-rows.ts';
import { groupBy } from './group-by.ts';

const OPEN_BOOKINGS = readQuery('open-bookings-with-clients');
const AVAILABLE_DRIVERS = readQuery('available-drivers-with-counts');
const TRIPS_OF_DRIVERS = readQuery('trips-of-drivers');

type BookingWithClientRow = OpenBookingRow & { readonly needs_wheelchair: boolean };
type DriverWithCountRow = AvailableDriverRow & { readonly recent_assignments: number };

/** Reads the same rows as the per-row way in five statements or less, however many bookings and drivers there are. */
export async function loadDispatchBatched(db: Queryable, companyDay: CompanyDay): Promise<DispatchInput> {
  const { start } = dayBounds(companyDay.day);
  const bookings = await loadBookings(db, companyDay);
  const drivers = await loadDrivers(db, companyDay);
  return { dayStartMs: start.getTime(), bookings, drivers };
}

async function loadBookings(db: Queryable, companyDay: CompanyDay): Promise<OpenBooking[]> {
  const open = await listOpenBookingsWithClients(db, companyDay);
  const earlierOf = await loadEarlierAssignments(
    db,
    open.map((row) => row.id),
  );
  return open.map((row) => toOpenBooking(row, row.needs_wheelchair, earlierOf(row.id)));
}

async function loadDrivers(db: Queryable, companyDay: CompanyDay): Promise<AvailableDriver[]> {
  const available = await listDriversWithCounts(db, companyDay);
  const tripsOf = await loadTrips(
    db,
    available.map((row) => row.id),
    companyDay.day,
  );
  return available.map((row) => toAvailableDriver(row, row.recent_assignments, tripsOf(row.id)));
}

export async function listOpenBookingsWithClients(
  db: Queryable,
  { companyId, day }: CompanyDay,
): Promise<BookingWithClientRow[]> {
  const { start, end } = dayBounds(day);
  return (await db.query<BookingWithClientRow>(OPEN_BOOKINGS, [companyId, start, end])).rows;
}

export async function loadEarlierAssignments(
  db: Queryable,
  bookingIds: readonly number[],
): Promise<(bookingId: number) => readonly EarlierAssignmentRow[]> {
  const { rows } = await db.query<EarlierAssignmentRow>(
    'SELECT booking_id, driver_id, status FROM assignment WHERE booking_id = ANY($1::bigint[])',
    [bookingIds],
  );
  return groupBy(rows, (row) => row.booking_id);
}

export async function listDriversWithCounts(
  db: Queryable,
  { companyId, day }: CompanyDay,
): Promise<DriverWithCountRow[]> {
  const recent = recentPeriod(day);
  return (await db.query<DriverWithCountRow>(AVAILABLE_DRIVERS, [companyId, recent.from, recent.to])).rows;
}

/** What the drivers have to do on the day already: two statements, one when it is nothing. */
export async function loadTrips(
  db: Queryable,
  driverIds: readonly number[],
  day: string,
): Promise<(driverId: number) => CommittedTrip[]> {
  const taken = await listTakenBookings(db, driverIds, day);
  if (taken.length === 0) return () => [];
  const plannedOf = await loadLiveAssignments(
    db,
    taken.map((row) => row.id),
  );
  const takenBy = groupBy(taken, (row) => row.driver_id);
  return (driverId) =>
    takenBy(driverId).flatMap((booking) => plannedOf(booking.id).map((row) => toCommittedTrip(booking, row)));
}

export async function listTakenBookings(
  db: Queryable,
  driverIds: readonly number[],
  day: string,
): Promise<TakenBookingRow[]> {
  const { start, end } = dayBounds(day);
  return (await db.query<TakenBookingRow>(TRIPS_OF_DRIVERS, [driverIds, start, end])).rows;
}

export async function loadLiveAssignments(
  db: Queryable,
  bookingIds: readonly number[],
): Promise<(bookingId: number) => readonly LiveAssignmentRow[]> {
  const { rows } = await db.query<LiveAssignmentRow>(
    `SELECT booking_id, planned_pickup_at, planned_dropoff_at FROM assignment
     WHERE booking_id = ANY($1::bigint[]) AND status IN ('proposed', 'accepted')`,
    [bookingIds],
  );
  return groupBy(rows, (row) => row.booking_id);
}
