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
  const { start } = dayBounds(companyDay.day);
  const bookings: OpenBooking[] = [];
  for (const row of await listOpenBookings(db, companyDay)) bookings.push(await completeBooking(db, row));
  const drivers: AvailableDriver[] = [];
  for (const row of await listAvailableDrivers(db, companyDay.companyId))
    drivers.push(await completeDriver(db, row, companyDay.day));
  return { dayStartMs: start.getTime(), bookings, drivers };
}

async function completeBooking(db: Queryable, row: OpenBookingRow): Promise<OpenBooking> {
  const needsWheelchair = await findNeedsWheelchair(db, row.client_id);
  return toOpenBooking(row, needsWheelchair, await findEarlierAssignments(db, row.id));
}

async function completeDriver(db: Queryable, row: AvailableDriverRow, day: string): Promise<AvailableDriver> {
  const recentAssignments = await countRecentAssignments(db, row.id, day);
  const trips: CommittedTrip[] = [];
  for (const booking of await findTakenBookings(db, row.id, day)) {
    const planned = await findLiveAssignments(db, booking.id);
    trips.push(...planned.map((assignment) => toCommittedTrip(booking, assignment)));
  }
  return toAvailableDriver(row, recentAssignments, trips);
}

export async function listOpenBookings(
  db: Queryable,
  { companyId, day }: CompanyDay,
): Promise<OpenBookingRow[]> {
  const { start, end } = dayBounds(day);
  return (await db.query<OpenBookingRow>(OPEN_BOOKINGS, [companyId, start, end])).rows;
}

export async function findNeedsWheelchair(db: Queryable, clientId: number): Promise<boolean> {
  const { rows } = await db.query<{ needs_wheelchair: boolean }>(
    'SELECT id, full_name, phone, needs_wheelchair FROM client WHERE id = $1',
    [clientId],
  );
  return rows[0]?.needs_wheelchair ?? false;
}

export async function findEarlierAssignments(
  db: Queryable,
  bookingId: number,
): Promise<EarlierAssignmentRow[]> {
  const { rows } = await db.query<EarlierAssignmentRow>(
    'SELECT booking_id, driver_id, status FROM assignment WHERE booking_id = $1 ORDER BY created_at DESC',
    [bookingId],
  );
  return rows;
}

export async function listAvailableDrivers(db: Queryable, companyId: number): Promise<AvailableDriverRow[]> {
  return (await db.query<AvailableDriverRow>(AVAILABLE_DRIVERS, [companyId])).rows;
}

export async function countRecentAssignments(db: Queryable, driverId: number, day: string): Promise<number> {
  const recent = recentPeriod(day);
  const { rows } = await db.query<{ count: number }>(
    'SELECT count(*) AS count FROM assignment WHERE driver_id = $1 AND created_at >= $2 AND created_at < $3',
    [driverId, recent.from, recent.to],
  );
  return rows[0]?.count ?? 0;
}

export async function findTakenBookings(
  db: Queryable,
  driverId: number,
  day: string,
): Promise<TakenBookingRow[]> {
  const { start, end } = dayBounds(day);
  return (await db.query<TakenBookingRow>(TRIPS_OF_DRIVER, [driverId, start, end])).rows;
}

export async function findLiveAssignments(db: Queryable, bookingId: number): Promise<LiveAssignmentRow[]> {
  const { rows } = await db.query<LiveAssignmentRow>(
    `SELECT booking_id, planned_pickup_at, planned_dropoff_at FROM assignment
     WHERE booking_id = $1 AND status IN ('proposed', 'accepted')`,
    [bookingId],
  );
  return rows;
}
