import type { Queryable } from '../database.ts';
import type { PlannedAssignment } from '../dispatch/assign-drivers.ts';
import { readQuery } from '../queries/read-query.ts';

const CLAIM_BOOKINGS = readQuery('claim-bookings');
const INSERT_ASSIGNMENTS = readQuery('insert-assignments');

/** One transaction for the whole dispatch: four statements, whatever the number of assignments. */
export async function applyInBulk(
  db: Queryable,
  runId: number,
  planned: readonly PlannedAssignment[],
): Promise<number> {
  if (planned.length === 0) return 0;
  await db.query('BEGIN');
  const claimed = await db.query<{ id: number }>(CLAIM_BOOKINGS, [
    planned.map((assignment) => assignment.bookingId),
    planned.map((assignment) => assignment.driverId),
  ]);
  const stillOpen = new Set(claimed.rows.map((row) => row.id));
  const rows = planned.filter((assignment) => stillOpen.has(assignment.bookingId));
  await db.query(INSERT_ASSIGNMENTS, [
    runId,
    rows.map((row) => row.bookingId),
    rows.map((row) => row.driverId),
    rows.map((row) => row.sequence),
    rows.map((row) => new Date(row.plannedPickupAtMs).toISOString()),
    rows.map((row) => new Date(row.plannedDropoffAtMs).toISOString()),
    rows.map((row) => row.approachM),
  ]);
  await db.query('COMMIT');
  return rows.length;
}
