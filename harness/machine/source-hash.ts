import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT_ROOT } from './environment.ts';

/**
 * 8 hexadecimal digits of files of this project, in the order given.
 * @param places seen from its root: files, and folders, of which every file counts that is no test
 */
export async function hashOfSources(places: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const place of places) {
    for (const file of await sourceFilesOf(path.join(PROJECT_ROOT, place))) hash.update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 8);
}

async function sourceFilesOf(place: string): Promise<string[]> {
  if (path.extname(place) !== '') return [place];
  const names = await readdir(place);
  return names
    .filter((name) => !name.endsWith('.test.ts'))
    .sort()
    .map((name) => path.join(place, name));
}
