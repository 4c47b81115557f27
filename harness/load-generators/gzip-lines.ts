/** Lines of a gzipped text file, as far as it can be read. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';

/** What became of a file after its lines were read. */
export interface GzipLines {
  readonly lines: AsyncIterable<string>;
  /** Why reading stopped before the end; `null` while all is well. */
  readonly damage: () => Error | null;
}

/**
 * A file that breaks off, because its writer was killed or the disk is full, gives every whole line before the break.
 * Memory is constant.
 */
export function readGzipLines(path: string): GzipLines {
  let damage: Error | null = null;
  async function* lines(): AsyncGenerator<string> {
    // Z_SYNC_FLUSH hands out what was decoded when the end of the stream is missing (Node.js zlib manual).
    const text = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
    pipeline(createReadStream(path), text, () => {});
    text.setEncoding('utf8');
    let rest = '';
    try {
      for await (const chunk of text) {
        const whole = (rest + chunk).split('\n');
        rest = whole.pop() ?? '';
        yield* whole;
      }
      if (rest !== '') damage = new Error('the last line breaks off');
    } catch (error) {
      damage = error as Error;
    }
  }
  return { lines: lines(), damage: () => damage };
}
