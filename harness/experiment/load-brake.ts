import type pg from 'pg';
import { HarnessError } from '../errors.ts';
import type { RequestEnds } from '../load-generators/request-ends.ts';
import { endClient } from '../postgres/end-client.ts';
import { connectAdmin, hostOf, type PostgresServer } from '../postgres/server.ts';
import { formatCount, formatShare } from '../quantity.ts';
import type { ErrorLimit } from '../targets/traffic.ts';
import { ErrorBrake } from './error-brake.ts';

export interface LoadBrakes {
  readonly signal: AbortSignal;
  readonly errorLimit: ErrorLimit;
}

/** What a load is given: when to stop, and whom to tell how its requests end. */
export interface BrakedOrder {
  /** Fires for a brake too, with its HarnessError. */
  readonly signal: AbortSignal;
  onRequestEnds(ends: readonly RequestEnds[]): void;
}

export interface BrakedLoad<T> {
  readonly result: T;
  /** Why it was ended; `null` for one that went to its end or was stopped by whoever started it. */
  readonly ended: HarnessError | null;
}

/** Connections in use from which on others are about to find none, as a share of `max_connections`, 0–1. */
export const CRITICAL_CONNECTION_RATIO = 0.9;

const LOOK_EVERY_MS = 2_000;

/** A burst of logins is over by the second look. */
const CRITICAL_LOOKS = 2;

/**
 * Does a load that ends early
 * - when the server has ended a session which only waits in it: it crashes, restarts, or is shut down;
 * - when more of its requests fail than the limit allows;
 * - when a server that is not the tool's own is nearly out of connections, whoever has them.
 *
 * A service that has ended is heard of by its process.
 *
 * @throws HarnessError DATABASE_FAILED, LOAD_BRAKED when it had measured nothing by then; else what `work` throws
 */
export async function withLoadBrake<T>(
  server: PostgresServer,
  { signal, errorLimit }: LoadBrakes,
  work: (order: BrakedOrder) => Promise<T>,
): Promise<BrakedLoad<T>> {
  const brake = new AbortController();
  const end = (reason: HarnessError | null) => {
    if (reason !== null) brake.abort(reason);
  };
  const ended = () =>
    brake.signal.aborted && !signal.aborted ? (brake.signal.reason as HarnessError) : null;
  const client = await connectAdmin(server);
  const state = { done: false };
  client.once('end', () => {
    if (!state.done) end(sessionsEnded(server));
  });
  const watch = server.embedded ? null : watchConnections(client, server, end);
  const errors = new ErrorBrake(errorLimit);
  try {
    const result = await work({
      signal: AbortSignal.any([signal, brake.signal]),
      onRequestEnds: (ends) => end(errors.take(performance.now(), ends)),
    });
    return { result, ended: ended() };
  } catch (error) {
    throw ended() ?? error; // a generator only says that it was stopped before it had measured a request
  } finally {
    state.done = true;
    clearInterval(watch ?? undefined);
    await endClient(client);
  }
}

function sessionsEnded(server: PostgresServer): HarnessError {
  return new HarnessError(
    'DATABASE_FAILED',
    `PostgreSQL at ${hostOf(server)} ended its sessions under load: the load was ended too.`,
    {
      hint: 'It was stopped or has crashed: its log says which.',
    },
  );
}

/** The embedded server is the tool's own: nobody else needs a connection of it. */
function watchConnections(
  client: pg.Client,
  server: PostgresServer,
  end: (reason: HarnessError) => void,
): NodeJS.Timeout {
  const state = { looking: false, critical: 0 };
  const look = async () => {
    const { used, most } = await readConnections(client);
    state.critical = used / most >= CRITICAL_CONNECTION_RATIO ? state.critical + 1 : 0;
    if (state.critical >= CRITICAL_LOOKS) end(outOfConnections(server, used, most));
  };
  return setInterval(() => {
    if (state.looking) return;
    state.looking = true;
    look()
      .catch(() => {}) // a lost session has its own brake
      .finally(() => {
        state.looking = false;
      });
  }, LOOK_EVERY_MS);
}

async function readConnections(client: pg.Client): Promise<{ used: number; most: number }> {
  // Of sessions of other roles little more than that they are there is shown to one without privileges.
  const { rows } = await client.query<{ used: number; most: number }>(
    `SELECT count(*)::int AS used, current_setting('max_connections')::int AS most
     FROM pg_stat_activity WHERE usesysid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'`,
  );
  return rows[0] ?? { used: 0, most: 1 };
}

function outOfConnections(server: PostgresServer, used: number, most: number): HarnessError {
  return new HarnessError(
    'LOAD_BRAKED',
    `The load was ended: ${formatCount(used)} of the ${formatCount(most)} connections of PostgreSQL at ${hostOf(server)} were in use (${formatShare(used / most)}), expected less than ${formatShare(CRITICAL_CONNECTION_RATIO)}.`,
    {
      hint: 'Others on that server would find no connection. Give the service a smaller pool, raise max_connections, or use a server for tests alone.',
    },
  );
}
