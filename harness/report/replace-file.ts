import { open, rename, rm } from 'node:fs/promises';
import { HarnessError, messageOf } from '../errors.ts';

/**
 * Writes a file so that a reader sees the old content or the new, never half of it.
 *
 * @throws HarnessError RESULT_WRITE_FAILED; nothing is left beside the old file
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw new HarnessError('RESULT_WRITE_FAILED', `${path} could not be written: ${messageOf(error)}`, {
      hint: 'Check that the disk has room and that the folder may be written to.',
      cause: error,
    });
  }
}
