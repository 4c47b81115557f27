/** What an earlier build has read, so that the next one reads only what is new: results do not change after their end record. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { ADVICE_FILE } from '../store/advice-folder.ts';
import { SO_FAR_FILE } from '../store/experiment-folder.ts';
import { EXPERIMENT_FILE, PROFILE_FILE, RUN_FILE } from '../store/result-folder.ts';
import { WEEK_FILE, WEEK_SO_FAR_FILE } from '../store/week-folder.ts';
import type { ListedResult } from './listed-result.ts';
import { DATA_FOLDER } from './page-shell.ts';
import { writeChanged } from './write-changed.ts';

/** Raise it when `ListedResult` or what makes it changes: then all is read again. */
const FORMAT = 2;

const KNOWN_FILE = `${DATA_FOLDER}/known-results.json`;

/** What a result is read from, by names in its folder; of `runs` the time at which a pair came or went. */
const READ_FROM = new Set([
  ...[RUN_FILE, EXPERIMENT_FILE, SO_FAR_FILE, PROFILE_FILE, ADVICE_FILE, WEEK_FILE, WEEK_SO_FAR_FILE],
  'runs',
]);

export interface KnownResult {
  /** Of when it was read: of the same one with the same stamp the same would be said. */
  readonly stamp: string;
  readonly listed: ListedResult;
}

export type KnownResults = Readonly<Record<string, KnownResult>>;

/** Changes when a file changes that the result is read from: names, sizes and times. */
export async function stampOf(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => READ_FROM.has(name)).sort();
  const parts = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(path.join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    }),
  );
  return parts.join(', ');
}

/** Nothing is known where the file is missing, of another format, or not whole: it is only read faster with it. */
export async function readKnown(resultsRoot: string): Promise<KnownResults> {
  try {
    const kept = JSON.parse(await readFile(path.join(resultsRoot, KNOWN_FILE), 'utf8')) as {
      readonly format?: unknown;
      readonly results?: KnownResults;
    };
    return kept.format === FORMAT ? (kept.results ?? {}) : {};
  } catch {
    return {};
  }
}

/** @throws HarnessError RESULT_WRITE_FAILED */
export async function keepKnown(resultsRoot: string, results: KnownResults): Promise<void> {
  await writeChanged(path.join(resultsRoot, KNOWN_FILE), `${JSON.stringify({ format: FORMAT, results })}\n`);
}
