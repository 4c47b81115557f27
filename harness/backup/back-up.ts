import { rm } from 'node:fs/promises';
import path from 'node:path';
import { HarnessError, messageOf } from '../errors.ts';
import { toolVersion } from '../machine/environment.ts';
import { type ContentDigest, digestContent } from '../postgres/content-digest.ts';
import { copyDatabase, requireNoSessions } from '../postgres/copy-database.ts';
import { readDatabaseProperties } from '../postgres/database-properties.ts';
import { dropOwnDatabase, writeMarker } from '../postgres/marker.ts';
import { requireOwnDatabase } from '../postgres/own-database.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import { cancellable } from '../postgres/sessions.ts';
import type { Progress } from '../progress.ts';
import { writeDurably } from '../store/durable-file.ts';
import { createResultFolder, type ResultFolder } from '../store/result-folder.ts';
import { backupTemplateName } from './backup-names.ts';
import type { BackupRecord } from './backup-record.ts';
import { forgetClusterBackup, noteClusterBackup } from './cluster-backups.ts';
import { writeDump } from './dump.ts';
import { findDumpTool, majorOf } from './dump-tools.ts';
import { BACKUP_FILE, backupsFolder, readSystemIdentifier } from './stored-backups.ts';

export interface BackupRequest {
  readonly database: string;
  /** End the sessions in it; without this, a database in use is refused. */
  readonly disconnect: boolean;
  /** `always` fails where no dump can be made, `auto` says so in the record. */
  readonly dump: 'always' | 'auto' | 'never';
  readonly resultsRoot: string;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

export interface Backup {
  readonly record: BackupRecord;
  readonly folder: string;
  readonly endedSessions: number;
}

/**
 * Backs a database up: a copy of it that nobody can connect to any more, a dump beside it where pg_dump is there, and a record
 * with its digest. Digest and dump are taken from the copy, so all three are of the same moment and the database itself is held
 * up only while its files are copied. The copy gets its name last: one that was not finished is never taken for a backup.
 *
 * @throws HarnessError REFUSED when the database is not ours or in use; whatever goes wrong, nothing is left of the backup
 */
export async function backUp(server: PostgresServer, request: BackupRequest): Promise<Backup> {
  const { database, disconnect, signal, progress, resultsRoot } = request;
  await requireOwnDatabase(server, database);
  await withAdmin(server, undefined, (admin) => requireNoSessions(admin, database, disconnect));
  const place = await createResultFolder(backupsFolder(resultsRoot), [database]);
  const draft = { name: null as string | null };
  try {
    const copy = await progress.step(`Copy of ${database}`, () =>
      copyDatabase(server, { from: database, disconnect, signal }),
    );
    draft.name = copy.name;
    const content = await progress.step('Digest of its content', (update) =>
      digestCopy(server, copy.name, signal, update),
    );
    const dumped = await dumpCopy(server, copy.name, request, place);
    const record = await describe(server, request, { place, copy: copy.name, content, dumped });
    await finish(server, copy.name, record, (name) => {
      draft.name = name;
    });
    await writeDurably(path.join(place.folder, BACKUP_FILE), `${JSON.stringify(record, null, 1)}\n`);
    return { record, folder: place.folder, endedSessions: copy.endedSessions };
  } catch (error) {
    // The first error is the one to tell.
    if (draft.name !== null) await dropOwnDatabase(server, draft.name).catch(() => {});
    await rm(place.folder, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}

/** The digest of a database, which ends when the signal fires. */
export async function digestCopy(
  server: PostgresServer,
  name: string,
  signal: AbortSignal,
  onProgress: (detail: string) => void,
): Promise<ContentDigest> {
  return withAdmin(server, name, (client) =>
    cancellable(server, client, signal, () =>
      digestContent(client, {
        onProgress: (detail) => {
          signal.throwIfAborted();
          onProgress(detail);
        },
      }),
    ),
  );
}

type Dumped = Pick<BackupRecord, 'dump' | 'noDumpBecause'>;

async function dumpCopy(
  server: PostgresServer,
  copy: string,
  request: BackupRequest,
  place: ResultFolder,
): Promise<Dumped> {
  if (request.dump === 'never') return { dump: null, noDumpBecause: 'none was asked for' };
  const tool = await findDumpTool('pg_dump', majorOf(server.version));
  if ('missing' in tool) {
    if (request.dump === 'auto') return { dump: null, noDumpBecause: tool.missing };
    throw new HarnessError('DUMP_FAILED', `--dump: ${tool.missing}.`, {
      hint: 'Install the PostgreSQL client programs of that version, or leave --dump out: the template copy is a backup too.',
    });
  }
  try {
    const dump = await request.progress.step(`pg_dump ${tool.version}`, () =>
      writeDump(server, copy, { tool, folder: place.folder, signal: request.signal }),
    );
    return { dump, noDumpBecause: null };
  } catch (error) {
    if (request.dump === 'always' || request.signal.aborted) throw error;
    return { dump: null, noDumpBecause: messageOf(error) };
  }
}

async function describe(
  server: PostgresServer,
  request: BackupRequest,
  made: { place: ResultFolder; copy: string; content: ContentDigest; dumped: Dumped },
): Promise<BackupRecord> {
  return withAdmin(server, undefined, async (admin) => {
    const { rows } = await admin.query<{ bytes: string }>('SELECT pg_database_size($1) AS bytes', [
      made.copy,
    ]);
    return {
      schema: 'rushhour.backup/1',
      id: made.place.id,
      createdAt: new Date().toISOString(),
      tool: toolVersion(),
      database: {
        name: request.database,
        sizeBytes: Number(rows[0]?.bytes ?? 0),
        properties: await readDatabaseProperties(admin, request.database),
      },
      server: {
        version: server.version,
        systemIdentifier: await readSystemIdentifier(admin),
        embedded: server.embedded,
      },
      template: { name: backupTemplateName(request.database, made.place.id) },
      content: {
        digest: made.content.content,
        schemaDigest: made.content.schema,
        tables: [...made.content.tables],
      },
      ...made.dumped,
    };
  });
}

/** Closes the copy and gives it its name, both or neither. */
async function finish(
  server: PostgresServer,
  copy: string,
  record: BackupRecord,
  onRenamed: (name: string) => void,
): Promise<void> {
  const template = record.template.name;
  await withAdmin(server, copy, (client) =>
    writeMarker(client, { purpose: 'backup', harnessPid: process.pid, info: record }),
  );
  if (server.clusterFolder !== null) await noteClusterBackup(server.clusterFolder, record);
  try {
    await withAdmin(server, undefined, async (admin) => {
      const quoted = admin.escapeIdentifier(template);
      await admin.query('BEGIN');
      await admin.query(`ALTER DATABASE ${copy} RENAME TO ${quoted}`);
      await admin.query(`ALTER DATABASE ${quoted} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true`);
      await admin.query('COMMIT');
    });
    onRenamed(template);
  } catch (error) {
    if (server.clusterFolder !== null) await forgetClusterBackup(server.clusterFolder, template);
    throw error;
  }
}
