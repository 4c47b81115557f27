import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { HarnessError } from '../errors.ts';
import { forgetDatabase, noteDatabase } from './database-notes.ts';
import { dropOwnDatabase, writeMarker } from './marker.ts';
import { type PostgresServer, withAdmin } from './server.ts';

import { cancellable, describeSessions, endingSessions, type SessionGroup, sessionsIn } from './sessions.ts';
import { createFrom } from './templates.ts';

/** A database in the making. Its name and marker say so: whatever ends its maker, the next start of the tool drops it. */
export interface UnfinishedDatabase {
  readonly name: string;
  /** How many sessions of the original were ended for it. */
  readonly endedSessions: number;
}

export interface CopyOptions {
  readonly from: string;
  /** Whether sessions in the original may be ended; without it they make the copy fail. */
  readonly disconnect: boolean;
  readonly signal: AbortSignal;
  /** Looks at the copy while it still carries the marker of the original. What it throws undoes the copy. */
  readonly inspect?: (client: pg.Client) => Promise<void>;
}

/**
 * Copies a database file by file. Nobody can change the original meanwhile: logins to it wait until the copy is there.
 * @throws HarnessError REFUSED when somebody is connected to the original and may not be disconnected
 */
export async function copyDatabase(
  server: PostgresServer,
  options: CopyOptions,
): Promise<UnfinishedDatabase> {
  const name = unfinishedName();
  const endedSessions = await withAdmin(server, undefined, async (admin) => {
    await stopWhenWeAreGone(admin);
    await noteDatabase(admin, name);
    const create = () => createFrom(admin, name, options.from);
    return cancellable(server, admin, options.signal, () =>
      alone(server, admin, { database: options.from, disconnect: options.disconnect }, create),
    );
  });
  await markUnfinished(server, name, options.inspect);
  return { name, endedSessions };
}

/** An empty database in the making. */
export async function createUnfinishedDatabase(
  server: PostgresServer,
  options: string,
): Promise<UnfinishedDatabase> {
  const name = unfinishedName();
  await withAdmin(server, undefined, async (admin) => {
    await noteDatabase(admin, name);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE template0 ${options}`);
  });
  await markUnfinished(server, name);
  return { name, endedSessions: 0 };
}

function unfinishedName(): string {
  return `rushhour_build_${randomBytes(6).toString('hex')}`;
}

async function markUnfinished(
  server: PostgresServer,
  name: string,
  inspect?: (client: pg.Client) => Promise<void>,
): Promise<void> {
  let failure: unknown;
  await withAdmin(server, name, async (client) => {
    await inspect?.(client).catch((error: unknown) => {
      failure = error;
    });
    await writeMarker(client, { purpose: 'clone', harnessPid: process.pid, info: null });
    await forgetDatabase(name);
  });
  if (failure === undefined) return;
  await dropOwnDatabase(server, name);
  throw failure;
}

/**
 * Does something that needs a database without sessions.
 * @returns how many sessions were ended for it
 * @throws HarnessError REFUSED when there are some that may not be ended
 */
export async function alone(
  server: PostgresServer,
  admin: pg.Client,
  options: { readonly database: string; readonly disconnect: boolean },
  work: () => Promise<unknown>,
): Promise<number> {
  const { database, disconnect } = options;
  await requireNoSessions(admin, database, disconnect);
  try {
    if (disconnect) return (await endingSessions(server, database, work)).ended;
    await work();
    return 0;
  } catch (error) {
    if ((error as { code?: unknown }).code !== OBJECT_IN_USE) throw error;
    await admin.query('ROLLBACK').catch(() => {});
    const sessions = await sessionsIn(admin, database);
    if (sessions.length > 0) throw inUse(database, sessions, disconnect);
    throw error; // a prepared transaction: PostgreSQL's own words say so
  }
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: object_in_use */
const OBJECT_IN_USE = '55006';

/** @throws HarnessError REFUSED when somebody is connected and may not be disconnected. */
export async function requireNoSessions(
  admin: pg.Client,
  database: string,
  disconnect: boolean,
): Promise<void> {
  if (disconnect) return;
  const sessions = await sessionsIn(admin, database);
  if (sessions.length === 0) return;
  throw inUse(database, sessions, false);
}

function inUse(database: string, sessions: readonly SessionGroup[], tried: boolean): HarnessError {
  return new HarnessError('REFUSED', `Database "${database}" is in use: ${describeSessions(sessions)}.`, {
    hint: tried
      ? 'They could not be ended: that takes a member of their role or of pg_signal_backend, and a superuser for those of one.'
      : '--disconnect ends these sessions; what they have not committed is lost. Logins wait meanwhile. Do not do it to a measurement.',
  });
}

/** Since PostgreSQL 14 a server notices that its client was killed, and undoes the half copy at once. */
async function stopWhenWeAreGone(admin: pg.Client): Promise<void> {
  await admin.query("SELECT set_config('client_connection_check_interval', '500ms', false)").catch(() => {});
}
