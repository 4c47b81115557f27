import type { ProcessIdentity } from './process-identity.ts';
import type { ProcessNote, StoredNote } from './process-notes.ts';

export interface JudgedNotes {
  /** Ours, running, and without the harness that has started them. */
  readonly orphans: readonly (StoredNote & { readonly note: ProcessNote })[];
  /** Of a process that has ended: the pid is nobody's, or somebody else's by now. */
  readonly outdated: readonly StoredNote[];
}

/**
 * Which noted processes were left by a harness that was killed. A process is ours only when pid, start and command are the
 * noted ones, and it is left to itself only when the same holds for no living owner.
 *
 * @param processOf the process that has a pid now
 */
export function judgeNotes(
  notes: readonly StoredNote[],
  processOf: (pid: number) => ProcessIdentity | null,
): JudgedNotes {
  const orphans: (StoredNote & { note: ProcessNote })[] = [];
  const outdated: StoredNote[] = [];
  for (const stored of notes) {
    const { note, ownerPid } = stored;
    if (note === null) {
      // A living owner may be writing it this very moment.
      if (processOf(ownerPid) === null) outdated.push(stored);
    } else if (!hasStarted(note.owner, processOf(note.owner.pid))) {
      if (isSame(note.process, processOf(note.process.pid))) orphans.push({ ...stored, note });
      else outdated.push(stored);
    }
  }
  return { orphans, outdated };
}

/** Whether what was found under the pid is the noted process. */
export function isSame(noted: ProcessIdentity, found: ProcessIdentity | null): boolean {
  return hasStarted(noted, found) && found?.command === noted.command;
}

/** For an owner the start is enough: nothing is done to it, and a doubt is to keep its processes alive. */
function hasStarted(noted: ProcessIdentity, found: ProcessIdentity | null): boolean {
  return found !== null && found.pid === noted.pid && found.startedAt === noted.startedAt;
}

/** `service optimised (pid 4711), k6 (pid 4712)` */
export function namesOf(notes: readonly ProcessNote[]): string {
  return notes.map(({ what, process }) => `${what} (pid ${process.pid})`).join(', ');
}
