/** What the sessions of the measured databases are at, seen once a second. */
import type pg from 'pg';
import { HARNESS_APPLICATION_NAME } from '../postgres/application-name.ts';
import { endClient } from '../postgres/end-client.ts';
import { connectAdmin, type PostgresServer } from '../postgres/server.ts';
import type { DatabaseActivity } from './live-reading.ts';

const EVERY_MS = 1_000;

/** A session that does not wait is on a processor, or waits for one. */
const RUNNING = 'running';

/**
 * Of sessions of other roles a plain role sees no state. A session without a wait event runs (PostgreSQL manual, 27.2.3).
 */
const AT_WORK = `SELECT coalesce(wait_event_type || ': ' || wait_event, '${RUNNING}') AS event,
    count(*) FILTER (WHERE state = 'active')::int AS active, count(*) FILTER (WHERE state IS NULL)::int AS hidden
  FROM pg_stat_activity
  WHERE datid = ANY($1) AND application_name <> $2 AND coalesce(backend_type, 'client backend') = 'client backend'
  GROUP BY 1`;

export interface ActivityWatch {
  /** `null` before the first look, and where sessions or what they do cannot be seen. */
  reading(): DatabaseActivity | null;
  stop(): Promise<void>;
}

interface SeenEvent {
  readonly event: string;
  readonly active: number;
  readonly hidden: number;
}

/**
 * Looks from a session of its own in another database than the measured ones: in their counters it is nobody. `pg_stat_statements` is not
 * read meanwhile, since each reading takes its lock and reads the text of every statement. A look that fails, or a server that lets
 * no further session in, costs the reading and never the load.
 */
export async function watchActivity(
  server: PostgresServer,
  databaseOids: readonly number[],
): Promise<ActivityWatch> {
  const client = await connectAdmin(server).catch(() => null);
  const sum = new ActivitySum();
  let looking = false;
  const look = async (session: pg.Client) => {
    if (looking) return; // a server that takes longer than a second is not asked twice at once
    looking = true;
    const seen = await session
      .query<SeenEvent>(AT_WORK, [databaseOids, HARNESS_APPLICATION_NAME])
      .catch(() => null);
    if (seen) sum.add(seen.rows);
    looking = false;
  };
  const timer = setInterval(() => client && void look(client), EVERY_MS);
  return {
    reading: () => sum.reading(),
    stop: async () => {
      clearInterval(timer);
      if (client) await endClient(client);
    },
  };
}

/** Looks, added up. Pure. */
export class ActivitySum {
  readonly #active = new Map<string, number>();
  #moments = 0;
  #hidden = 0;

  add(seen: readonly SeenEvent[]): void {
    this.#moments += 1;
    for (const { event, active, hidden } of seen) {
      this.#hidden += hidden;
      if (active > 0) this.#active.set(event, (this.#active.get(event) ?? 0) + active);
    }
  }

  reading(): DatabaseActivity | null {
    if (this.#moments === 0 || this.#hidden > 0) return null;
    const total = [...this.#active.values()].reduce((sum, count) => sum + count, 0);
    const waits = [...this.#active]
      .map(([event, count]) => ({ event, share: count / total }))
      .sort((a, b) => b.share - a.share);
    return { moments: this.#moments, activeSessions: total / this.#moments, waits };
  }
}
