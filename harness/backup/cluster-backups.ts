import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../store/durable-file.ts';
import { parseRecord } from '../store/parse-record.ts';
import type { BackupRecord } from './backup-record.ts';

/** What `clean` must know of a backup before it removes the cluster that holds it, without starting its server. */
export const ClusterBackup = z.object({
  template: z.string(),
  database: z.string(),
  createdAt: z.string().describe('ISO 8601 instant, UTC'),
  sizeBytes: z.number().int().nonnegative(),
});
export type ClusterBackup = z.infer<typeof ClusterBackup>;

/** Notes a backup in the folder of its cluster. Before the template is there: a note too many only makes `clean` careful. */
export async function noteClusterBackup(clusterFolder: string, record: BackupRecord): Promise<void> {
  const note: ClusterBackup = {
    template: record.template.name,
    database: record.database.name,
    createdAt: record.createdAt,
    sizeBytes: record.database.sizeBytes,
  };
  await mkdir(notesFolder(clusterFolder), { recursive: true });
  await writeDurably(noteFile(clusterFolder, note.template), `${JSON.stringify(note)}\n`);
}

export async function forgetClusterBackup(clusterFolder: string, template: string): Promise<void> {
  await rm(noteFile(clusterFolder, template), { force: true });
}

/** Forgets the backups that somebody has dropped. */
export async function forgetDroppedBackups(
  clusterFolder: string,
  templates: readonly string[],
): Promise<void> {
  for (const { template } of await readClusterBackups(clusterFolder))
    if (!templates.includes(template)) await forgetClusterBackup(clusterFolder, template);
}

/** Backups that a cluster holds, oldest first. */
export async function readClusterBackups(clusterFolder: string): Promise<ClusterBackup[]> {
  const names = await readdir(notesFolder(clusterFolder)).catch(() => []);
  const notes = names
    .filter((name) => name.endsWith('.json'))
    .map((name) => parseRecord(path.join(notesFolder(clusterFolder), name), ClusterBackup));
  return (await Promise.all(notes)).sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}

function notesFolder(clusterFolder: string): string {
  return path.join(clusterFolder, 'backups');
}

function noteFile(clusterFolder: string, template: string): string {
  return path.join(notesFolder(clusterFolder), `${template}.json`);
}
