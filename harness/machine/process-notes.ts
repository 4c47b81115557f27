/** What this tool has started, noted on disk: whoever comes after one that was killed can end what it has left. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { cacheFolder } from '../cache-folder.ts';
import { redact } from '../secrets.ts';
import { readProcess } from './process-identity.ts';

const Identity = z.object({ pid: z.int().positive(), startedAt: z.string(), command: z.string() });

const ProcessNote = z.object({
  /** For people: `k6`, `service optimised`. */
  what: z.string(),
  process: Identity,
  /** Whether it leads a process group of its own. */
  leadsGroup: z.boolean(),
  /** The harness that has started it. */
  owner: Identity,
});
export type ProcessNote = z.infer<typeof ProcessNote>;

/** A note on disk. */
export interface StoredNote {
  readonly file: string;
  /** From the name of the file: known of a note that is not whole as well. */
  readonly ownerPid: number;
  /** `null` when the file is not whole. */
  readonly note: ProcessNote | null;
}

export interface StartedProcess {
  /** `undefined` when it could not be started. */
  readonly pid: number | undefined;
  readonly what: string;
  readonly leadsGroup: boolean;
}

/** Where the notes are. */
export function notesFolder(cache: string = cacheFolder()): string {
  return path.join(cache, 'processes');
}

/**
 * Notes a process that this one has just started. Synchronous, so that nothing can come between the start and the note. Never
 * throws: a cache folder that cannot be written to must not keep a measurement from running.
 *
 * @returns how to forget it: call when it has ended
 */
export function noteProcess({ pid, what, leadsGroup }: StartedProcess, folder = notesFolder()): () => void {
  const started = pid === undefined ? null : readProcess(pid);
  const owner = readProcess(process.pid);
  if (!started || !owner) return () => {};
  const file = path.join(folder, `${owner.pid}-${started.pid}-${randomBytes(4).toString('hex')}.json`);
  const note: ProcessNote = { what, process: started, leadsGroup, owner };
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, redact(JSON.stringify(note)), { mode: 0o600 });
  } catch {
    return () => {};
  }
  return () => forgetNote(file);
}

export function forgetNote(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It stays, and the next start finds that its process has ended.
  }
}

export function readNotes(folder = notesFolder()): StoredNote[] {
  return namesIn(folder).flatMap((name) => {
    const ownerPid = Number(/^(\d+)-\d+-[0-9a-f]{8}\.json$/.exec(name)?.[1] ?? Number.NaN);
    const file = path.join(folder, name);
    return Number.isNaN(ownerPid) ? [] : [{ file, ownerPid, note: readNote(file) }];
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // nothing was ever started
  }
}

function readNote(file: string): ProcessNote | null {
  try {
    return ProcessNote.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null; // its writer was killed over it, or it has just been removed
  }
}
