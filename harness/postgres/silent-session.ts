import type { Socket } from 'node:net';
import pg from 'pg';
import { HarnessError } from '../errors.ts';
import { HARNESS_APPLICATION_NAME } from './application-name.ts';
import { endClient } from './end-client.ts';

/** When a session that waits for an answer is taken for lost, in milliseconds. */
export interface SilenceLimits {
  /** Without a byte from the server for this long, another session asks about it. Default 15 s. */
  readonly silenceMs: number;
  /** How often it is looked at. Default 5 s. */
  readonly lookMs: number;
  /** How long the other session may take to answer. Default 10 s. */
  readonly askMs: number;
}

const LIMITS: SilenceLimits = { silenceMs: 15_000, lookMs: 5_000, askMs: 10_000 };

/**
 * Ends a session whose server has fallen silent. A statement may take an hour, so no time limit tells it from a connection that
 * passes nothing on any more. The server does: while it works for the session, `pg_stat_activity` says so to another one that
 * goes the same way.
 *
 * The statement under way then fails with a HarnessError DATABASE_FAILED. Watches until the client has ended.
 *
 * @param where the server as messages name it, without a password
 */
export function watchSilence(
  client: pg.Client,
  server: { readonly connectionString: string; readonly where: string },
  limits: SilenceLimits = LIMITS,
): void {
  const stream = client.connection.stream as Socket;
  const passed = () => stream.bytesRead + stream.bytesWritten;
  let heard = passed();
  let sinceMs = performance.now();
  let asking = false;
  const look = async () => {
    // Bytes that went out count too: rows are copied in for minutes before the server says a word.
    if (passed() !== heard || !isWaiting(client)) {
      heard = passed();
      sinceMs = performance.now();
      return;
    }
    const silentMs = performance.now() - sinceMs;
    if (asking || silentMs < limits.silenceMs) return;
    asking = true;
    const atWork = await isAtWork(client, server.connectionString, limits.askMs);
    asking = false;
    if (!atWork && isWaiting(client) && passed() === heard) stream.destroy(silent(server.where, silentMs));
  };
  const timer = setInterval(look, limits.lookMs).unref();
  client.once('end', () => clearInterval(timer));
}

function silent(where: string, silentMs: number): HarnessError {
  return new HarnessError(
    'DATABASE_FAILED',
    `The connection to ${where} is stuck: expected an answer, got nothing for ${Math.round(silentMs / 1000)} s, and the server does not work on it.`,
    {
      hint: 'Look at what lies between: a proxy, a tunnel, a firewall, a machine that sleeps. Then start again.',
    },
  );
}

/** Whether a statement was sent that is not answered yet; pg has no public word for it. */
function isWaiting(client: pg.Client): boolean {
  return (client as unknown as { readyForQuery: boolean | null }).readyForQuery === false;
}

/** @returns true also when the server answers that it lets no more sessions in: it is there, and nothing is known against it */
async function isAtWork(client: pg.Client, connectionString: string, askMs: number): Promise<boolean> {
  const pid = (client as unknown as { processID: number | null }).processID;
  const other = new pg.Client({
    connectionString,
    connectionTimeoutMillis: askMs,
    query_timeout: askMs,
    application_name: HARNESS_APPLICATION_NAME,
  });
  other.on('error', () => {});
  try {
    await other.connect();
    const { rows } = await other.query<{ state: string | null }>(
      'SELECT state FROM pg_stat_activity WHERE pid = $1',
      [pid],
    );
    return rows[0]?.state === 'active';
  } catch (error) {
    return /^(28|42|53)/.test((error as { code?: string }).code ?? '');
  } finally {
    void endClient(other); // what it has to say is not waited for
  }
}
