import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { HARNESS_APPLICATION_NAME } from '../postgres/application-name.ts';
import { endClient } from '../postgres/end-client.ts';
import { connectAdmin } from '../postgres/server.ts';
import {
  canCountStatements,
  isTransactionControl,
  type StatementSnapshot,
  snapshotStatements,
  statementDelta,
} from '../postgres/statement-stats.ts';
import { readStatementVisibility } from '../postgres/statement-visibility.ts';
import type { ServicePlace } from '../targets/target.ts';

/** What a service's sessions were seen to be and to do in its database while it worked. */
export interface SeenSessions {
  /** Distinct roles and application names, as `role "app" as planner-web`. */
  readonly names: readonly string[];
  /** Roles by themselves. */
  readonly roles: readonly string[];
  /** Calls of its statements; `null` where the server counts none. */
  readonly statements: number | null;
  /** BEGIN, COMMIT and the like, which are counted apart. */
  readonly transactionControl: number;
  /** What cannot be counted, in sentences. */
  readonly missing: readonly string[];
}

const LOOK_EVERY_MS = 40;

/**
 * Watches the database of a service from another one while `work` goes on. A service without a pool is in its database for moments only.
 */
export async function watchSessions<Answer>(
  { server, database }: ServicePlace,
  work: () => Promise<Answer>,
): Promise<{ readonly answer: Answer; readonly seen: SeenSessions }> {
  const client = await connectAdmin(server);
  try {
    const counts = await canCountStatements(client);
    const before = counts ? await snapshotStatements(client, database.oid) : null;
    const watcher = watchUntilStopped(client, database.oid);
    const answer = await work().finally(watcher.stop);
    const sessions = await watcher.sessions;
    const after = counts ? await snapshotStatements(client, database.oid) : null;
    const { missing } = await readStatementVisibility(client, database.oid);
    const names = [...new Set(sessions.map(({ role, application }) => sessionName(role, application)))];
    const roles = [...new Set(sessions.map(({ role }) => role))];
    return { answer, seen: { names, roles, missing, ...countStatements(before, after) } };
  } finally {
    await endClient(client);
  }
}

interface Session {
  readonly role: string;
  readonly application: string;
}

function watchUntilStopped(client: pg.Client, oid: number) {
  const state = { stopped: false };
  const sessions = (async () => {
    const seen: Session[] = [];
    for (;;) {
      const isLast = state.stopped;
      seen.push(...(await sessionsNow(client, oid)));
      if (isLast) return seen;
      await delay(LOOK_EVERY_MS);
    }
  })();
  sessions.catch(() => {}); // told where it is waited for
  return {
    sessions,
    stop: () => {
      state.stopped = true;
    },
  };
}

async function sessionsNow(client: pg.Client, oid: number): Promise<Session[]> {
  const { rows } = await client.query<Session>(
    `SELECT DISTINCT usename::text AS role, application_name AS application FROM pg_stat_activity
     WHERE datid = $1 AND usesysid IS NOT NULL AND application_name IS DISTINCT FROM $2`,
    [oid, HARNESS_APPLICATION_NAME],
  );
  return rows;
}

function sessionName(role: string, application: string): string {
  return `role ${role}, ${application === '' ? 'no application_name' : `application_name ${application}`}`;
}

function countStatements(
  before: StatementSnapshot | null,
  after: StatementSnapshot | null,
): Pick<SeenSessions, 'statements' | 'transactionControl'> {
  if (!before || !after) return { statements: null, transactionControl: 0 };
  const counts = { statements: 0, transactionControl: 0 };
  for (const { text, calls } of statementDelta(before, after))
    counts[isTransactionControl(text) ? 'transactionControl' : 'statements'] += calls;
  return counts;
}
