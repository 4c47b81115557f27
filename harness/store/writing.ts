import { mkdir } from 'node:fs/promises';
import { HarnessError, messageOf } from '../errors.ts';

/**
 * Does something that writes to a place in the results.
 * @throws HarnessError RESULT_WRITE_FAILED with the place, for whatever `work` throws
 */
export async function writing<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw writeFailure(place, messageOf(error), error);
  }
}

/** @param reason as the system says it: `ENOSPC: no space left on device, write` */
export function writeFailure(place: string, reason: string, cause?: unknown): HarnessError {
  return new HarnessError('RESULT_WRITE_FAILED', `Cannot write ${place}: ${reason}`, {
    cause,
    hint: 'Check the free space and the rights of that folder; --results DIR chooses another one.',
  });
}

/** Makes a folder of the results, with those above it. @throws HarnessError RESULT_WRITE_FAILED */
export async function makeFolder(folder: string): Promise<void> {
  await writing(folder, () => mkdir(folder, { recursive: true }));
}
