import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { readProcess } from '../../harness/machine/process-identity.ts';
import { notesFolder, type ProcessNote, readNotes } from '../../harness/machine/process-notes.ts';
import { serverFolder } from '../../harness/postgres/distribution.ts';
import { acquireEmbeddedServer } from '../../harness/postgres/embedded-server.ts';
import { unprivilegedUser } from '../../harness/postgres/unprivileged-user.ts';
import { eventually } from './command.ts';
import { leftoverDatabases } from './database.ts';

/** What a command has started and not yet seen end. @param owner default: any command with this cache folder */
export function startedWith(cache: string, owner?: number): ProcessNote[] {
  const notes = readNotes(notesFolder(cache)).flatMap(({ note }) => (note ? [note] : []));
  return notes.filter((note) => owner === undefined || note.owner.pid === owner);
}

/** The processes of a command, once one of each kind is there. */
export async function untilStarted(
  cache: string,
  command: { readonly pid?: number | undefined },
  kinds: readonly RegExp[],
): Promise<ProcessNote[]> {
  const started = () => startedWith(cache, command.pid);
  const isThere = (kind: RegExp) => started().some(({ what }) => kind.test(what));
  assert.ok(
    await eventually(async () => kinds.every(isThere)),
    `expected to be started: ${kinds.join(', ')}`,
  );
  return started();
}

/** The pids of what still runs of these. */
export function stillRunning(notes: readonly ProcessNote[]): number[] {
  return notes
    .filter(({ process: noted }) => readProcess(noted.pid)?.startedAt === noted.startedAt)
    .map(({ process: noted }) => noted.pid);
}

/** The pid of the embedded server of a cache folder; `null` when none runs. */
export async function serverOf(cache: string): Promise<number | null> {
  const base = await serverFolder(cache, await unprivilegedUser());
  const cluster = (await readdir(base)).find((name) => name.startsWith('cluster-')) ?? '';
  const text = await readFile(path.join(base, cluster, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return pid > 0 && readProcess(pid) ? pid : null;
}

/** Waits for as many databases of runs. Holds the server only meanwhile: a command that is running has it as well. */
export async function untilClones(cache: string, count: number): Promise<void> {
  const server = await acquireEmbeddedServer({ cacheFolder: cache });
  try {
    const areThere = async () => (await leftoverDatabases(server)).length >= count;
    assert.ok(await eventually(areThere), `expected ${count} clones`);
  } finally {
    await server.release();
  }
}

/** That no process, no server and no database of any command with this cache folder is there. */
export async function assertNothingIsLeft(cache: string, started: readonly ProcessNote[]): Promise<void> {
  assert.deepEqual(stillRunning(started), []);
  assert.deepEqual(startedWith(cache), []);
  // pg_ctl returns when the pid file has gone; the process itself ends a moment later.
  assert.ok(await eventually(async () => (await serverOf(cache)) === null), 'the server is still running');
  const server = await acquireEmbeddedServer({ cacheFolder: cache });
  try {
    assert.deepEqual(await leftoverDatabases(server), []);
  } finally {
    await server.release();
  }
}
