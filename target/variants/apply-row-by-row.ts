import type { Queryable } from '../database.ts';
import type { PlannedAssignment } from '../dispatch/assign-drivers.ts';
import { readQuery } from '../queries/read-query.ts';

const INSERT_ASSIGNMENT = readQuery('insert-assignment');

/** One transaction per assignment: four statements and one flush of the log to disk for each. */
export async function applyRowByRow(
  db: Queryable,
  runId: number,
  planned: readonly PlannedAssignment[],
): Promise<number> {
  let written = 0;
  for (const assignment of planned) if (await applyOne(db, runId, assignment)) written++;
  return written;
}

async function applyOne(db: Queryable, runId: number, assignment: PlannedAssignment): Promise<boolean> {
  await db.query('BEGIN');
  if (!(await claimBooking(db, assignment))) {
    await db.query('ROLLBACK');
    return false;
  }
  await insertAssignment(db, runId, assignment);
  await db.query('COMMIT');
  return true;
}

/** @returns false when the booking was no longer open */
export async function claimBooking(
  db: Queryable,
  { bookingId, driverId }: PlannedAssignment,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE booking SET status = 'assigned', driver_id = $2, updated_at = now() WHERE id = $1 AND status = 'open'`,
    [bookingId, driverId],
  );
  return rowCount === 1;
}

export async function insertAssignment(
  db: Queryable,
  runId: number,
  assignment: PlannedAssignment,
): Promise<void> {
  const { bookingId, driverId, sequence, plannedPickupAtMs, plannedDropoffAtMs, approachM } = assignment;
  await db.query(INSERT_ASSIGNMENT, [
    ...[runId, bookingId, driverId, sequence],
    ...[new Date(plannedPickupAtMs), new Date(plannedDropoffAtMs), approachM],
  ]);
}
