import type { Queryable } from '../database.ts';
import { readQuery } from '../queries/read-query.ts';
import type { CompanyDay } from '../service-day.ts';

const START_RUN = readQuery('start-dispatch-run');
const FINISH_RUN = readQuery('finish-dispatch-run');

/** How long a dispatch spent reading, deciding and writing, in milliseconds of a monotonic clock. */
export interface DispatchPhases {
  readonly loadMs: number;
  readonly decideMs: number;
  readonly applyMs: number;
}

/** A dispatch as the API shows it. `phases` is null until it has completed, `error` unless it has failed. */
export interface DispatchRun {
  readonly id: number;
  readonly companyId: number;
  readonly date: string;
  readonly status: 'running' | 'completed' | 'failed';
  /** Open bookings found, and what became of them. */
  readonly offered: number;
  readonly assigned: number;
  readonly unassigned: number;
  readonly phases: DispatchPhases | null;
  readonly error: string | null;
}

interface DispatchRunRow {
  readonly id: number;
  readonly company_id: number;
  readonly service_day: string;
  readonly status: DispatchRun['status'];
  readonly bookings_offered: number;
  readonly assigned_count: number;
  readonly unassigned_count: number;
  readonly load_ms: number | null;
  readonly decide_ms: number | null;
  readonly apply_ms: number | null;
  readonly error: string | null;
}

function toDispatchRun(row: DispatchRunRow): DispatchRun {
  const { load_ms: loadMs, decide_ms: decideMs, apply_ms: applyMs } = row;
  return {
    id: row.id,
    companyId: row.company_id,
    date: row.service_day,
    status: row.status,
    offered: row.bookings_offered,
    assigned: row.assigned_count,
    unassigned: row.unassigned_count,
    phases: loadMs === null || decideMs === null || applyMs === null ? null : { loadMs, decideMs, applyMs },
    error: row.error,
  };
}

/** Call it with the company-day's lock held. */
export async function startRun(
  db: Queryable,
  companyDay: CompanyDay,
  requestedBy: number,
): Promise<DispatchRun> {
  const { rows } = await db.query<DispatchRunRow>(START_RUN, [
    companyDay.companyId,
    companyDay.day,
    requestedBy,
  ]);
  return onlyRun(rows);
}

export interface DispatchOutcome {
  readonly offered: number;
  readonly assigned: number;
  readonly phases: DispatchPhases;
}

export async function finishRun(
  db: Queryable,
  runId: number,
  outcome: DispatchOutcome,
): Promise<DispatchRun> {
  const { offered, assigned, phases } = outcome;
  const { rows } = await db.query<DispatchRunRow>(FINISH_RUN, [
    ...[runId, offered, assigned, offered - assigned],
    ...[phases.loadMs, phases.decideMs, phases.applyMs],
  ]);
  return onlyRun(rows);
}

export async function failRun(db: Queryable, runId: number, error: string): Promise<void> {
  await db.query("UPDATE dispatch_run SET status = 'failed', error = $2, finished_at = now() WHERE id = $1", [
    runId,
    error,
  ]);
}

/** @returns null when the company has no such run */
export async function findRun(db: Queryable, companyId: number, runId: number): Promise<DispatchRun | null> {
  const { rows } = await db.query<DispatchRunRow>(
    `SELECT id, company_id, service_day::text AS service_day, status, bookings_offered, assigned_count,
            unassigned_count, load_ms, decide_ms, apply_ms, error
     FROM dispatch_run WHERE id = $1 AND company_id = $2`,
    [runId, companyId],
  );
  return rows[0] ? toDispatchRun(rows[0]) : null;
}

function onlyRun(rows: readonly DispatchRunRow[]): DispatchRun {
  const [row] = rows;
  if (!row) throw new Error('Expected one dispatch run, got none.');
  return toDispatchRun(row);
}
