import type pg from 'pg';
import { HarnessError } from '../errors.ts';
import { readDatabaseState } from '../postgres/database-state.ts';
import { hostOf, type PostgresServer } from '../postgres/server.ts';
import { describeSessions, sessionsIn } from '../postgres/sessions.ts';
import { createFrom } from '../postgres/templates.ts';

/** Somebody's own database, which is to be copied. */
export interface CopySource {
  readonly name: string;
  readonly oid: number;
}

export interface CopyConsent {
  readonly source: string;
  /** The name that was given to `--copy-from`. */
  readonly named: string | undefined;
}

/**
 * Looks the source up in the catalogue of the server. It is not connected to.
 * @throws HarnessError REFUSED on the embedded server, BAD_CONFIG when there is no such database
 */
export async function findSource(
  server: PostgresServer,
  admin: pg.Client,
  source: string,
): Promise<CopySource> {
  if (server.embedded) {
    throw new HarnessError(
      'REFUSED',
      `dataset.copyOf: database "${source}" is copied on its own server only, and the embedded server is in use.`,
      { hint: `Name the server: --server postgres://… --copy-from ${source}` },
    );
  }
  const state = await readDatabaseState(admin, source);
  if (state) return { name: source, oid: state.oid };
  throw new HarnessError(
    'BAD_CONFIG',
    `dataset.copyOf: there is no database "${source}" on ${hostOf(server)}.`,
    {
      hint: 'Name a database of the server that --server names.',
    },
  );
}

const OBJECT_IN_USE = '55006';
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Copies somebody's database file by file. Its sessions are never ended, and nothing in it is read or written; while the copy is made,
 * which takes as long as its files, logins to it wait.
 *
 * @throws HarnessError REFUSED without consent that names it, while somebody is connected, during recovery, and when the role may not
 */
export async function copySource(
  admin: pg.Client,
  copy: CopyConsent & { readonly to: string },
): Promise<void> {
  const { source, named, to } = copy;
  if (named !== source) {
    const got = named === undefined ? 'no such consent' : `--copy-from ${named}`;
    throw new HarnessError(
      'REFUSED',
      `dataset.copyOf: database "${source}" is not rushhour's own, and a config cannot consent to its being copied. Expected --copy-from ${source}, got ${got}.`,
      { hint: `Add --copy-from ${source}. While it is copied, logins to it wait; nothing in it is changed.` },
    );
  }
  const { rows } = await admin.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
  if (rows[0]?.standby) throw refused(source, 'the server is in recovery', 'Use the server that it follows.');
  await requireNobody(admin, source);
  try {
    await createFrom(admin, to, source);
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    if (code === OBJECT_IN_USE) {
      await requireNobody(admin, source);
      throw refused(source, `PostgreSQL says: ${message}`, 'Wait until nothing uses it.');
    }
    if (code === INSUFFICIENT_PRIVILEGE) {
      throw refused(
        source,
        `PostgreSQL says: ${message}`,
        'Only its owner, a superuser, or anybody with CREATEDB if it is a template (ALTER DATABASE … IS_TEMPLATE true) may copy it.',
      );
    }
    throw error;
  }
}

async function requireNobody(admin: pg.Client, source: string): Promise<void> {
  const sessions = await sessionsIn(admin, source);
  if (sessions.length === 0) return;
  throw refused(
    source,
    `it is in use: ${describeSessions(sessions)}`,
    'Stop what is connected and start again. rushhour never ends sessions in a database that is not its own.',
  );
}

function refused(source: string, why: string, hint: string): HarnessError {
  return new HarnessError('REFUSED', `dataset.copyOf: database "${source}" was not copied: ${why}.`, {
    hint,
  });
}
