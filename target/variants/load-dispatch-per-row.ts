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

const OPEN_BOOKINGS = readQuery('open-bookings');
const AVAILABLE_DRIVERS = readQuery('available-drivers');
const TRIPS_OF_DRIVER = readQuery('trips-of-driver');

/**
 * Reads the two lists, then asks for what belongs to each row, row after row: 2 + 2n + 2d statements for n bookings
 * and d drivers, and one more for each trip that a driver has already.
 */
export async function loadDispatchPerRow(db: Queryable, companyDay: CompanyDay): Promise<DispatchInput> {
  const { start, end } = dayBounds(companyDay.day);
  const bookings: OpenBooking[] = [];
  const open = await db.query<OpenBookingRow>(OPEN_BOOKINGS, [companyDay.companyId, start, end]);
  for (const row of open.rows) bookings.push(await completeBooking(db, row));
  const drivers: AvailableDriver[] = [];
  const available = await db.query<AvailableDriverRow>(AVAILABLE_DRIVERS, [companyDay.companyId]);
  for (const row of available.rows) drivers.push(await completeDriver(db, row, companyDay.day));
  return { dayStartMs: start.getTime(), bookings, drivers };
}

async function completeBooking(db: Queryable, row: OpenBookingRow): Promise<OpenBooking> {
  const client = await db.query<{ needs_wheelchair: boolean }>(
    'SELECT id, full_name, phone, needs_wheelchair FROM client WHERE id = $1',
    [row.client_id],
  );
  const earlier = await db.query<EarlierAssignmentRow>(
    'SELECT booking_id, driver_id, status FROM assignment WHERE booking_id = $1 ORDER BY created_at DESC',
    [row.id],
  );
  return toOpenBooking(row, client.rows[0]?.needs_wheelchair ?? false, earlier.rows);
}

async function completeDriver(db: Queryable, row: AvailableDriverRow, day: string): Promise<AvailableDriver> {
  const recent = recentPeriod(day);
  const count = await db.query<{ count: number }>(
    'SELECT count(*) AS count FROM assignment WHERE driver_id = $1 AND created_at >= $2 AND created_at < $3',
    [row.id, recent.from, recent.to],
  );
  return toAvailableDriver(row, count.rows[0]?.count ?? 0, await findTrips(db, row.id, day));
}

async function findTrips(db: Queryable, driverId: number, day: string): Promise<CommittedTrip[]> {
  const { start, end } = dayBounds(day);
  const trips: CommittedTrip[] = [];
  const taken = await db.query<TakenBookingRow>(TRIPS_OF_DRIVER, [driverId, start, end]);
  for (const booking of taken.rows) {
    const planned = await db.query<LiveAssignmentRow>(
      `SELECT booking_id, planned_pickup_at, planned_dropoff_at FROM assignment
       WHERE booking_id = $1 AND status IN ('proposed', 'accepted')`,
      [booking.id],
    );
    trips.push(...planned.rows.map((row) => toCommittedTrip(booking, row)));
  }
  return trips;
}
