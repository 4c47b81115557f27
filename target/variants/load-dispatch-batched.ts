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

async function loadBookings(db: Queryable, { companyId, day }: CompanyDay): Promise<OpenBooking[]> {
  const { start, end } = dayBounds(day);
  const open = await db.query<BookingWithClientRow>(OPEN_BOOKINGS, [companyId, start, end]);
  const earlier = await db.query<EarlierAssignmentRow>(
    'SELECT booking_id, driver_id, status FROM assignment WHERE booking_id = ANY($1::bigint[])',
    [open.rows.map((row) => row.id)],
  );
  const earlierOf = groupBy(earlier.rows, (row) => row.booking_id);
  return open.rows.map((row) => toOpenBooking(row, row.needs_wheelchair, earlierOf(row.id)));
}

async function loadDrivers(db: Queryable, { companyId, day }: CompanyDay): Promise<AvailableDriver[]> {
  const recent = recentPeriod(day);
  const available = await db.query<DriverWithCountRow>(AVAILABLE_DRIVERS, [
    companyId,
    recent.from,
    recent.to,
  ]);
  const tripsOf = await loadTrips(
    db,
    available.rows.map((row) => row.id),
    day,
  );
  return available.rows.map((row) => toAvailableDriver(row, row.recent_assignments, tripsOf(row.id)));
}

async function loadTrips(
  db: Queryable,
  driverIds: readonly number[],
  day: string,
): Promise<(driverId: number) => CommittedTrip[]> {
  const { start, end } = dayBounds(day);
  const taken = await db.query<TakenBookingRow>(TRIPS_OF_DRIVERS, [driverIds, start, end]);
  if (taken.rows.length === 0) return () => [];
  const planned = await db.query<LiveAssignmentRow>(
    `SELECT booking_id, planned_pickup_at, planned_dropoff_at FROM assignment
     WHERE booking_id = ANY($1::bigint[]) AND status IN ('proposed', 'accepted')`,
    [taken.rows.map((row) => row.id)],
  );
  const plannedOf = groupBy(planned.rows, (row) => row.booking_id);
  const takenBy = groupBy(taken.rows, (row) => row.driver_id);
  return (driverId) =>
    takenBy(driverId).flatMap((booking) => plannedOf(booking.id).map((row) => toCommittedTrip(booking, row)));
}
