import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Part } from '../../harness/experiment-record.ts';
import { listResultIds } from '../../harness/store/read-results.ts';
import { EVENTS_FILE } from '../../harness/store/result-folder.ts';

/** Pairs of a part that the newest experiment says are finished, in the order it said so. */
export async function finishedPairs(results: string, part: Part): Promise<number[]> {
  const id = (await listResultIds(results)).at(-1);
  if (id === undefined) return [];
  const text = await readFile(path.join(results, id, EVENTS_FILE), 'utf8').catch(() => '');
  const lines = text.split('\n').slice(0, -1); // what comes after the last line end is not whole yet
  return lines
    .map((line) => JSON.parse(line) as { event: string; part?: Part; pair?: number })
    .flatMap((one) => (one.event === 'pair finished' && one.part === part ? [one.pair ?? 0] : []));
}
