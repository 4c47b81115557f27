import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { HarnessError, messageOf } from '../errors.ts';
import { NightRecord } from '../night-record.ts';
import { appendRecord, flushFolder } from '../store/durable-file.ts';
import { makeFolder, writing } from '../store/writing.ts';
import { type HistoryProblem, readHistoryLines } from './history-lines.ts';

export type { HistoryProblem } from './history-lines.ts';

/** What the nights have said. */
export interface History {
  /** Oldest first, of all branches, each id once. */
  readonly nights: readonly NightRecord[];
  readonly problems: readonly HistoryProblem[];
}

/**
 * Reads the history of nights; never writes. What cannot be read is told, and everything else is there. Without a file there are no
 * nights and no problems: the first one makes it.
 *
 * @throws HarnessError BAD_RESULT_FILE when there is something that cannot be read at all: a folder, or another account's file
 */
export async function readHistory(file: string): Promise<History> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return new Uint8Array();
    throw new HarnessError('BAD_RESULT_FILE', `${file}: expected a history, got ${messageOf(error)}.`, {
      cause: error,
      hint: 'Give the file that `rushhour nightly` appends to: its nights stand in it, a line each.',
    });
  });
  const { nights, problems } = readHistoryLines(bytes);
  return { nights: [...nights].sort(byInstant), problems };
}

/** Equal instants by id, so that the order does not depend on which branch was merged into which. */
function byInstant(a: NightRecord, b: NightRecord): number {
  return Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : 1);
}

/**
 * Adds a night as one line and flushes it. Half a line at the end stays what it is, and does not swallow the night. Makes the folder.
 *
 * @throws HarnessError RESULT_WRITE_FAILED; all nights before are as they were
 */
export async function appendNight(file: string, night: NightRecord): Promise<void> {
  const folder = path.dirname(file);
  await makeFolder(folder);
  // Parsed, so that its fields have the order of the schema: a reader finds a record in a damaged line by how it begins.
  await appendRecord(file, NightRecord.parse(night));
  await writing(folder, () => flushFolder(folder));
}
