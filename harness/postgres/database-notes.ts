/**
 * Databases in the making, noted on disk. Between CREATE DATABASE and the marker nothing inside a database proves that the tool
 * has made it: a clone carries a copy of its template's marker, which proves nothing.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { z } from 'zod';
import { cacheFolder } from '../cache-folder.ts';
import { isStillRunning, readProcess } from '../machine/process-identity.ts';

const DatabaseNote = z.object({
  /** Of the cluster: the same name on another one is another database. */
  systemIdentifier: z.string(),
  /** The harness that makes it. `startedAt` is empty where the platform does not tell it. */
  maker: z.object({ pid: z.int(), startedAt: z.string() }),
});

const folderOfNotes = () => path.join(cacheFolder(), 'databases');

/**
 * Notes that a database of this name is about to be created, by a name that no database has. Never throws for a cache folder that
 * cannot be written to. {@link forgetDatabase} when the marker is inside.
 */
export async function noteDatabase(admin: pg.Client, name: string): Promise<void> {
  const startedAt = readProcess(process.pid)?.startedAt ?? '';
  const note = { systemIdentifier: await systemIdentifierOf(admin), maker: { pid: process.pid, startedAt } };
  try {
    await mkdir(folderOfNotes(), { recursive: true });
    await writeFile(fileOf(name), JSON.stringify(note), { mode: 0o600 });
  } catch {
    // Without it, a kill in the next moment leaves a database that has to be dropped by hand.
  }
}

export async function forgetDatabase(name: string): Promise<void> {
  await rm(fileOf(name), { force: true }).catch(() => {});
}

/**
 * Databases of this cluster whose maker was killed before it had marked them, with its pid. They may not be there any more, or not yet.
 */
export async function unmarkedByTheKilled(admin: pg.Client): Promise<Map<string, number>> {
  const systemIdentifier = await systemIdentifierOf(admin);
  const makers = new Map<string, number>();
  for (const file of await readdir(folderOfNotes()).catch(() => [])) {
    const note = await readNote(path.join(folderOfNotes(), file));
    if (note?.systemIdentifier !== systemIdentifier) continue;
    const { pid, startedAt } = note.maker;
    if (!isStillRunning(pid, startedAt)) makers.set(path.basename(file, '.json'), pid);
  }
  return makers;
}

function fileOf(name: string): string {
  return path.join(folderOfNotes(), `${name}.json`);
}

async function readNote(file: string): Promise<z.infer<typeof DatabaseNote> | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    return DatabaseNote.parse(JSON.parse(text));
  } catch {
    return null; // cut off by a crash: it proves nothing
  }
}

async function systemIdentifierOf(admin: pg.Client): Promise<string> {
  const { rows } = await admin.query<{ id: string }>(
    'SELECT system_identifier::text AS id FROM pg_control_system()',
  );
  return rows[0]?.id ?? '';
}
