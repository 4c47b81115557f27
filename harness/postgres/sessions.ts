import type pg from 'pg';
import { type PostgresServer, withAdmin } from './server.ts';

/** Sessions of one role and program in a database. */
export interface SessionGroup {
  readonly role: string;
  /** Empty when the program does not name itself. */
  readonly application: string;
  readonly count: number;
}

/** Not PostgreSQL's own workers. Of roles that it is no member of, a plain role sees the session but not its type. */
const OF_A_PERSON =
  "usesysid IS NOT NULL AND coalesce(backend_type, 'client backend') IN ('client backend', 'walsender')";

/** Who is connected to a database, but for PostgreSQL's own workers. */
export async function sessionsIn(admin: pg.Client, database: string): Promise<SessionGroup[]> {
  const { rows } = await admin.query<SessionGroup>(
    `SELECT coalesce(usename, '') AS role, coalesce(application_name, '') AS application, count(*)::int AS count
     FROM pg_stat_activity
     WHERE datname = $1 AND pid <> pg_backend_pid() AND ${OF_A_PERSON}
     GROUP BY 1, 2 ORDER BY 1, 2`,
    [database],
  );
  return rows;
}

/** "2 sessions of rushhour_app (pg-pool), 1 of rushhour" */
export function describeSessions(groups: readonly SessionGroup[]): string {
  return groups
    .map(({ role, application, count }, index) => {
      const sessions = index > 0 ? '' : count === 1 ? ' session' : ' sessions';
      return `${count}${sessions} of ${role}${application ? ` (${application})` : ''}`;
    })
    .join(', ');
}

/** How often sessions are ended and statements cancelled while somebody waits for it. */
const AGAIN_MS = 100;

/**
 * Runs a statement that wants a database for itself and ends the sessions in it meanwhile. CREATE DATABASE … TEMPLATE and ALTER
 * DATABASE … RENAME lock the database first, so that logins wait, then give the sessions that are there five seconds to leave
 * (CountOtherDBBackends in procarray.c). No door has to be closed and opened again, so none can be left closed by a crash.
 *
 * @returns what the statement returned, and how many sessions were ended
 */
export async function endingSessions<T>(
  server: PostgresServer,
  database: string,
  work: () => Promise<T>,
): Promise<{ result: T; ended: number }> {
  return withAdmin(server, undefined, async (admin) => {
    const ended = new Set<number>();
    const result = await meanwhile(work(), async () => {
      const { rows } = await admin.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity
         WHERE datname = $1 AND ${OF_A_PERSON} AND backend_type IS DISTINCT FROM 'walsender'`,
        [database],
      );
      for (const { pid } of rows) {
        // One that we may not end must not save the others.
        const end = admin.query('SELECT pg_terminate_backend($1)', [pid]);
        if (await end.catch(() => null)) ended.add(pid);
      }
    });
    return { result, ended: ended.size };
  });
}

/**
 * Runs statements on a client; when the signal fires, whatever it is at is cancelled until all of them have ended.
 * @throws the signal's reason once it has fired
 */
export async function cancellable<T>(
  server: PostgresServer,
  client: pg.Client,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  try {
    return await meanwhile(work(), async () => {
      if (!signal.aborted) return;
      await withAdmin(server, undefined, (admin) =>
        admin.query('SELECT pg_cancel_backend($1)', [rows[0]?.pid]),
      );
    });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

/** Does `action` again and again until `work` has ended. An action that fails is told only by what it did not do. */
async function meanwhile<T>(work: Promise<T>, action: () => Promise<void>): Promise<T> {
  const state = { ended: false };
  const repeat = async () => {
    while (!state.ended) {
      await action().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  };
  const repeating = repeat();
  try {
    return await work;
  } finally {
    state.ended = true;
    await repeating;
  }
}
