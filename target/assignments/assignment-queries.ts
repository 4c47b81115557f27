import type pg from 'pg';
import type { Queryable } from '../database.ts';
import { HttpError, notFound } from '../http-error.ts';
import { cutPage, type Page, pageStatement, type Statement } from '../page.ts';
import { type AssignmentRow, type AssignmentStatus, bookingStatusAfter, mayTurn } from './assignment.ts';

const SELECT_ASSIGNMENT = `
  SELECT a.id, a.dispatch_run_id, a.booking_id, a.driver_id, a.status, a.sequence, a.planned_pickup_at,
         a.planned_dropoff_at, a.approach_m
  FROM assignment a`.trim();

/** What a list of assignments is narrowed to. */
export interface AssignmentFilter {
  readonly runId?: number | undefined;
  readonly status?: AssignmentStatus | undefined;
  /** Id of the last assignment of the page before. */
  readonly after?: number | undefined;
  readonly limit: number;
}

const PLACE_IN_RUN = 'SELECT last.planned_pickup_at, last.id FROM assignment last WHERE last.id = ?';

/**
 * The assignments of a run by time, all others by id. By id, PostgreSQL would walk the primary key through every past
 * assignment to find those of a run that is new; by time, the assignments of a company would all have to be sorted.
 */
export function assignmentPageStatement(companyId: number, filter: AssignmentFilter): Statement {
  const ofOneRun = filter.runId !== undefined;
  const conditions: [string, unknown][] = [['r.company_id = ?', companyId]];
  if (ofOneRun) conditions.push(['a.dispatch_run_id = ?', filter.runId]);
  if (filter.status !== undefined) conditions.push(['a.status = ?', filter.status]);
  if (filter.after !== undefined) {
    conditions.push([
      ofOneRun ? `(a.planned_pickup_at, a.id) > (${PLACE_IN_RUN})` : 'a.id > ?',
      filter.after,
    ]);
  }
  const select = `${SELECT_ASSIGNMENT} JOIN dispatch_run r ON r.id = a.dispatch_run_id`;
  const order = ofOneRun ? 'a.planned_pickup_at, a.id' : 'a.id';
  return pageStatement({ select, order, conditions, limit: filter.limit });
}

export async function listAssignments(
  db: Queryable,
  companyId: number,
  filter: AssignmentFilter,
): Promise<Page<AssignmentRow>> {
  const { text, values } = assignmentPageStatement(companyId, filter);
  const { rows } = await db.query<AssignmentRow>(text, [...values]);
  return cutPage(rows, filter.limit);
}

/**
 * Changes an assignment's status, and its booking's with it: a declined or cancelled one opens the booking again.
 * Run it in a transaction.
 *
 * @throws HttpError 404, or 409 when the status does not allow the change
 */
export async function changeAssignmentStatus(
  client: pg.ClientBase,
  key: { readonly companyId: number; readonly id: number },
  status: AssignmentStatus,
): Promise<AssignmentRow> {
  // The booking is locked first, as changeBooking does: the other order would deadlock with it.
  const { rows } = await client.query<AssignmentRow>(
    `${SELECT_ASSIGNMENT} JOIN booking b ON b.id = a.booking_id
     WHERE a.id = $1 AND b.company_id = $2 FOR NO KEY UPDATE OF b`,
    [key.id, key.companyId],
  );
  const before = rows[0];
  if (!before) throw notFound('assignment');
  // While this waited for the booking, the assignment itself may have changed: the old status is asked for again.
  const changed = mayTurn(before.status, status)
    ? await client.query(
        'UPDATE assignment SET status = $2, updated_at = now() WHERE id = $1 AND status = $3',
        [...[before.id, status, before.status]],
      )
    : { rowCount: 0 };
  if (!changed.rowCount) {
    throw new HttpError(409, 'conflict', `An assignment that is ${before.status} cannot become ${status}.`);
  }
  await followInBooking(client, before, status);
  return { ...before, status };
}

async function followInBooking(
  client: pg.ClientBase,
  assignment: AssignmentRow,
  status: AssignmentStatus,
): Promise<void> {
  const bookingStatus = bookingStatusAfter(status);
  if (!bookingStatus) return;
  await client.query(
    `UPDATE booking SET status = $3, driver_id = $4, updated_at = now()
     WHERE id = $1 AND driver_id = $2 AND status IN ('assigned', 'in_progress')`,
    [
      assignment.booking_id,
      assignment.driver_id,
      bookingStatus,
      bookingStatus === 'open' ? null : assignment.driver_id,
    ],
  );
}
