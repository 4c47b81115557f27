import type { Queryable } from '../database.ts';
import type { PlannedAssignment } from '../dispatch/assign-drivers.ts';
import { readQuery } from '../queries/read-query.ts';

const APPLY_ASSIGNMENTS = readQuery('apply-assignments');

/** One statement, which is one transaction, for the whole dispatch, whatever the number of assignments. */
export async function applyInBulk(
  db: Queryable,
  runId: number,
  planned: readonly PlannedAssignment[],
): Promise<number> {
  if (planned.length === 0) return 0;
  const { rowCount } = await db.query(APPLY_ASSIGNMENTS, [
    runId,
    planned.map((row) => row.bookingId),
    planned.map((row) => row.driverId),
    planned.map((row) => row.sequence),
    planned.map((row) => new Date(row.plannedPickupAtMs).toISOString()),
    planned.map((row) => new Date(row.plannedDropoffAtMs).toISOString()),
    planned.map((row) => row.approachM),
  ]);
  return rowCount ?? 0;
}
