import { rm } from 'node:fs/promises';
import path from 'node:path';
import { HarnessError } from '../errors.ts';
import { dropOwnDatabase } from '../postgres/marker.ts';
import { databaseState } from '../postgres/own-database.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { parseRecord } from '../store/parse-record.ts';
import { BackupRecord } from './backup-record.ts';
import { forgetClusterBackup } from './cluster-backups.ts';
import { BACKUP_FILE, readTemplateRecord, type StoredBackup } from './stored-backups.ts';

/**
 * Deletes one backup: its template, the note in the folder of its cluster, its record and its dump. The template goes first: what
 * breaks off in between leaves a record that says its template is gone, and may be deleted again.
 *
 * @throws HarnessError REFUSED, with nothing deleted, unless template and folder both carry the id of this backup
 */
export async function deleteBackup(server: PostgresServer, backup: StoredBackup): Promise<void> {
  const { record, folder } = backup;
  const template = record.template.name;
  if (backup.template === 'on another server') throw elsewhere(record);
  const isThere = (await databaseState(server, template)) !== null;
  if (isThere) await requireTemplateOf(server, record);
  if (folder !== null) await requireFolderOf(folder, record);
  if (isThere) await dropOwnDatabase(server, template);
  if (server.clusterFolder !== null) await forgetClusterBackup(server.clusterFolder, template);
  if (folder !== null) await rm(folder, { recursive: true, force: true });
}

async function requireTemplateOf(server: PostgresServer, { id, template }: BackupRecord): Promise<void> {
  if ((await readTemplateRecord(server, template.name))?.id === id) return;
  throw new HarnessError(
    'REFUSED',
    `Database "${template.name}" does not carry the marker of backup ${id}: nothing is deleted.`,
    { hint: 'It is another database of that name. Drop it by hand if it is yours to drop.' },
  );
}

async function requireFolderOf(folder: string, { id }: BackupRecord): Promise<void> {
  const file = path.join(folder, BACKUP_FILE);
  const found = await parseRecord(file, BackupRecord);
  if (found.id === id) return;
  throw new HarnessError(
    'REFUSED',
    `${file} is the record of backup ${found.id}, expected ${id}: nothing is deleted.`,
    { hint: 'Remove that folder by hand if nothing in it is needed.' },
  );
}

function elsewhere({ id, template }: BackupRecord): HarnessError {
  return new HarnessError(
    'REFUSED',
    `The template ${template.name} of backup ${id} is on another server: nothing is deleted.`,
    { hint: 'Give the server it was made on with --server.' },
  );
}
