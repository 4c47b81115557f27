import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import lockfile from 'proper-lockfile';
import { HarnessError } from '../errors.ts';
import { WeekPlan, WeekRecord } from '../week-record.ts';
import { removeTemporaryFiles, writeDurably } from './durable-file.ts';
import { parseRecord } from './parse-record.ts';
import { toJson } from './record-text.ts';

/** The end record of a week. */
export const WEEK_FILE = 'week.json';

/** The record as it stands after each task: what remains when the week breaks off. Gone when the end record is there. */
export const WEEK_SO_FAR_FILE = 'week-so-far.json';

/** What was decided beforehand; written once, before the first task. */
export const WEEK_PLAN_FILE = 'week-plan.json';

export async function writeWeekPlan(folder: string, plan: WeekPlan): Promise<void> {
  await writeDurably(path.join(folder, WEEK_PLAN_FILE), toJson(plan));
}

export async function writeWeekSoFar(folder: string, week: WeekRecord): Promise<void> {
  await writeDurably(path.join(folder, WEEK_SO_FAR_FILE), toJson(week));
}

/** Writes the end record. From here on nothing of the week changes. */
export async function writeWeekEnd(folder: string, week: WeekRecord): Promise<void> {
  await writeDurably(path.join(folder, WEEK_FILE), toJson(week));
  await rm(path.join(folder, WEEK_SO_FAR_FILE), { force: true });
}

/** What an earlier sitting of a week left. */
export interface EarlierWeek {
  readonly plan: WeekPlan;
  /** `null` when it broke off before its first task had ended. */
  readonly soFar: WeekRecord | null;
}

/**
 * Reads a week that broke off, and removes what its process was killed over.
 * @throws HarnessError BAD_OPTION when it is complete or no week
 */
export async function readEarlierWeek(folder: string): Promise<EarlierWeek> {
  const id = path.basename(folder);
  const names: string[] = await readdir(folder).catch(() => []);
  if (names.includes(WEEK_FILE)) {
    throw new HarnessError('BAD_OPTION', `--resume: ${id} is complete.`, {
      hint: `\`rushhour report ${id}\` shows it.`,
    });
  }
  if (!names.includes(WEEK_PLAN_FILE)) {
    throw new HarnessError('BAD_OPTION', `--resume: ${id} is no week: expected ${WEEK_PLAN_FILE} in it.`, {
      hint: '`rushhour experiment --resume` goes on with an experiment; `rushhour report` lists all results.',
    });
  }
  await removeTemporaryFiles(folder);
  const soFar = names.includes(WEEK_SO_FAR_FILE)
    ? await parseRecord(path.join(folder, WEEK_SO_FAR_FILE), WeekRecord)
    : null;
  return { plan: await parseRecord(path.join(folder, WEEK_PLAN_FILE), WeekPlan), soFar };
}

/** How long after its process was killed a lock still counts. */
const STALE_MS = 15_000;

/**
 * Keeps a second process out of a week's folder while `work` goes on.
 * @throws HarnessError BAD_OPTION when another process is at work there
 */
export async function withWeekLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const unlock = await lockfile
    .lock(folder, {
      lockfilePath: path.join(folder, 'sitting.lock'),
      stale: STALE_MS,
      update: 3_000,
      retries: { retries: 20, factor: 1, minTimeout: 1_000, maxTimeout: 1_000 },
      onCompromised: () => {}, // only a machine that stood still for so long; the work itself is not endangered
    })
    .catch((error: unknown) => {
      throw new HarnessError(
        'BAD_OPTION',
        `--resume: another process is at work in ${path.basename(folder)}.`,
        {
          cause: error,
          hint: 'Wait for it, or stop it with Ctrl-C; what it has measured is kept.',
        },
      );
    });
  try {
    return await work();
  } finally {
    await unlock().catch(() => {});
  }
}
