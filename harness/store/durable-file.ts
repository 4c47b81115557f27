import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { HarnessError, messageOf } from '../errors.ts';
import { redact } from '../secrets.ts';

/**
 * Writes a file so that a crash, a kill or a full disk leaves either the old content or the new one: a temporary file
 * beside it, flushed, renamed over it, and the folder flushed (fsync of the folder makes the rename itself durable). No secret
 * that is remembered gets into a text.
 *
 * @throws HarnessError RESULT_WRITE_FAILED; the temporary file is gone and what was there before is intact.
 */
export async function writeDurably(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeFlushed(temporary, typeof content === 'string' ? redact(content) : content);
    await rename(temporary, file);
    await flushFolder(path.dirname(file));
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeError(file, error);
  }
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

/** Adds one JSON record as a line and flushes it, so that it survives whatever happens next. */
export async function appendRecord(file: string, record: unknown): Promise<void> {
  try {
    const handle = await open(file, 'a+');
    try {
      const torn = await endsInsideLine(handle);
      await handle.writeFile(`${torn ? '\n' : ''}${redact(JSON.stringify(record))}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw writeError(file, error);
  }
}

/** A process that was killed while it wrote leaves half a line, which must not swallow the next one. */
async function endsInsideLine(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() !== '\n';
}

function writeError(file: string, error: unknown): HarnessError {
  return new HarnessError('RESULT_WRITE_FAILED', `Cannot write ${file}: ${messageOf(error)}`, {
    cause: error,
    hint: 'Check the free space and the rights of that folder; --results DIR chooses another one.',
  });
}
