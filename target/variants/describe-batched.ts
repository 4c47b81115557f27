import {
  type AssignedBookingRow,
  type AssignedDriverRow,
  type Assignment,
  type AssignmentRow,
  toAssignment,
} from '../assignments/assignment.ts';
import {
  type Booking,
  type BookingRow,
  type ClientRow,
  type LatestAssignmentRow,
  toBooking,
} from '../bookings/booking.ts';
import type { Queryable } from '../database.ts';
import { readQuery } from '../queries/read-query.ts';

const LATEST_ASSIGNMENTS = readQuery('latest-assignments');

/** Client, driver and latest assignment of all bookings in three statements; none for an empty list. */
export async function describeBookingsBatched(
  db: Queryable,
  rows: readonly BookingRow[],
): Promise<Booking[]> {
  if (rows.length === 0) return [];
  const clients = await db.query<ClientRow>(
    'SELECT id, full_name, phone, needs_wheelchair FROM client WHERE id = ANY($1::int[])',
    [distinct(rows.map((row) => row.client_id))],
  );
  const drivers = await findDrivers(
    db,
    rows.flatMap((row) => row.driver_id ?? []),
  );
  const latest = await db.query<LatestAssignmentRow>(LATEST_ASSIGNMENTS, [rows.map((row) => row.id)]);
  const clientOf = byKey(clients.rows, (row) => row.id);
  const latestOf = byKey(latest.rows, (row) => row.booking_id);
  return rows.map((row) =>
    toBooking(row, {
      client: required(clientOf, row.client_id, 'client'),
      driver: row.driver_id === null ? null : required(drivers, row.driver_id, 'driver'),
      latestAssignment: latestOf.get(row.id) ?? null,
    }),
  );
}

/** Booking and driver of all assignments in two statements; none for an empty list. */
export async function describeAssignmentsBatched(
  db: Queryable,
  rows: readonly AssignmentRow[],
): Promise<Assignment[]> {
  if (rows.length === 0) return [];
  const bookings = await db.query<AssignedBookingRow>(
    'SELECT id, scheduled_time, pickup_address, dropoff_address, status FROM booking WHERE id = ANY($1::bigint[])',
    [distinct(rows.map((row) => row.booking_id))],
  );
  const drivers = await findDrivers(
    db,
    rows.map((row) => row.driver_id),
  );
  const bookingOf = byKey(bookings.rows, (row) => row.id);
  return rows.map((row) =>
    toAssignment(
      row,
      required(bookingOf, row.booking_id, 'booking'),
      required(drivers, row.driver_id, 'driver'),
    ),
  );
}

async function findDrivers(db: Queryable, ids: readonly number[]): Promise<Map<number, AssignedDriverRow>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<AssignedDriverRow>(
    'SELECT id, full_name, phone FROM driver WHERE id = ANY($1::int[])',
    [distinct(ids)],
  );
  return byKey(rows, (row) => row.id);
}

function distinct(ids: readonly number[]): number[] {
  return [...new Set(ids)];
}

function byKey<Row>(rows: readonly Row[], keyOf: (row: Row) => number): Map<number, Row> {
  return new Map(rows.map((row) => [keyOf(row), row]));
}

function required<Row>(rows: ReadonlyMap<number, Row>, id: number, what: string): Row {
  const row = rows.get(id);
  if (!row) throw new Error(`Expected ${what} ${id} to exist: a foreign key points to it.`);
  return row;
}
