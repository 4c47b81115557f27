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

/** Asks for client, driver and latest assignment of each booking: up to three statements a row. */
export async function describeBookingsPerRow(db: Queryable, rows: readonly BookingRow[]): Promise<Booking[]> {
  const bookings: Booking[] = [];
  for (const row of rows) {
    const client = await findClient(db, row.client_id);
    const driver = row.driver_id === null ? null : await findDriver(db, row.driver_id);
    const latestAssignment = await findLatestAssignment(db, row.id);
    bookings.push(toBooking(row, { client, driver, latestAssignment }));
  }
  return bookings;
}

/** Asks for booking and driver of each assignment: two statements a row. */
export async function describeAssignmentsPerRow(
  db: Queryable,
  rows: readonly AssignmentRow[],
): Promise<Assignment[]> {
  const assignments: Assignment[] = [];
  for (const row of rows) {
    const booking = await findAssignedBooking(db, row.booking_id);
    const driver = await findDriver(db, row.driver_id);
    assignments.push(toAssignment(row, booking, driver));
  }
  return assignments;
}

export async function findClient(db: Queryable, id: number): Promise<ClientRow> {
  const { rows } = await db.query<ClientRow>(
    'SELECT id, full_name, phone, needs_wheelchair FROM client WHERE id = $1',
    [id],
  );
  return required(rows[0], 'client', id);
}

export async function findDriver(db: Queryable, id: number): Promise<AssignedDriverRow> {
  const { rows } = await db.query<AssignedDriverRow>(
    'SELECT id, full_name, phone FROM driver WHERE id = $1',
    [id],
  );
  return required(rows[0], 'driver', id);
}

export async function findLatestAssignment(
  db: Queryable,
  bookingId: number,
): Promise<LatestAssignmentRow | null> {
  const { rows } = await db.query<LatestAssignmentRow>(
    `SELECT booking_id, id, status, driver_id, created_at FROM assignment
     WHERE booking_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1`,
    [bookingId],
  );
  return rows[0] ?? null;
}

export async function findAssignedBooking(db: Queryable, id: number): Promise<AssignedBookingRow> {
  const { rows } = await db.query<AssignedBookingRow>(
    'SELECT id, scheduled_time, pickup_address, dropoff_address, status FROM booking WHERE id = $1',
    [id],
  );
  return required(rows[0], 'booking', id);
}

function required<Row>(row: Row | undefined, what: string, id: number): Row {
  if (!row) throw new Error(`Expected ${what} ${id} to exist: a foreign key points to it.`);
  return row;
}
