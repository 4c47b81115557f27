import type pg from 'pg';
import { HarnessError } from '../errors.ts';
import type { StatementCost } from '../result.ts';
import { OWN_COMMENT } from './own-statements.ts';
import { findStatementView, type StatementView } from './statement-view.ts';
import { whyNothingIsCounted } from './statement-visibility.ts';

/** Cumulative counters of one statement in one database, as `pg_stat_statements` has them. */
export interface StatementCounters {
  readonly queryId: string;
  /** OID of the role that executed it, as text. Left out where nobody asked. */
  readonly roleOid?: string;
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
  /**
   * By role and query id. Statements whose text is hidden from the session are one sum a role, with an empty id: two of
   * them cannot be told apart.
   */
  readonly statements: ReadonlyMap<string, StatementCounters>;
  /** Entries thrown out because the table was full, ever. `null` where the server does not say: extension before 1.9. */
  readonly deallocations: number | null;
  /** When all counters began, as text; `null` as above. */
  readonly resetAt: string | null;
  /** Read only where `deallocations` is `null`: entries of all databases, and how many there is room for. */
  readonly fill: { readonly entries: number; readonly room: number } | null;
}

/** Whether statements can be counted on this server at all. */
export async function canCountStatements(client: pg.Client): Promise<boolean> {
  return (await whyNothingIsCounted(client)) === null;
}

/**
 * Reads the counters of one database. Ask from a session in *another* database: its own statements then never
 * appear, and nothing of the user's has to be reset. Statements inside functions are left out, since their costs are in
 * the statement that called the function too, and so are those of the harness itself, see {@link OWN_COMMENT}.
 *
 * @throws HarnessError DATABASE_FAILED when the extension is not in the database of the session
 */
export async function snapshotStatements(client: pg.Client, databaseOid: number): Promise<StatementSnapshot> {
  const view = await findStatementView(client);
  if (!view) {
    throw new HarnessError('DATABASE_FAILED', 'Cannot count statements: pg_stat_statements is not here.', {
      hint: 'Run CREATE EXTENSION pg_stat_statements in the database that the tool connects to.',
    });
  }
  const { rows } = await client.query<Record<string, string | null>>(countersSql(view), [databaseOid]);
  const statements = new Map<string, StatementCounters>();
  for (const row of rows) {
    const key = `${row.userid}/${row.queryid ?? 'hidden'}`;
    const same = statements.get(key);
    const counters = readCounters(row);
    statements.set(key, same ? combine(same, counters, 1) : counters);
  }
  return { statements, ...(await readLosses(client, view)) };
}

/** Columns are those of 1.8 or newer; an older extension has one time and counts no WAL. */
function countersSql({ name, columns }: StatementView): string {
  const column = (wanted: string, instead: string) => (columns.has(wanted) ? wanted : instead);
  return `SELECT userid::text, queryid::text, query, calls, rows, shared_blks_hit, shared_blks_read,
                 shared_blks_dirtied, ${column('wal_records', '0')} AS wal_records,
                 ${column('wal_bytes', '0')} AS wal_bytes, ${column('total_exec_time', 'total_time')} AS total_ms
          FROM ${name} WHERE dbid = $1 AND ${column('toplevel', 'true')}
            AND position('${OWN_COMMENT}' IN coalesce(query, '')) = 0`;
}

function readCounters(row: Record<string, string | null>): StatementCounters {
  return {
    queryId: row.queryid ?? '',
    roleOid: row.userid ?? '',
    text: row.query ?? '',
    calls: Number(row.calls),
    rows: Number(row.rows),
    blocksHit: Number(row.shared_blks_hit),
    blocksRead: Number(row.shared_blks_read),
    blocksDirtied: Number(row.shared_blks_dirtied),
    walRecords: Number(row.wal_records),
    walBytes: Number(row.wal_bytes),
    databaseMs: Number(row.total_ms),
  };
}

type Losses = Pick<StatementSnapshot, 'deallocations' | 'resetAt' | 'fill'>;

async function readLosses(client: pg.Client, { name, info }: StatementView): Promise<Losses> {
  if (info) {
    const { rows } = await client.query<{ dealloc: string; reset_at: string | null }>(
      `SELECT dealloc, stats_reset::text AS reset_at FROM ${info}`,
    );
    return { deallocations: Number(rows[0]?.dealloc ?? 0), resetAt: rows[0]?.reset_at ?? null, fill: null };
  }
  const { rows } = await client.query<{ entries: string; room: string | null }>(
    `SELECT count(*) AS entries, current_setting('pg_stat_statements.max', true) AS room FROM ${name}(false)`,
  );
  const room = Number(rows[0]?.room ?? 0);
  return { deallocations: null, resetAt: null, fill: { entries: Number(rows[0]?.entries ?? 0), room } };
}

/**
 * Why the difference of two snapshots is void: counters of the time between were lost, or may have been. `null` when
 * nothing was lost.
 */
export function lossBetween(before: StatementSnapshot, after: StatementSnapshot): string | null {
  if (after.deallocations !== before.deallocations)
    return 'pg_stat_statements was full and threw entries out';
  if (after.resetAt !== before.resetAt) return 'pg_stat_statements was reset by somebody else';
  for (const [key, then] of before.statements) {
    if ((after.statements.get(key)?.calls ?? 0) < then.calls)
      return 'counters of pg_stat_statements went back: it was reset, or it was full';
  }
  if (after.fill && after.fill.entries >= leastAfterDeallocation(after.fill.room)) {
    const { entries, room } = after.fill;
    return `pg_stat_statements is nearly full (${entries} entries, room for ${room}) and does not tell whether it threw entries out`;
  }
  return null;
}

/**
 * A full table throws out the 5 % that were used least, at least 10, and grows again from there. With fewer entries than
 * that it was never full (pg_stat_statements.c, entry_dealloc).
 */
function leastAfterDeallocation(room: number): number {
  return room - Math.max(10, Math.ceil(room * 0.05));
}

/** What was executed between two snapshots: statements whose counters moved. */
export function statementDelta(before: StatementSnapshot, after: StatementSnapshot): StatementCounters[] {
  const moved: StatementCounters[] = [];
  for (const [key, now] of after.statements) {
    const then = before.statements.get(key);
    if (!then) moved.push(now);
    else if (now.calls > then.calls) moved.push(combine(now, then, -1));
  }
  return moved;
}

/** Counters added (1) or taken away (−1); what they are of stays. */
function combine(one: StatementCounters, other: StatementCounters, sign: 1 | -1): StatementCounters {
  return {
    queryId: one.queryId,
    ...(one.roleOid === undefined ? {} : { roleOid: one.roleOid }),
    text: one.text,
    calls: one.calls + sign * other.calls,
    rows: one.rows + sign * other.rows,
    blocksHit: one.blocksHit + sign * other.blocksHit,
    blocksRead: one.blocksRead + sign * other.blocksRead,
    blocksDirtied: one.blocksDirtied + sign * other.blocksDirtied,
    walRecords: one.walRecords + sign * other.walRecords,
    walBytes: one.walBytes + sign * other.walBytes,
    databaseMs: one.databaseMs + sign * other.databaseMs,
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
