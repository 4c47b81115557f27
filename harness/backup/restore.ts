import type pg from 'pg';
import { HarnessError, messageOf } from '../errors.ts';
import type { ContentDigest } from '../postgres/content-digest.ts';
import {
  alone,
  copyDatabase,
  createUnfinishedDatabase,
  requireNoSessions,
} from '../postgres/copy-database.ts';
import { applyDatabaseProperties, type DatabaseProperties } from '../postgres/database-properties.ts';
import { readDatabaseState } from '../postgres/database-state.ts';
import { dropOwnDatabase, notOurs, writeMarker } from '../postgres/marker.ts';
import { databaseState, requireOwnDatabase } from '../postgres/own-database.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import type { Progress } from '../progress.ts';
import { digestCopy } from './back-up.ts';
import { replacedName, requireNewDatabaseName } from './backup-names.ts';
import type { BackupRecord } from './backup-record.ts';
import { readDump } from './dump.ts';
import { findDumpTool, majorOf } from './dump-tools.ts';
import type { StoredBackup } from './stored-backups.ts';
import { verifyRestored } from './verify-restore.ts';

export interface RestoreRequest {
  readonly backup: StoredBackup;
  /** Name of the database afterwards: the one that was backed up, which is replaced, or a new one. */
  readonly database: string;
  /** Default: the template where it is there, else the dump. */
  readonly from?: 'template' | 'dump' | undefined;
  /** End the sessions in the database that is replaced. */
  readonly disconnect: boolean;
  /** Drop the database that was replaced, once the restored one is in its place. */
  readonly dropOld: boolean;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

export interface Restored {
  readonly database: string;
  readonly from: 'template' | 'dump';
  readonly content: ContentDigest;
  /** True, or why the definitions could not be compared. */
  readonly definitionsCompared: true | string;
  /** Where the database that was there before is now; `null` when there was none, or it was dropped. */
  readonly keptAs: string | null;
  readonly endedSessions: number;
  /** What could not be carried over, or not be dropped, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Restores a backup beside the database it replaces, compares it with the record, and exchanges the two in one transaction.
 * The database that was there is kept under another name. Whatever goes wrong before the exchange, it is as it was.
 *
 * @throws HarnessError REFUSED, RESTORE_FAILED or DUMP_FAILED; what was half restored is gone then
 */
export async function restore(server: PostgresServer, request: RestoreRequest): Promise<Restored> {
  const { database, signal, progress, backup } = request;
  const { record } = backup;
  const replaces = await requireTarget(server, request);
  const from = chooseSource(request);
  const created = { name: null as string | null };
  try {
    const name = await progress.step(`Copy beside ${database}, from the ${from}`, () =>
      from === 'template' ? fromTemplate(server, request) : fromDump(server, request),
    );
    created.name = name;
    const content = await progress.step('Digest of its content', (update) =>
      digestCopy(server, name, signal, update),
    );
    const definitionsCompared = requireSame(server, record, content);
    await withAdmin(server, name, (client) =>
      writeMarker(client, { purpose: 'restored', harnessPid: process.pid, info: { backup: record.id } }),
    );
    signal.throwIfAborted(); // from here on it is a matter of milliseconds
    const swapped = await withAdmin(server, undefined, async (admin) => {
      const notes = await applyDatabaseProperties(admin, name, record.database.properties);
      return { notes, ...(await exchange(server, admin, { name, replaces, request })) };
    });
    created.name = null;
    const restored = { database, from, content, definitionsCompared, ...swapped };
    return request.dropOld ? await dropOld(server, restored) : restored;
  } catch (error) {
    // The first error is the one to tell.
    if (created.name !== null) await dropOwnDatabase(server, created.name).catch(() => {});
    throw error;
  }
}

/** The restored database is in its place already: an old one that cannot be dropped is told, and is no failure. */
async function dropOld(server: PostgresServer, restored: Restored): Promise<Restored> {
  if (restored.keptAs === null) return restored;
  try {
    await dropOwnDatabase(server, restored.keptAs);
    return { ...restored, keptAs: null };
  } catch (error) {
    return { ...restored, notes: [...restored.notes, `dropping ${restored.keptAs}: ${messageOf(error)}`] };
  }
}

/** The OID of the database to be replaced, `null` when there is none. @throws HarnessError unless it, or a new one of that name, is ours to make. */
async function requireTarget(server: PostgresServer, request: RestoreRequest): Promise<number | null> {
  const { database, disconnect, backup } = request;
  if (!(await databaseState(server, database))) {
    requireNewDatabaseName(database);
    return null;
  }
  const oid = await requireOwnDatabase(server, database);
  const original = backup.record.database.name;
  if (database !== original) {
    throw new HarnessError(
      'REFUSED',
      `${backup.record.id} is a backup of "${original}": it does not replace "${database}".`,
      { hint: `--database ${original} replaces that one; a name that no database has makes a new one.` },
    );
  }
  await withAdmin(server, undefined, (admin) => requireNoSessions(admin, database, disconnect));
  return oid;
}

function chooseSource({ backup, from }: RestoreRequest): 'template' | 'dump' {
  const has = { template: backup.template === 'there', dump: backup.dump === 'there' };
  if (from !== 'dump' && has.template) return 'template';
  if (from !== 'template' && has.dump) return 'dump';
  const { record } = backup;
  const states = [
    `Its template ${record.template.name} is ${backup.template}`,
    backup.dump === 'none'
      ? `there is no dump (${record.noDumpBecause ?? 'its record is not here'})`
      : `its dump is ${backup.dump}`,
  ];
  throw new HarnessError('RESTORE_FAILED', `${record.id} cannot be restored. ${states.join('; ')}.`, {
    hint: 'Give the server it was made on with --server, and the results folder with --results.',
  });
}

async function fromTemplate(server: PostgresServer, request: RestoreRequest): Promise<string> {
  const { record } = request.backup;
  const copy = await copyDatabase(server, {
    from: record.template.name,
    disconnect: false,
    signal: request.signal,
    inspect: (client) => requireMarkerOf(client, record),
  });
  return copy.name;
}

/** The copy still carries the marker of the template, which proves what it is a copy of. */
async function requireMarkerOf(client: pg.Client, record: BackupRecord): Promise<void> {
  const { rows } = await client
    .query(
      `SELECT FROM rushhour_meta.marker m JOIN pg_database d ON d.oid = m.database_oid
       WHERE d.datname = $1 AND m.purpose = 'backup' AND m.info->>'id' = $2
         AND m.system_identifier = (SELECT system_identifier::text FROM pg_control_system())`,
      [record.template.name, record.id],
    )
    .catch(() => ({ rows: [] })); // no marker at all
  if (rows.length > 0) return;
  throw new HarnessError(
    'REFUSED',
    `Database "${record.template.name}" does not carry the marker of backup ${record.id}.`,
    { hint: 'It is another database of that name. `--from dump` restores from the dump, if there is one.' },
  );
}

async function fromDump(server: PostgresServer, request: RestoreRequest): Promise<string> {
  const { backup, signal } = request;
  const { dump } = backup.record;
  if (dump === null || backup.folder === null) throw new Error('chooseSource has seen a dump');
  const tool = await findDumpTool('pg_restore', majorOf(dump.pgDumpVersion));
  if ('missing' in tool) {
    throw new HarnessError('DUMP_FAILED', `The dump cannot be read: ${tool.missing}.`, {
      hint: `Install the client programs of PostgreSQL ${majorOf(dump.pgDumpVersion)} or newer.`,
    });
  }
  const { locale } = backup.record.database.properties;
  const { name } = await createUnfinishedDatabase(server, localeClause(locale, majorOf(server.version)));
  try {
    await readDump(server, name, { tool, folder: backup.folder, dump, signal });
    await withAdmin(server, name, (client) => client.query('ANALYZE')); // a dump has no planner statistics
    return name;
  } catch (error) {
    await dropOwnDatabase(server, name).catch(() => {});
    throw error;
  }
}

/** Options of CREATE DATABASE (https://www.postgresql.org/docs/current/sql-createdatabase.html); providers came with 15, builtin with 17. */
function localeClause(locale: DatabaseProperties['locale'], serverMajor: number): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const parts = [
    `ENCODING ${quoted(locale.encoding)}`,
    `LC_COLLATE ${quoted(locale.collate)}`,
    `LC_CTYPE ${quoted(locale.ctype)}`,
  ];
  if ((locale.provider ?? 'c') === 'c' && serverMajor >= 15) parts.push('LOCALE_PROVIDER libc');
  if (locale.provider === 'i') parts.push(`LOCALE_PROVIDER icu ICU_LOCALE ${quoted(locale.locale ?? '')}`);
  if (locale.provider === 'b')
    parts.push(`LOCALE_PROVIDER builtin BUILTIN_LOCALE ${quoted(locale.locale ?? '')}`);
  return parts.join(' ');
}

function requireSame(server: PostgresServer, record: BackupRecord, content: ContentDigest): true | string {
  const sameMajor = majorOf(server.version) === majorOf(record.server.version);
  const { differences, definitionsCompared } = verifyRestored(record, content, sameMajor);
  if (differences.length === 0) return definitionsCompared;
  const more = differences.length > 5 ? `\n  and ${differences.length - 5} more` : '';
  throw new HarnessError(
    'RESTORE_FAILED',
    `What was restored is not what was backed up, so nothing was replaced:\n${differences
      .slice(0, 5)
      .map((line) => `  ${line}`)
      .join('\n')}${more}`,
    {
      hint: 'The template or the dump was changed after the backup. Try the other one with --from, or another backup.',
    },
  );
}

/** Renames take effect together at the commit, or not at all. */
async function exchange(
  server: PostgresServer,
  admin: pg.Client,
  swap: { readonly name: string; readonly replaces: number | null; readonly request: RestoreRequest },
): Promise<{ keptAs: string | null; endedSessions: number }> {
  const { database, disconnect } = swap.request;
  const target = admin.escapeIdentifier(database);
  if (swap.replaces === null) {
    await admin.query(`ALTER DATABASE ${swap.name} RENAME TO ${target}`);
    return { keptAs: null, endedSessions: 0 };
  }
  await requireStill(server, admin, database, swap.replaces);
  const keptAs = replacedName(database, new Date().toISOString());
  const endedSessions = await alone(server, admin, { database, disconnect }, async () => {
    await admin.query('BEGIN');
    await admin.query(`ALTER DATABASE ${target} RENAME TO ${admin.escapeIdentifier(keptAs)}`);
    await admin.query(`ALTER DATABASE ${swap.name} RENAME TO ${target}`);
    await admin.query('COMMIT');
  });
  return { keptAs, endedSessions };
}

/** Copy and digest take minutes on large data: somebody may have given the name to another database meanwhile. */
async function requireStill(
  server: PostgresServer,
  admin: pg.Client,
  database: string,
  oid: number,
): Promise<void> {
  if ((await readDatabaseState(admin, database))?.oid === oid) return;
  throw notOurs(server, database, {
    undone: 'not replaced',
    got: 'another database than at the start of this restore, or none',
    hint: 'Somebody has renamed or dropped it meanwhile. Restore under the name of a new database.',
  });
}
