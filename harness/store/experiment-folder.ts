import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { HarnessError } from '../errors.ts';
import { ExperimentPlan, ExperimentRecord, type PlannedSlot } from '../experiment-record.ts';
import { RunRecord } from '../result.ts';
import { flushFolder, removeTemporaryFiles, writeDurably } from './durable-file.ts';
import { isThere } from './is-there.ts';
import { parseRecord } from './parse-record.ts';
import { toJson } from './record-text.ts';
import { EXPERIMENT_FILE, RUN_FILE } from './result-folder.ts';
import { makeFolder, writing } from './writing.ts';

/** What was decided beforehand; written once, before the first pair. */
export const PLAN_FILE = 'plan.json';

/** The record as it stands after each pair: what remains when the experiment breaks off. Gone when the end record is there. */
export const SO_FAR_FILE = 'experiment-so-far.json';

/** A slot that was measured, and where its run is. */
export type StoredSlot = PlannedSlot & { readonly folder: string; readonly run: RunRecord };

export async function writePlan(folder: string, plan: ExperimentPlan): Promise<void> {
  await writeDurably(path.join(folder, PLAN_FILE), toJson(plan));
}

export async function writeSoFar(folder: string, experiment: ExperimentRecord): Promise<void> {
  await writeDurably(path.join(folder, SO_FAR_FILE), toJson(experiment));
}

/** Writes the end record. From here on nothing of the experiment changes. */
export async function writeEnd(folder: string, experiment: ExperimentRecord): Promise<void> {
  await writeDurably(path.join(folder, EXPERIMENT_FILE), toJson(experiment));
  await rm(path.join(folder, SO_FAR_FILE), { force: true });
}

/** Folder of one pair, relative to the experiment: `runs/pair-07`. */
function pairFolder({ part, pair }: Pick<PlannedSlot, 'part' | 'pair'>): string {
  return path.join('runs', `${part}-${String(pair).padStart(2, '0')}`);
}

/** Where load generators may write while a pair is measured; becomes the pair's folder in {@link keepPair}. */
export async function openPair(folder: string, pair: Pick<PlannedSlot, 'part' | 'pair'>): Promise<string> {
  const unfinished = path.join(folder, `${pairFolder(pair)}.unfinished`);
  await rm(unfinished, { recursive: true, force: true });
  await makeFolder(unfinished);
  return unfinished;
}

/**
 * Keeps all runs of a pair at once: they are written into a folder that gets its name last, so that a pair is there
 * whole or not at all, whatever kills the process.
 */
export async function keepPair(
  folder: string,
  slots: readonly (PlannedSlot & { readonly run: RunRecord })[],
): Promise<StoredSlot[]> {
  const [first] = slots;
  if (!first) return [];
  const place = pairFolder(first);
  const unfinished = path.join(folder, `${place}.unfinished`);
  const stored: StoredSlot[] = [];
  for (const slot of slots) {
    const name = `${slot.slot}-${slot.variant.replaceAll(/[^A-Za-z0-9.+_-]+/g, '-')}`;
    await makeFolder(path.join(unfinished, name));
    await writeDurably(path.join(unfinished, name, RUN_FILE), toJson(slot.run));
    stored.push({ ...slot, folder: path.join(place, name) });
  }
  await writing(path.join(folder, place), async () => {
    await rename(unfinished, path.join(folder, place));
    await flushFolder(path.join(folder, 'runs'));
  });
  return stored;
}

/** Removes what an earlier sitting was killed over: half a file, half a pair. */
export async function clearUnfinished(folder: string): Promise<void> {
  await removeTemporaryFiles(folder);
  const runs = path.join(folder, 'runs');
  const names: string[] = await readdir(runs).catch(() => []);
  for (const name of names.filter((one) => one.endsWith('.unfinished')))
    await rm(path.join(runs, name), { recursive: true, force: true });
}

/** The pairs that are whole, in the order of the plan. */
export async function readPairs(folder: string, slots: readonly PlannedSlot[]): Promise<StoredSlot[]> {
  const present = new Set(await readdir(path.join(folder, 'runs')).catch(() => []));
  const stored: StoredSlot[] = [];
  for (const slot of slots) {
    const place = pairFolder(slot);
    if (!present.has(path.basename(place))) continue;
    const names = await readdir(path.join(folder, place));
    const name = names.find((one) => one.startsWith(`${slot.slot}-`)) ?? '';
    const file = path.join(folder, place, name, RUN_FILE);
    stored.push({ ...slot, folder: path.join(place, name), run: await parseRecord(file, RunRecord) });
  }
  return stored;
}

/** @throws HarnessError RESULT_NOT_FOUND when it broke off before it had a plan. */
export async function readPlan(folder: string): Promise<ExperimentPlan> {
  const file = path.join(folder, PLAN_FILE);
  if (!(await isThere(file))) {
    throw new HarnessError(
      'RESULT_NOT_FOUND',
      `${folder} holds no plan: nothing had been measured in pairs yet.`,
      {
        hint: 'Start the experiment anew.',
      },
    );
  }
  return parseRecord(file, ExperimentPlan);
}

/** What an earlier sitting left in a folder: its plan, its whole pairs and its record so far. `null` without a plan. */
export async function readSitting(
  folder: string,
): Promise<{ plan: ExperimentPlan; runs: StoredSlot[]; soFar: ExperimentRecord | null } | null> {
  const names: string[] = await readdir(folder).catch(() => []);
  if (!names.includes(PLAN_FILE)) return null;
  const plan = await parseRecord(path.join(folder, PLAN_FILE), ExperimentPlan);
  const file = [EXPERIMENT_FILE, SO_FAR_FILE].find((name) => names.includes(name));
  const soFar = file ? await parseRecord(path.join(folder, file), ExperimentRecord) : null;
  return { plan, runs: await readPairs(folder, plan.slots), soFar };
}
