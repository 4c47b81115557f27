/** The samples of a k6 that runs: looked at while it writes them, packed when it has ended. */
import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { createGzip } from 'node:zlib';
import { writing } from '../store/writing.ts';
import { K6_FILES } from './k6-command.ts';
import { variantOf } from './k6-paired-samples.ts';
import { isPoll, type Row, requestEnd, splitCsvLine } from './k6-samples.ts';
import type { LoadOrder } from './load-generator.ts';
import { RequestEndCounts } from './request-ends.ts';

/** k6 writes what it has every second (output/csv, saveInterval). */
const LOOK_EVERY_MS = 1_000;

/**
 * Tells how requests end while k6 runs; k6 itself is asked nothing.
 * @returns stops it
 */
export function watchSamples({ runFolder, onRequestEnds }: LoadOrder): { stop(): Promise<void> } {
  if (onRequestEnds === undefined) return { stop: async () => {} };
  const reader = new LiveReader(path.resolve(runFolder, K6_FILES.liveSamples));
  let looking: Promise<void> | null = null;
  const timer = setInterval(() => {
    looking ??= reader
      .read()
      .then((ends) => onRequestEnds(ends))
      .catch(() => {}) // what cannot be read now is said when the load is over
      .finally(() => {
        looking = null;
      });
  }, LOOK_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
      await reader.close();
    },
  };
}

/** Packs the samples, which k6 writes as they are: packed by k6 they would come seconds late, in blocks. */
export async function packSamples(runFolder: string): Promise<void> {
  const from = path.resolve(runFolder, K6_FILES.liveSamples);
  const to = path.resolve(runFolder, K6_FILES.samples);
  await writing(to, async () => {
    try {
      await pipeline(createReadStream(from), createGzip(), createWriteStream(to));
    } catch (error) {
      const { code, path: missing } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' || missing !== from) throw error;
      await rm(to, { force: true }); // k6 has written none
    }
    await rm(from, { force: true });
  });
}

class LiveReader {
  readonly #file: string;
  readonly #decoder = new StringDecoder('utf8');
  readonly #counts = new RequestEndCounts();
  #handle: FileHandle | null = null;
  #rest = '';
  #columns: string[] | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  /** What has been written since the last time, by whole lines. */
  async read() {
    this.#handle ??= await open(this.#file);
    const buffer = Buffer.alloc(1 << 18);
    for (;;) {
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return this.#counts.take();
      const lines = (this.#rest + this.#decoder.write(buffer.subarray(0, bytesRead))).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#take(line);
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }

  #take(line: string): void {
    if (this.#columns === null) this.#columns = splitCsvLine(line);
    else if (line.startsWith('http_req_duration,') || line.startsWith('mismatches,')) {
      const cells = splitCsvLine(line);
      const row: Row = new Map(this.#columns.map((name, index) => [name, cells[index] ?? '']));
      if ((row.get('scenario') ?? '') === '' || isPoll(row)) return; // a setup, or a question whether something has ended
      if (row.get('metric_name') === 'mismatches') this.#counts.addLateError(variantOf(row));
      else this.#counts.add(variantOf(row), requestEnd(row));
    }
  }
}
