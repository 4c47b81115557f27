/** Day 1: whether a backup brings back what an accident destroys. Nothing of it is left but the record of the backup. */
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { type Backup, backUp, digestCopy } from '../../backup/back-up.ts';
import { rowsOf } from '../../backup/backup-record.ts';
import { deleteBackup } from '../../backup/delete-backup.ts';
import { restore } from '../../backup/restore.ts';
import { BACKUP_FILE, newBackup } from '../../backup/stored-backups.ts';
import { verifyRestored } from '../../backup/verify-restore.ts';
import { HarnessError } from '../../errors.ts';
import type { ContentDigest } from '../../postgres/content-digest.ts';
import { dropOwnDatabase, writeMarker } from '../../postgres/marker.ts';
import { type PostgresServer, withAdmin } from '../../postgres/server.ts';
import { cloneTemplate } from '../../postgres/templates.ts';
import { countOf, formatBytes, formatCount } from '../../quantity.ts';
import { withResources } from '../../resources.ts';
import { makeFolder, writing } from '../../store/writing.ts';
import type { BackupFact } from '../../week-record.ts';
import { weekDataset } from './week-target.ts';
import type { WeekContext, WeekTask } from './week-task.ts';

export const backupTask: WeekTask<'backup'> = {
  id: 'backup',
  title: 'backup and verified restore',
  days: [1],
  expectedSeconds: ({ shape }) => 2 + Math.round(shape.history / 30_000),
  run: backUpAndRestore,
  lines: backupLines,
};

async function backUpAndRestore(context: WeekContext): Promise<BackupFact> {
  const { server, signal, progress, resultsRoot } = context;
  const { template } = await weekDataset(context, 'baseline');
  return withResources(async (onRelease) => {
    const clone = await cloneTemplate(server, template);
    onRelease(clone.drop);
    const database = clone.name;
    const request = { database, disconnect: false, signal, progress };
    const backup = await backUp(server, { ...request, dump: 'auto', resultsRoot });
    onRelease(() => deleteBackup(server, newBackup(backup.record, backup.folder)));
    await keepRecord(backup, context.folder);
    const damaged = await damage(context, database);
    const failure = await restoreInPlace(context, database, backup);
    const restored = await progress.step('Digest of what is there', (update) =>
      digestCopy(server, database, signal, update),
    );
    return backupFact(backup, { damaged, restored, failure });
  });
}

/** The backup itself goes again, since the dataset can always be seeded anew; its record stays as evidence. */
async function keepRecord(backup: Backup, weekFolder: string): Promise<void> {
  const folder = path.join(weekFolder, 'backup');
  await makeFolder(folder);
  await writing(folder, () =>
    copyFile(path.join(backup.folder, BACKUP_FILE), path.join(folder, BACKUP_FILE)),
  );
}

async function damage(context: WeekContext, database: string): Promise<ContentDigest> {
  const { server, subject, signal, progress } = context;
  return progress.step('Damage on purpose', async (update) => {
    await withAdmin(server, database, (client) => subject.damage(client));
    return digestCopy(server, database, signal, update);
  });
}

/** @returns why it was not restored; null when it was */
async function restoreInPlace(
  { server, signal, progress }: WeekContext,
  database: string,
  { record, folder }: Backup,
): Promise<string | null> {
  try {
    const { keptAs } = await restore(server, {
      backup: newBackup(record, folder),
      database,
      disconnect: false,
      dropOld: true,
      signal,
      progress,
    });
    if (keptAs !== null) await dropOwnDatabase(server, keptAs);
    await markAsClone(server, database);
    return null;
  } catch (error) {
    // A backup that does not verify is what this is to find out; anything else is a failure of the week.
    if (error instanceof HarnessError && error.code === 'RESTORE_FAILED') return error.message;
    throw error;
  }
}

/** A restored database is kept for good; this one goes with the week, also when the week is killed. */
async function markAsClone(server: PostgresServer, database: string): Promise<void> {
  await withAdmin(server, database, (client) =>
    writeMarker(client, { purpose: 'clone', harnessPid: process.pid, info: null }),
  );
}

function backupFact(
  { record }: Backup,
  found: { damaged: ContentDigest; restored: ContentDigest; failure: string | null },
): BackupFact {
  const { differences } = verifyRestored(record, found.restored, true);
  return {
    id: record.id,
    databaseBytes: record.database.sizeBytes,
    tables: record.content.tables.length,
    rows: rowsOf(record),
    digest: record.content.digest,
    dump: record.noDumpBecause,
    damagedDigest: found.damaged.content,
    restoredDigest: found.restored.content,
    differences: [...(found.failure === null ? [] : [found.failure]), ...differences],
  };
}

function backupLines(fact: BackupFact): string[] {
  const { databaseBytes, tables, rows, digest, damagedDigest, differences } = fact;
  const size = `${countOf(tables, 'table')}, ${countOf(rows, 'row')}, ${formatBytes(databaseBytes)}`;
  const [first] = differences;
  const damaged = damagedDigest === digest ? 'not damaged' : 'damaged on purpose';
  return [
    `${size}: backed up, ${damaged}, ${first === undefined ? 'restored with the same digest' : `not as before in ${formatCount(differences.length)} places`}`,
    ...(first === undefined ? [] : [first]),
  ];
}
