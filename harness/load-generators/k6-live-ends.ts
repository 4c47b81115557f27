/** How requests end while k6 runs, from the samples that it writes. */
import path from 'node:path';
import { followFile } from './growing-file.ts';
import { K6_FILES } from './k6-command.ts';
import { variantOf } from './k6-paired-samples.ts';
import { isPoll, type Row, requestEnd, splitCsvLine } from './k6-samples.ts';
import type { LoadOrder } from './load-generator.ts';
import { RequestEndCounts, type RequestEnds } from './request-ends.ts';

/** k6 writes what it has every second (output/csv, saveInterval). */
const LOOK_EVERY_MS = 1_000;

/** Takes the file as it grows, in pieces that may end anywhere. Pure. */
export class K6RequestEnds {
  readonly #counts = new RequestEndCounts();
  #rest = '';
  #columns: readonly string[] | null = null;

  take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (this.#columns === null) this.#columns = splitCsvLine(line);
      else if (line.startsWith('http_req_duration,') || line.startsWith('mismatches,'))
        this.#takeRow(line, this.#columns);
    }
  }

  /** Of whole lines since the last time. */
  told(): RequestEnds[] {
    return this.#counts.take();
  }

  #takeRow(line: string, columns: readonly string[]): void {
    const cells = splitCsvLine(line);
    const row: Row = new Map(columns.map((name, index) => [name, cells[index] ?? '']));
    if ((row.get('scenario') ?? '') === '' || isPoll(row)) return; // a setup, or a question whether something has ended
    if (row.get('metric_name') === 'mismatches') this.#counts.addLateError(variantOf(row));
    else this.#counts.add(variantOf(row), requestEnd(row));
  }
}

/**
 * Tells how requests end while a script runs of which no schedule is known.
 * @returns stops it
 */
export function watchRequestEnds({ runFolder, onRequestEnds }: LoadOrder): { stop(): Promise<void> } {
  if (onRequestEnds === undefined) return { stop: async () => {} };
  const file = followFile(path.resolve(runFolder, K6_FILES.liveSamples));
  const ends = new K6RequestEnds();
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking
      .then(() => file.read((text) => ends.take(text)))
      .then(() => onRequestEnds(ends.told()))
      .catch(() => {}); // what cannot be read now is said when the load is over
  }, LOOK_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
      await file.close();
    },
  };
}
