import { setTimeout as delay } from 'node:timers/promises';
import { isSame, judgeNotes } from './orphans.ts';
import { groupMembers } from './process-family.ts';
import { readProcess } from './process-identity.ts';
import { forgetNote, notesFolder, type ProcessNote, readNotes } from './process-notes.ts';

/** As long as a service may take to finish what it is doing. */
const GRACE_MS = 10_000;
const KILL_LIMIT_MS = 5_000;
const POLL_INTERVAL_MS = 25;

export interface OrphanOptions {
  readonly folder?: string;
  /** From SIGTERM to SIGKILL. Default 10 s. */
  readonly graceMs?: number;
}

export interface EndedOrphans {
  readonly ended: readonly ProcessNote[];
  /** Still running: they belong to another account. */
  readonly left: readonly ProcessNote[];
}

/** What a harness that was killed has left running; nothing is done about it. */
export function findOrphans(folder = notesFolder()): ProcessNote[] {
  return judgeNotes(readNotes(folder), readProcess).orphans.map(({ note }) => note);
}

/** Ends what a harness that was killed has left running: SIGTERM, after a grace SIGKILL, to the group where it leads one. */
export async function endOrphans(options: OrphanOptions = {}): Promise<EndedOrphans> {
  const { orphans, outdated } = judgeNotes(readNotes(options.folder), readProcess);
  for (const { file } of outdated) forgetNote(file);
  const ended: ProcessNote[] = [];
  const left: ProcessNote[] = [];
  await Promise.all(
    orphans.map(async ({ file, note }) => {
      if (await end(note, options.graceMs ?? GRACE_MS)) {
        forgetNote(file);
        ended.push(note);
      } else left.push(note);
    }),
  );
  return { ended, left };
}

async function end(note: ProcessNote, graceMs: number): Promise<boolean> {
  if (!leads(note)) return true;
  signal(note, 'SIGTERM');
  if (await hasEnded(note, graceMs)) return true;
  signal(note, 'SIGKILL');
  return hasEnded(note, KILL_LIMIT_MS);
}

function signal(note: ProcessNote, name: 'SIGTERM' | 'SIGKILL'): void {
  // Asked anew each time: within the grace it may have ended and its pid may have been given to another.
  if (!isRunning(note)) return;
  try {
    process.kill(note.leadsGroup ? -note.process.pid : note.process.pid, name);
  } catch {
    // ESRCH: it has just ended; EPERM: another account's, which the caller is told.
  }
}

async function hasEnded(note: ProcessNote, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (isRunning(note)) {
    if (performance.now() > deadline) return false;
    await delay(POLL_INTERVAL_MS);
  }
  return true;
}

/** Only of one that was seen to lead: as long as its group has a member, that number is given to no other. */
function isRunning(note: ProcessNote): boolean {
  return leads(note) || (note.leadsGroup && groupMembers(note.process.pid).length > 0);
}

function leads({ process: noted }: ProcessNote): boolean {
  return isSame(noted, readProcess(noted.pid));
}
