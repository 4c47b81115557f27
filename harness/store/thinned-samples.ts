import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { formatBytes, formatInstant } from '../quantity.ts';
import { writeDurably } from './durable-file.ts';
import { EXPERIMENT_FILE } from './result-folder.ts';
import { writing } from './writing.ts';

/** Says that raw samples of a result were removed, when, and why. There before the first of them goes. */
export const THINNED_FILE = 'samples-thinned.json';

export const ThinnedSamples = z.object({
  schema: z.literal('rushhour.samples-thinned/1'),
  at: z.string().describe('ISO 8601 instant, UTC'),
  reason: z.string(),
  files: z.array(z.string()).describe('relative to the folder of the result'),
  bytes: z.number().int().nonnegative().describe('of all of them'),
  done: z.boolean().describe('false: not all of them are gone yet'),
});
export type ThinnedSamples = z.infer<typeof ThinnedSamples>;

/** Names of the files that hold a line for each request. Logs, summaries and slices are small and stay. */
const SAMPLES = /-samples\.csv\.gz$/;

/**
 * Removes the raw samples of an experiment that has ended, those of its confirmation too. Its records, reports and charts stay. What an
 * earlier call was interrupted over is finished.
 *
 * @param folder of the experiment
 * @returns bytes freed by this call; `null` when it has no end record, so that it may be under way or be resumed: nothing was touched
 * @throws HarnessError RESULT_WRITE_FAILED
 */
export async function thinSamples(folder: string, reason: string): Promise<number | null> {
  const names = await readdir(folder);
  if (!names.includes(EXPERIMENT_FILE)) return null;
  const earlier = await readThinned(folder);
  if (earlier?.done) return 0;
  const found = await sampleFiles(folder);
  if (found.length === 0 && earlier === null) return 0;
  const marker = earlier ?? markerOf(found, reason);
  const file = path.join(folder, THINNED_FILE);
  if (earlier === null) await writeDurably(file, toText(marker));
  for (const one of found) await writing(folder, () => rm(path.join(folder, one.name), { force: true }));
  await writeDurably(file, toText({ ...marker, done: true }));
  return sumOf(found);
}

/** What was thinned of a result; `null` when all its samples are as they were measured, or the marker was damaged. */
export async function readThinned(folder: string): Promise<ThinnedSamples | null> {
  const text = await readFile(path.join(folder, THINNED_FILE), 'utf8').catch(() => null);
  if (text === null) return null;
  const parsed = ThinnedSamples.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

/** "samples thinned on 22 Nov 2026, 21:04 UTC (83.1 MB): reason" */
export function thinnedText({ at, bytes, reason }: ThinnedSamples): string {
  return `samples thinned on ${formatInstant(at)} (${formatBytes(bytes)}): ${reason}`;
}

interface SampleFile {
  readonly name: string;
  readonly bytes: number;
}

/** Links are not followed: what they lead to is not this result's. */
async function sampleFiles(folder: string, inside = ''): Promise<SampleFile[]> {
  const entries = await readdir(path.join(folder, inside), { withFileTypes: true });
  const found: SampleFile[] = [];
  for (const entry of entries) {
    const name = path.join(inside, entry.name);
    if (entry.isDirectory()) found.push(...(await sampleFiles(folder, name)));
    else if (entry.isFile() && SAMPLES.test(entry.name) && inside !== '')
      found.push({ name, bytes: (await stat(path.join(folder, name))).size });
  }
  return found;
}

function markerOf(found: readonly SampleFile[], reason: string): ThinnedSamples {
  return {
    schema: 'rushhour.samples-thinned/1',
    at: new Date().toISOString(),
    reason,
    files: found.map(({ name }) => name),
    bytes: sumOf(found),
    done: false,
  };
}

function sumOf(files: readonly SampleFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

function toText(marker: ThinnedSamples): string {
  return `${JSON.stringify(marker, null, 1)}\n`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
