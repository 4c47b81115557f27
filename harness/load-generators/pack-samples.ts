import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { isThere } from '../store/is-there.ts';
import { writing } from '../store/writing.ts';

/**
 * Packs what k6 has written, when it has ended. While it measures, the samples are a plain file: readings come from it as it grows,
 * and packing takes none of the CPU that is measured. Of a harness that was killed the plain file is left, whole to its last line.
 *
 * @param file the plain one; nothing happens when there is none
 * @throws HarnessError RESULT_WRITE_FAILED; the plain file is still there
 */
export async function packSamples(file: string, packed: string): Promise<void> {
  if (!(await isThere(file))) return;
  const part = `${packed}.part`;
  await writing(packed, async () => {
    try {
      await pipeline(createReadStream(file), createGzip(), createWriteStream(part));
      await rename(part, packed);
    } catch (error) {
      await rm(part, { force: true }).catch(() => {}); // the first error is the one to tell
      throw error;
    }
    await rm(file);
  });
}
