import { readFile } from 'node:fs/promises';
import { writeDurably } from '../store/durable-file.ts';

/** Writes a file unless it says the same already: most of a site does, and a flush to the disk takes longer than a look. @throws HarnessError RESULT_WRITE_FAILED */
export async function writeChanged(file: string, content: string): Promise<void> {
  const present = await readFile(file, 'utf8').catch(() => null);
  if (present !== content) await writeDurably(file, content);
}
