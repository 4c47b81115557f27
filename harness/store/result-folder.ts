import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { ProfileRecord } from '../profile-record.ts';
import type { RunRecord } from '../result.ts';
import { appendRecord, writeDurably } from './durable-file.ts';
import { toJson } from './record-text.ts';
import { makeFolder } from './writing.ts';

/** Names of the files in a result's folder. The end record is written last: a folder without one is incomplete. */
export const RUN_FILE = 'run.json';
export const EXPERIMENT_FILE = 'experiment.json';
export const PROFILE_FILE = 'profile.json';
export const EVENTS_FILE = 'events.ndjson';

/** One result in the making. */
export interface ResultFolder {
  readonly id: string;
  readonly folder: string;
}

/** Makes `<results>/<time>-<words>-<random>`, for example `20261122-231502-experiment-load-4f2a`. */
export async function createResultFolder(
  resultsRoot: string,
  words: readonly string[],
): Promise<ResultFolder> {
  const time = new Date().toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const id = [time, ...words.map(toFileName), randomBytes(2).toString('hex')].join('-');
  const folder = path.join(resultsRoot, id);
  await makeFolder(folder);
  return { id, folder };
}

function toFileName(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9.+_-]+/g, '-');
}

/** Notes a step in the append-only log; what was measured before a crash can be read from there. */
export async function recordEvent(
  folder: string,
  event: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  await appendRecord(path.join(folder, EVENTS_FILE), { at: new Date().toISOString(), event, ...details });
}

export async function writeRun(folder: string, run: RunRecord): Promise<void> {
  await writeDurably(path.join(folder, RUN_FILE), toJson(run));
}

export async function writeProfile(folder: string, profile: ProfileRecord): Promise<void> {
  await writeDurably(path.join(folder, PROFILE_FILE), toJson(profile));
}
