import type pg from 'pg';
import { HarnessError } from '../errors.ts';
import type { RelationScans } from '../result.ts';

const LEAVE_TIMEOUT_MS = 5_000;

/**
 * Up to PostgreSQL 14 a process of its own collects table statistics into a file, and readers take one that is up to 500 ms
 * old (pgstat.c, PGSTAT_STAT_INTERVAL). Later ones are in shared memory.
 */
const COLLECTOR_FILE_AGE_MS = 500;

/**
 * How often each table of the schema `public` was read in sequence and each index used, in the database that `client`
 * is connected to, since it was made: a clone starts at zero. Only what was used at all, sorted by name, sequential
 * scans first.
 *
 * Call it when the service has stopped. A session hands its table statistics over at most once a second and the rest
 * when it ends (PostgreSQL manual, 27.2.2), so this first waits until every other session of the database has gone; it
 * leaves the list of sessions after it has handed them over.
 *
 * @throws HarnessError DATABASE_FAILED when sessions are left after 5 s: their scans would be missing
 */
export async function readRelationScans(client: pg.Client): Promise<RelationScans[]> {
  await untilAlone(client);
  const { rows } = await client.query<{ table: string; index: string | null; scans: string; read: string }>(
    `SELECT relname AS table, NULL::name AS index, seq_scan AS scans, seq_tup_read AS read
     FROM pg_stat_user_tables WHERE schemaname = 'public' AND seq_scan > 0
     UNION ALL
     SELECT relname, indexrelname, idx_scan, idx_tup_read
     FROM pg_stat_user_indexes WHERE schemaname = 'public' AND idx_scan > 0
     ORDER BY "table", index NULLS FIRST`,
  );
  return rows.map(({ table, index, scans, read }) => ({
    table,
    index,
    scans: Number(scans),
    rowsRead: Number(read),
  }));
}

/** Waits until no other session is in the database of `client`. @throws HarnessError DATABASE_FAILED after 5 s */
export async function untilAlone(client: pg.Client): Promise<void> {
  const deadline = performance.now() + LEAVE_TIMEOUT_MS;
  for (;;) {
    const { rows } = await client.query<{ application_name: string }>(
      `SELECT application_name FROM pg_stat_activity
       WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
    if (rows.length === 0) return collected(client);
    if (performance.now() > deadline) {
      const names = rows.map((row) => row.application_name || 'without a name').join(', ');
      throw new HarnessError(
        'DATABASE_FAILED',
        `Cannot count scans: expected no other session in the database, got ${rows.length} (${names}).`,
        { hint: 'Their scans are counted only when they end. Close what else is connected to it.' },
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until what ended sessions have told the collector must be in the file that is read; at once where there is none. */
async function collected(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ collector: boolean }>(
    // The function came with statistics in shared memory.
    "SELECT to_regprocedure('pg_stat_force_next_flush()') IS NULL AS collector",
  );
  if (!rows[0]?.collector) return;
  await new Promise((resolve) => setTimeout(resolve, 2 * COLLECTOR_FILE_AGE_MS));
}
