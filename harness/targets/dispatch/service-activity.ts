import type pg from 'pg';
import { HARNESS_APPLICATION_NAME } from '../../postgres/application-name.ts';
import { connectAdmin } from '../../postgres/server.ts';
import {
  canCountStatements,
  type StatementCounters,
  type StatementSnapshot,
  snapshotStatements,
  statementDelta,
} from '../../postgres/statement-stats.ts';
import type { DatabasePlace } from '../target.ts';

/** What the service's sessions are at, at one moment. */
export interface SessionsAtWork {
  /** In a statement or a transaction. */
  readonly working: number;
  /** In a transaction that began before the time asked about. */
  readonly workingSince: number;
  /** Waiting for a lock: of a row, a table, or one of the application's own (`advisory`). */
  readonly waitingForLock: readonly LockWait[];
}

export interface LockWait {
  /** As pg_stat_activity names it: `advisory`, `transactionid`, `relation`. */
  readonly lock: string;
  /** Who holds it, by application name or role, as far as can be seen. */
  readonly holders: readonly string[];
}

/** Somebody connected to a database of the server. */
export interface OpenSession {
  readonly databaseOid: number;
  readonly database: string;
  /** Where it was opened; `null` for a socket of the file system, and where the role may not see it. */
  readonly client: { readonly address: string; readonly port: number } | null;
}

/** The database of a service, looked at from another database of the server, so that nothing of it is counted as the service's. */
export interface ServiceActivity {
  /** @returns `null` where the server counts no statements */
  count(): Promise<StatementSnapshot | null>;
  /** @param agoMs for `workingSince` */
  look(agoMs: number): Promise<SessionsAtWork>;
  /** Of all databases of the server, but for the harness's own. */
  sessions(): Promise<readonly OpenSession[]>;
  close(): Promise<void>;
}

/** @throws HarnessError DATABASE_FAILED when it cannot connect */
export async function watchService({ server, database }: DatabasePlace): Promise<ServiceActivity> {
  const client = await connectAdmin(server);
  const counts = await canCountStatements(client);
  return {
    count: async () => (counts ? snapshotStatements(client, database.oid) : null),
    look: (agoMs) => lookAt(client, database.oid, agoMs),
    sessions: () => openSessions(client),
    close: () => client.end().catch(() => {}),
  };
}

/** Workers of PostgreSQL itself and the harness's own sessions are left out. */
async function lookAt(client: pg.Client, databaseOid: number, agoMs: number): Promise<SessionsAtWork> {
  const { rows } = await client.query<{ since: boolean; lock: string | null; holders: string[] | null }>(
    `SELECT coalesce(xact_start <= clock_timestamp() - $2 * interval '1 ms', false) AS since,
            CASE WHEN wait_event_type = 'Lock' THEN wait_event END AS lock,
            CASE WHEN wait_event_type = 'Lock' THEN array(
              SELECT coalesce(nullif(h.application_name, ''), h.usename::text, 'a session')
              FROM pg_stat_activity h WHERE h.pid = ANY (pg_blocking_pids(a.pid))) END AS holders
     FROM pg_stat_activity a
     WHERE datid = $1 AND application_name IS DISTINCT FROM $3
       AND coalesce(backend_type, 'client backend') = 'client backend' AND state <> 'idle'`,
    [databaseOid, agoMs, HARNESS_APPLICATION_NAME],
  );
  return {
    working: rows.length,
    workingSince: rows.filter(({ since }) => since).length,
    waitingForLock: rows.flatMap(({ lock, holders }) => (lock ? [{ lock, holders: holders ?? [] }] : [])),
  };
}

async function openSessions(client: pg.Client): Promise<OpenSession[]> {
  const { rows } = await client.query<{
    oid: number;
    name: string;
    address: string | null;
    port: number | null;
  }>(
    `SELECT datid::int8::float8 AS oid, datname AS name, host(client_addr) AS address, client_port AS port
     FROM pg_stat_activity WHERE datid IS NOT NULL AND usesysid IS NOT NULL AND application_name IS DISTINCT FROM $1
       AND coalesce(backend_type, 'client backend') = 'client backend'`,
    [HARNESS_APPLICATION_NAME],
  );
  return rows.map(({ oid, name, address, port }) => ({
    databaseOid: oid,
    database: name,
    client: address === null || port === null ? null : { address, port },
  }));
}

/** Statements that go on while nobody asks for anything: of a scheduler, of a worker that asks for jobs. */
export class BackgroundStatements {
  private readonly known = new Map<string, string>();

  has({ queryId, text }: Pick<StatementCounters, 'queryId' | 'text'>): boolean {
    return this.known.has(`${queryId} ${text}`);
  }

  /** @returns those that were new */
  add(statements: readonly StatementCounters[]): StatementCounters[] {
    const added = statements.filter((one) => !this.has(one));
    for (const { queryId, text } of added) this.known.set(`${queryId} ${text}`, text);
    return added;
  }

  texts(): string[] {
    return [...this.known.values()];
  }
}

/** Tells when nothing has run for a while. */
export interface Stillness {
  /** Looks once more. @returns whether nothing but background statements has run for as long as asked, up to now */
  isStill(): Promise<boolean>;
  /** Statements that have moved lately, though one waited for them to stop. */
  moving(): readonly StatementCounters[];
}

/**
 * Begins to watch for `settleMs` in which no statement ends and none is under way. A session that does no more than background work, of
 * which some is known, is under way only if it has been at it for all that time.
 */
export async function watchForStillness(
  activity: ServiceActivity,
  settleMs: number,
  background: BackgroundStatements,
): Promise<Stillness> {
  let last = await activity.count();
  let stillSince = performance.now();
  const lately: { readonly at: number; readonly moved: readonly StatementCounters[] }[] = [];
  return {
    isStill: async () => {
      const now = await activity.count();
      const lookedAt = performance.now();
      const moved = last && now ? statementDelta(last, now).filter((one) => !background.has(one)) : [];
      last = now;
      if (moved.length > 0) {
        lately.push({ at: lookedAt, moved });
        stillSince = lookedAt;
      }
      if (lookedAt - stillSince < settleMs) return false;
      const { working, workingSince } = await activity.look(settleMs);
      return (background.texts().length > 0 ? workingSince : working) === 0;
    },
    moving: () => {
      const from = performance.now() - LATELY_MS;
      const byText = new Map(
        lately
          .filter(({ at }) => at >= from)
          .flatMap(({ moved }) => moved.map((one) => [`${one.queryId} ${one.text}`, one] as const)),
      );
      return [...byText.values()];
    },
  };
}

const LATELY_MS = 5_000;
