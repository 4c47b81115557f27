import type pg from 'pg';
import type { StatementCost } from '../result.ts';

/** Cumulative counters of one statement in one database, as `pg_stat_statements` has them. */
export interface StatementCounters {
  readonly queryId: string;
  readonly text: string;
  readonly calls: number;
  readonly rows: number;
  readonly blocksHit: number;
  readonly blocksRead: number;
  readonly blocksDirtied: number;
  readonly walRecords: number;
  readonly walBytes: number;
  readonly databaseMs: number;
}

export interface StatementSnapshot {
  readonly statements: ReadonlyMap<string, StatementCounters>;
  /** Entries thrown out because the table was full. If it moved between two snapshots, their difference is void. */
  readonly deallocations: number;
}

/** Whether statements can be counted on this server at all. */
export async function canCountStatements(client: pg.Client): Promise<boolean> {
  return client.query('SELECT 1 FROM pg_stat_statements LIMIT 1').then(
    () => true,
    () => false,
  );
}

/**
 * Reads the counters of one database. Ask from a session in *another* database: its own statements then never
 * appear, and nothing of the user's has to be reset.
 */
export async function snapshotStatements(client: pg.Client, databaseOid: number): Promise<StatementSnapshot> {
  const { rows } = await client.query<Record<string, string>>(
    `SELECT userid::text || '/' || queryid::text || '/' || toplevel::text AS key, queryid::text AS query_id, query,
            calls, rows, shared_blks_hit, shared_blks_read, shared_blks_dirtied, wal_records, wal_bytes, total_exec_time
     FROM pg_stat_statements WHERE dbid = $1`,
    [databaseOid],
  );
  const info = await client.query<{ dealloc: string }>('SELECT dealloc FROM pg_stat_statements_info');
  const statements = new Map(rows.map((row) => [row.key ?? '', readCounters(row)]));
  return { statements, deallocations: Number(info.rows[0]?.dealloc ?? 0) };
}

function readCounters(row: Record<string, string>): StatementCounters {
  return {
    queryId: row.query_id ?? '',
    text: row.query ?? '',
    calls: Number(row.calls),
    rows: Number(row.rows),
    blocksHit: Number(row.shared_blks_hit),
    blocksRead: Number(row.shared_blks_read),
    blocksDirtied: Number(row.shared_blks_dirtied),
    walRecords: Number(row.wal_records),
    walBytes: Number(row.wal_bytes),
    databaseMs: Number(row.total_exec_time),
  };
}

/** What was executed between two snapshots: statements whose counters moved. */
export function statementDelta(before: StatementSnapshot, after: StatementSnapshot): StatementCounters[] {
  const moved: StatementCounters[] = [];
  for (const [key, now] of after.statements) {
    const then = before.statements.get(key);
    if (!then) moved.push(now);
    else if (now.calls > then.calls) moved.push(subtract(now, then));
  }
  return moved;
}

function subtract(now: StatementCounters, then: StatementCounters): StatementCounters {
  return {
    queryId: now.queryId,
    text: now.text,
    calls: now.calls - then.calls,
    rows: now.rows - then.rows,
    blocksHit: now.blocksHit - then.blocksHit,
    blocksRead: now.blocksRead - then.blocksRead,
    blocksDirtied: now.blocksDirtied - then.blocksDirtied,
    walRecords: now.walRecords - then.walRecords,
    walBytes: now.walBytes - then.walBytes,
    databaseMs: now.databaseMs - then.databaseMs,
  };
}

/** Sums of a delta: what one dispatch cost. */
export function sumCounters(delta: readonly StatementCounters[]) {
  const sum = (pick: (statement: StatementCounters) => number) =>
    delta.reduce((total, one) => total + pick(one), 0);
  return {
    queries: sum((one) => one.calls),
    transactionStatements: sum((one) => (isTransactionControl(one.text) ? one.calls : 0)),
    rows: sum((one) => one.rows),
    blocksHit: sum((one) => one.blocksHit),
    blocksRead: sum((one) => one.blocksRead),
    blocksDirtied: sum((one) => one.blocksDirtied),
    walRecords: sum((one) => one.walRecords),
    walBytes: sum((one) => one.walBytes),
    databaseMs: sum((one) => one.databaseMs),
  };
}

/** BEGIN, COMMIT and their kin, which are round trips but touch no row. */
export function isTransactionControl(text: string): boolean {
  return /^\s*(begin|commit|rollback|end|abort|start\s+transaction|savepoint|release|prepare\s+transaction)\b/i.test(
    text,
  );
}

/** Adds the deltas of several dispatches up by statement, costliest in time first. */
export function costByStatement(deltas: readonly (readonly StatementCounters[])[]): StatementCost[] {
  const costs = new Map<string, StatementCost>();
  for (const one of deltas.flat()) {
    const known = costs.get(one.queryId);
    costs.set(one.queryId, {
      queryId: one.queryId,
      text: one.text,
      calls: (known?.calls ?? 0) + one.calls,
      rows: (known?.rows ?? 0) + one.rows,
      blocks: (known?.blocks ?? 0) + one.blocksHit + one.blocksRead,
      walBytes: (known?.walBytes ?? 0) + one.walBytes,
      databaseMs: (known?.databaseMs ?? 0) + one.databaseMs,
    });
  }
  return [...costs.values()].sort((a, b) => b.databaseMs - a.databaseMs);
}
