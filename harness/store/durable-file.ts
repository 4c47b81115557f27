import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { redact } from '../secrets.ts';
import { writing } from './writing.ts';

/**
 * Writes a file so that a crash, a kill or a full disk leaves either the old content or the new one: a temporary file
 * beside it, flushed, renamed over it, and the folder flushed (fsync of the folder makes the rename itself durable). No secret
 * that is remembered gets into a text.
 *
 * @throws HarnessError RESULT_WRITE_FAILED; the temporary file is gone and what was there before is intact.
 */
export async function writeDurably(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  await writing(file, async () => {
    try {
      await writeFlushed(temporary, typeof content === 'string' ? redact(content) : content);
      await rename(temporary, file);
      await flushFolder(path.dirname(file));
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {}); // the first error is the one to tell
      throw error;
    }
  });
}

/** Removes the temporary files that a process was killed over. Call only where nobody writes. */
export async function removeTemporaryFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/\.[0-9a-f]{8}\.tmp$/.test(name)) await rm(path.join(folder, name), { force: true });
  }
}

async function writeFlushed(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes what was created or renamed in a folder durable. */
export async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // folders cannot be opened there
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Adds one JSON record as a line and flushes it, so that it survives whatever happens next. What a full disk has let through of a line
 * is taken back.
 *
 * @throws HarnessError RESULT_WRITE_FAILED; the lines before are as they were
 */
export async function appendRecord(file: string, record: unknown): Promise<void> {
  await writing(file, async () => {
    const handle = await open(file, 'a+');
    try {
      const { size } = await handle.stat();
      const torn = await endsInsideLine(handle, size);
      try {
        await handle.writeFile(`${torn ? '\n' : ''}${redact(JSON.stringify(record))}\n`);
        await handle.sync();
      } catch (error) {
        await takeBack(handle, size);
        throw error;
      }
    } finally {
      await handle.close();
    }
  });
}

/** Unless another process has added a line of its own meanwhile, which would go with it: readers pass over half a line. */
async function takeBack(handle: FileHandle, size: number): Promise<void> {
  const end = Buffer.alloc(1);
  const now = (await handle.stat()).size;
  await handle.read(end, 0, 1, Math.max(0, now - 1));
  if (now > size && end.toString() !== '\n') await handle.truncate(size).catch(() => {});
}

/** A process that was killed while it wrote leaves half a line, which must not swallow the next one. */
async function endsInsideLine(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() !== '\n';
}
