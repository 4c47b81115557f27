import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';

/** A disk of its own, for what a full one does. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes all the space but for so many pages. Default: none is left. */
  fill(pagesLeft?: number): Promise<void>;
  /** Gives it back. */
  free(): Promise<void>;
  remove(): Promise<void>;
}

/** A page: what a file on it takes at least, and grows by. */
export const PAGE_BYTES = 4096;

/**
 * Mounts a disk in memory.
 * @returns the reason, for a test to skip with, where this account may not mount. As root under CI that is an error instead.
 */
export async function mountSmallDisk(bytes: number): Promise<SmallDisk | { readonly skip: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rushhour-small-disk-'));
  try {
    await execa('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder]);
  } catch (error) {
    await rm(folder, { recursive: true });
    if (process.env.CI && process.getuid?.() === 0) throw error;
    return { skip: 'this account may not mount a small disk' };
  }
  const filler = path.join(folder, 'filler');
  return {
    folder,
    fill: async (pagesLeft = 0) => {
      const file = await open(filler, 'a');
      try {
        for (;;) await file.writeFile(Buffer.alloc(PAGE_BYTES));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        const { size } = await file.stat();
        await file.truncate(Math.max(0, size - pagesLeft * PAGE_BYTES));
        await file.close();
      }
    },
    free: () => rm(filler, { force: true }),
    remove: async () => {
      await execa('umount', [folder]);
      await rm(folder, { recursive: true });
    },
  };
}
