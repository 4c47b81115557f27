import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { redact } from '../secrets.ts';
import { writing } from '../store/writing.ts';
import { readGzipLines } from './gzip-lines.ts';

/** So many lines are looked through at once. */
const LINES_AT_ONCE = 5_000;

/**
 * Takes secrets out of the samples of a script that is not ours: k6 writes addresses with their parameters into them.
 * @returns why the file had broken off, of which every whole line is kept; `null` while all is well
 * @throws HarnessError RESULT_WRITE_FAILED
 */
export async function redactSamples(file: string): Promise<Error | null> {
  const { lines, damage } = readGzipLines(file);
  async function* safeLines(): AsyncGenerator<string> {
    let some: string[] = [];
    for await (const line of lines) {
      some.push(line);
      if (some.length < LINES_AT_ONCE) continue;
      yield redact(`${some.join('\n')}\n`);
      some = [];
    }
    if (some.length > 0) yield redact(`${some.join('\n')}\n`);
  }
  const part = `${file}.part`;
  await writing(file, async () => {
    await pipeline(Readable.from(safeLines()), createGzip(), createWriteStream(part));
    await rename(part, file);
  });
  return damage();
}
