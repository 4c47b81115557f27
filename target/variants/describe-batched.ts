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
  const clientOf = await loadClients(
    db,
    rows.map((row) => row.client_id),
  );
  const driverOf = await loadDrivers(
    db,
    rows.flatMap((row) => row.driver_id ?? []),
  );
  const latestOf = await loadLatestAssignments(
    db,
    rows.map((row) => row.id),
  );
  return rows.map((row) =>
    toBooking(row, {
      client: clientOf(row.client_id),
      driver: row.driver_id === null ? null : driverOf(row.driver_id),
      latestAssignment: latestOf(row.id),
    }),
  );
}

/** Booking and driver of all assignments in two statements; none for an empty list. */
export async function describeAssignmentsBatched(
  db: Queryable,
  rows: readonly AssignmentRow[],
): Promise<Assignment[]> {
  if (rows.length === 0) return [];
  const bookingOf = await loadAssignedBookings(
    db,
    rows.map((row) => row.booking_id),
  );
  const driverOf = await loadDrivers(
    db,
    rows.map((row) => row.driver_id),
  );
  return rows.map((row) => toAssignment(row, bookingOf(row.booking_id), driverOf(row.driver_id)));
}

export async function loadClients(db: Queryable, ids: readonly number[]): Promise<(id: number) => ClientRow> {
  const { rows } = await db.query<ClientRow>(
    'SELECT id, full_name, phone, needs_wheelchair FROM client WHERE id = ANY($1::int[])',
    [distinct(ids)],
  );
  return existing('client', rows);
}

/** No statement for an empty list. */
export async function loadDrivers(
  db: Queryable,
  ids: readonly number[],
): Promise<(id: number) => AssignedDriverRow> {
  if (ids.length === 0) return existing('driver', []);
  const { rows } = await db.query<AssignedDriverRow>(
    'SELECT id, full_name, phone FROM driver WHERE id = ANY($1::int[])',
    [distinct(ids)],
  );
  return existing('driver', rows);
}

export async function loadLatestAssignments(
  db: Queryable,
  bookingIds: readonly number[],
): Promise<(bookingId: number) => LatestAssignmentRow | null> {
  const { rows } = await db.query<LatestAssignmentRow>(LATEST_ASSIGNMENTS, [bookingIds]);
  const latestOf = new Map(rows.map((row) => [row.booking_id, row]));
  return (bookingId) => latestOf.get(bookingId) ?? null;
}

export async function loadAssignedBookings(
  db: Queryable,
  ids: readonly number[],
): Promise<(id: number) => AssignedBookingRow> {
  const { rows } = await db.query<AssignedBookingRow>(
    'SELECT id, scheduled_time, pickup_address, dropoff_address, status FROM booking WHERE id = ANY($1::bigint[])',
    [distinct(ids)],
  );
  return existing('booking', rows);
}

function distinct(ids: readonly number[]): number[] {
  return [...new Set(ids)];
}

function existing<Row extends { readonly id: number }>(
  what: string,
  rows: readonly Row[],
): (id: number) => Row {
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  return (id) => {
    const row = rowOf.get(id);
    if (!row) throw new Error(`Expected ${what} ${id} to exist: a foreign key points to it.`);
    return row;
  };
}
