/** What a browser sees of a result while it is measured: one small file in its folder. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Progress } from '../progress.ts';
import { redact } from '../secrets.ts';
import type { LiveReading } from './live-reading.ts';

export const LIVE_FILE = 'live.json';

/** What is measured; the same as long as it goes on. */
export interface LiveSubject {
  readonly kind: 'run' | 'experiment' | 'profile' | 'advice' | 'week';
  /** Where there is none, the profile of the dataset, or which week it is. */
  readonly scenario: string;
  readonly variants: readonly string[];
}

/** Of an experiment between these arms. */
export function experimentSubject(request: {
  readonly scenario: string;
  readonly arms: readonly { readonly name: string }[];
}): LiveSubject {
  return {
    kind: 'experiment',
    scenario: request.scenario,
    variants: request.arms.map(({ name }) => name),
  };
}

export interface LiveState extends LiveSubject {
  readonly id: string;
  /** Of the process that measures: a file of one that has gone is of a result that broke off. */
  readonly pid: number;
  readonly startedAt: string;
  readonly updatedAt: string;
  /** What it does now, in words. */
  readonly step: string;
  readonly reading: LiveReading | null;
}

const EVERY_MS = 1_000;

/**
 * Does work whose progress is told in {@link LIVE_FILE} of its folder as well: at once when a step begins, else once a second. The file is
 * gone when the work has ended. Unlike a record it is not flushed to the disk: that would wait together with the commits that are measured.
 * That it cannot be written stops nothing.
 */
export async function withLiveFeed<T>(
  place: { readonly id: string; readonly folder: string },
  subject: LiveSubject,
  progress: Progress,
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  const file = path.join(place.folder, LIVE_FILE);
  const startedAt = new Date().toISOString();
  const now: { step: string; reading: LiveReading | null } = { step: '', reading: null };
  let changed = true;
  let writing = Promise.resolve();
  const write = async () => {
    if (!changed) return;
    changed = false;
    const updatedAt = new Date().toISOString();
    const state: LiveState = { ...subject, id: place.id, pid: process.pid, startedAt, updatedAt, ...now };
    await replaceFile(file, redact(JSON.stringify(state)));
  };
  const writeSoon = () => {
    writing = writing.then(write).catch(() => {});
  };
  const show = (news: Partial<typeof now>) => {
    Object.assign(now, news);
    changed = true;
  };
  const timer = setInterval(writeSoon, EVERY_MS);
  writeSoon();
  try {
    return await work({
      ...progress,
      step: (title, inner) => {
        show({ step: title, reading: null });
        writeSoon(); // a step may be over within the second
        return progress.step(title, inner);
      },
      reading: (reading) => {
        show({ reading });
        progress.reading?.(reading);
      },
    });
  } finally {
    clearInterval(timer);
    await writing;
    await rm(file, { force: true }).catch(() => {});
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  const part = `${file}.part`;
  await writeFile(part, text);
  await rename(part, file);
}

/** `null` where nothing is measured, and for a file that is not ours. */
export async function readLiveState(folder: string): Promise<LiveState | null> {
  try {
    const state = JSON.parse(await readFile(path.join(folder, LIVE_FILE), 'utf8')) as LiveState;
    return typeof state.pid === 'number' && typeof state.step === 'string' ? state : null;
  } catch {
    return null;
  }
}
