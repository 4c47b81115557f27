import type { Queryable } from '../database.ts';
import type { DispatchInput, OpenBooking } from '../dispatch/assign-drivers.ts';
import type { AvailableDriver } from '../dispatch/driver-day.ts';
import { readQuery } from '../queries/read-query.ts';
import { type CompanyDay, dayBounds } from '../service-day.ts';
import {
  type AvailableDriverRow,
  type CommittedTripRow,
  type EarlierAssignmentRow,
  type OpenBookingRow,
  recentPeriod,
  toAvailableDriver,
  toOpenBooking,
} from './dispatch-rows.ts';

const OPEN_BOOKINGS = readQuery('open-bookings');
const AVAILABLE_DRIVERS = readQuery('available-drivers');
const TRIPS_OF_DRIVER = readQuery('trips-of-driver');

/** Reads the two lists, then asks for what belongs to each row, row after row: 2 + 2n + 2d statements. */
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
  const { start, end } = dayBounds(day);
  const trips = await db.query<CommittedTripRow>(TRIPS_OF_DRIVER, [row.id, start, end]);
  return toAvailableDriver(row, count.rows[0]?.count ?? 0, trips.rows);
}
