import type pg from 'pg';
import type { Queryable } from '../database.ts';
import { HttpError, notFound } from '../http-error.ts';
import { cutPage, type Page, pageStatement, type Statement } from '../page.ts';
import { readQuery } from '../queries/read-query.ts';
import { dayBounds } from '../service-day.ts';
import {
  type AddressedPlace,
  type BookingRow,
  type BookingStatus,
  fareCents,
  mayBecome,
  roadDistanceM,
} from './booking.ts';

const INSERT_BOOKING = readQuery('insert-booking');

const SELECT_BOOKING = `
  SELECT b.id, b.client_id, b.driver_id, b.status, b.scheduled_time, b.passengers, b.pickup_address, b.pickup_lat,
         b.pickup_lon, b.dropoff_address, b.dropoff_lat, b.dropoff_lon, b.distance_m, b.price_cents, b.notes
  FROM booking b`.trim();

/** What a list of bookings is narrowed to. */
export interface BookingFilter {
  readonly day?: string | undefined;
  readonly status?: BookingStatus | undefined;
  readonly clientId?: number | undefined;
  /** Id of the last booking of the page before. */
  readonly after?: number | undefined;
  readonly limit: number;
}

const PLACE_IN_LIST = 'SELECT last.scheduled_time, last.id FROM booking last WHERE last.id = ?';

/**
 * Ordered by time, as a dispatcher reads a day. Ordered by id, PostgreSQL would rather walk the primary key until it has
 * met enough matches, which at a million past bookings is all of them.
 */
export function bookingPageStatement(companyId: number, filter: BookingFilter): Statement {
  const conditions: [string, unknown][] = [['b.company_id = ?', companyId]];
  if (filter.day !== undefined) {
    const { start, end } = dayBounds(filter.day);
    conditions.push(['b.scheduled_time >= ?', start], ['b.scheduled_time < ?', end]);
  }
  if (filter.status !== undefined) conditions.push(['b.status = ?', filter.status]);
  if (filter.clientId !== undefined) conditions.push(['b.client_id = ?', filter.clientId]);
  if (filter.after !== undefined)
    conditions.push([`(b.scheduled_time, b.id) > (${PLACE_IN_LIST})`, filter.after]);
  return pageStatement({
    select: SELECT_BOOKING,
    order: 'b.scheduled_time, b.id',
    conditions,
    limit: filter.limit,
  });
}

export async function listBookings(
  db: Queryable,
  companyId: number,
  filter: BookingFilter,
): Promise<Page<BookingRow>> {
  const { text, values } = bookingPageStatement(companyId, filter);
  const { rows } = await db.query<BookingRow>(text, [...values]);
  return cutPage(rows, filter.limit);
}

/** @throws HttpError 404 */
export async function findBooking(db: Queryable, companyId: number, id: number): Promise<BookingRow> {
  const { rows } = await db.query<BookingRow>(`${SELECT_BOOKING} WHERE b.id = $1 AND b.company_id = $2`, [
    id,
    companyId,
  ]);
  if (!rows[0]) throw notFound('booking');
  return rows[0];
}

export interface NewBooking {
  readonly clientId: number;
  readonly scheduledTime: string;
  readonly passengers: number;
  readonly pickup: AddressedPlace;
  readonly dropoff: AddressedPlace;
  readonly notes?: string | null;
}

/** @throws HttpError 404 when the company has no such client */
export async function insertBooking(
  db: Queryable,
  companyId: number,
  booking: NewBooking,
): Promise<BookingRow> {
  const { pickup, dropoff } = booking;
  const distanceM = roadDistanceM(pickup, dropoff);
  const { rows } = await db.query<BookingRow>(INSERT_BOOKING, [
    ...[booking.clientId, companyId, booking.scheduledTime, booking.passengers],
    ...[pickup.address, pickup.lat, pickup.lon, dropoff.address, dropoff.lat, dropoff.lon],
    ...[distanceM, fareCents(distanceM), booking.notes ?? null],
  ]);
  if (!rows[0]) throw notFound('client');
  return rows[0];
}

export interface BookingChange {
  readonly status?: BookingStatus;
  readonly scheduledTime?: string;
  readonly notes?: string | null;
}

/**
 * Changes a booking, and its live assignment with it. Run it in a transaction.
 *
 * @throws HttpError 404, or 409 when the booking's status does not allow the change
 */
export async function changeBooking(
  client: pg.ClientBase,
  key: { readonly companyId: number; readonly id: number },
  change: BookingChange,
): Promise<BookingRow> {
  const { rows } = await client.query<BookingRow>(
    `${SELECT_BOOKING} WHERE b.id = $1 AND b.company_id = $2 FOR NO KEY UPDATE`,
    [key.id, key.companyId],
  );
  const before = rows[0];
  if (!before) throw notFound('booking');
  const after = applyChange(before, change);
  await client.query(
    'UPDATE booking SET status = $2, driver_id = $3, scheduled_time = $4, notes = $5, updated_at = now() WHERE id = $1',
    [after.id, after.status, after.driver_id, after.scheduled_time, after.notes],
  );
  if (after.status !== before.status) await settleAssignment(client, after);
  return after;
}

function applyChange(row: BookingRow, change: BookingChange): BookingRow {
  const status = change.status ?? row.status;
  if (!mayBecome(row.status, status)) {
    throw new HttpError(409, 'conflict', `A booking that is ${row.status} cannot become ${status}.`);
  }
  if (change.scheduledTime !== undefined && row.status !== 'open') {
    throw new HttpError(
      409,
      'conflict',
      `Only an open booking can be rescheduled; this one is ${row.status}.`,
    );
  }
  return {
    ...row,
    status,
    driver_id: status === 'open' || status === 'cancelled' ? null : row.driver_id,
    scheduled_time: change.scheduledTime === undefined ? row.scheduled_time : new Date(change.scheduledTime),
    notes: change.notes === undefined ? row.notes : change.notes,
  };
}

/** A booking that ends or loses its driver ends the assignment that was under way. */
async function settleAssignment(client: pg.ClientBase, booking: BookingRow): Promise<void> {
  if (booking.status === 'in_progress') return;
  await client.query(
    `UPDATE assignment SET status = $2, updated_at = now()
     WHERE booking_id = $1 AND status IN ('proposed', 'accepted')`,
    [booking.id, booking.status === 'completed' ? 'completed' : 'cancelled'],
  );
}
