/** How requests end while k6 runs, from the samples that it writes. */
import path from 'node:path';
import { followFile } from './growing-file.ts';
import { K6_FILES } from './k6-command.ts';
import { K6LiveRows } from './k6-live-rows.ts';
import { variantOf } from './k6-paired-samples.ts';
import { isPoll, type Row, requestEnd } from './k6-samples.ts';
import type { LoadOrder } from './load-generator.ts';
import { RequestEndCounts, type RequestEnds } from './request-ends.ts';

/** k6 writes what it has every second (output/csv, saveInterval). */
const LOOK_EVERY_MS = 1_000;

/** Takes the rows as they come. Pure. */
export class K6RequestEnds {
  /** Rows of all others are passed over. */
  static readonly METRICS = ['http_req_duration', 'mismatches'] as const;
  readonly #counts = new RequestEndCounts();

  take(row: Row): void {
    if ((row.get('scenario') ?? '') === '' || isPoll(row)) return; // a setup, or a question whether something has ended
    const metric = row.get('metric_name');
    if (metric === 'mismatches') this.#counts.addLateError(variantOf(row));
    else if (metric === 'http_req_duration') this.#counts.add(variantOf(row), requestEnd(row));
  }

  /** Of rows since the last time. */
  told(): RequestEnds[] {
    return this.#counts.take();
  }
}

/**
 * Tells how requests end while a script runs of which no schedule is known.
 * @returns stops it
 */
export function watchRequestEnds({ runFolder, onRequestEnds }: LoadOrder): { stop(): Promise<void> } {
  if (onRequestEnds === undefined) return { stop: async () => {} };
  const file = followFile(path.resolve(runFolder, K6_FILES.liveSamples));
  const rows = new K6LiveRows(K6RequestEnds.METRICS);
  const ends = new K6RequestEnds();
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking
      .then(() =>
        file.read((text) => {
          for (const row of rows.take(text)) ends.take(row);
        }),
      )
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
