import type pg from 'pg';
import type { DatabaseLoad } from '../result.ts';
import type { PostgresServer } from './server.ts';
import { withAdmin } from './server.ts';
import {
  canCountStatements,
  costByStatement,
  type StatementSnapshot,
  snapshotStatements,
  statementDelta,
  sumCounters,
} from './statement-stats.ts';

/** Counters of one database at one moment, read from another database of the server. */
export interface DatabaseReading {
  readonly statements: StatementSnapshot;
  readonly transactions: number;
  readonly temporaryBytes: number;
  readonly deadlocks: number;
  readonly checkpoints: number | null;
}

/** `null` on a server without `pg_stat_statements`. */
export async function readDatabaseLoad(
  server: PostgresServer,
  databaseOid: number,
): Promise<DatabaseReading | null> {
  return withAdmin(server, undefined, async (client) => {
    if (!(await canCountStatements(client))) return null;
    const { rows } = await client.query<{ transactions: string; temporary_bytes: string; deadlocks: string }>(
      `SELECT xact_commit + xact_rollback AS transactions, temp_bytes AS temporary_bytes, deadlocks
       FROM pg_stat_database WHERE datid = $1`,
      [databaseOid],
    );
    return {
      statements: await snapshotStatements(client, databaseOid),
      transactions: Number(rows[0]?.transactions ?? 0),
      temporaryBytes: Number(rows[0]?.temporary_bytes ?? 0),
      deadlocks: Number(rows[0]?.deadlocks ?? 0),
      checkpoints: await readCheckpoints(client),
    };
  });
}

/** `pg_stat_checkpointer` came with 17; before it the counters were in `pg_stat_bgwriter`. */
async function readCheckpoints(client: pg.Client): Promise<number | null> {
  const queries = [
    'SELECT num_timed + num_requested AS n FROM pg_stat_checkpointer',
    'SELECT checkpoints_timed + checkpoints_req AS n FROM pg_stat_bgwriter',
  ];
  for (const query of queries) {
    const found = await client.query<{ n: string }>(query).catch(() => null);
    if (found) return Number(found.rows[0]?.n ?? 0);
  }
  return null;
}

export function databaseLoadBetween(
  before: DatabaseReading,
  after: DatabaseReading,
  autovacuums: number,
): DatabaseLoad {
  const delta = statementDelta(before.statements, after.statements);
  const sums = sumCounters(delta);
  return {
    queries: sums.queries,
    transactions: after.transactions - before.transactions,
    rowsReturned: sums.rows,
    blocksHit: sums.blocksHit,
    blocksRead: sums.blocksRead,
    walBytes: sums.walBytes,
    temporaryBytes: after.temporaryBytes - before.temporaryBytes,
    deadlocks: after.deadlocks - before.deadlocks,
    databaseMs: sums.databaseMs,
    checkpoints:
      before.checkpoints === null || after.checkpoints === null
        ? null
        : after.checkpoints - before.checkpoints,
    autovacuums,
    statements: costByStatement([delta]).slice(0, 20),
  };
}

/** Tables that autovacuum has touched since the clone was made (a clone begins with all counters at zero). */
export async function readAutovacuums(server: PostgresServer, database: string): Promise<number> {
  return withAdmin(server, database, async (client) => {
    const { rows } = await client.query<{ n: string }>(
      'SELECT coalesce(sum(autovacuum_count + autoanalyze_count), 0) AS n FROM pg_stat_user_tables',
    );
    return Number(rows[0]?.n ?? 0);
  });
}
