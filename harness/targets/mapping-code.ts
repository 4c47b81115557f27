import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT_ROOT } from '../machine/environment.ts';

/** What turns entities into rows of another schema; the generators themselves are all of seed/. */
const OURS = ['column-text.ts', 'load-mapped-rows.ts', 'local-time.ts', 'mapped-rows.ts', 'mapping-tools.ts'];

/** 8 hexadecimal digits of the code that makes mapped rows. */
export async function mappingCodeHash(): Promise<string> {
  const seed = path.join(PROJECT_ROOT, 'seed');
  const generators = (await readdir(seed)).filter((name) => !name.endsWith('.test.ts')).sort();
  const files = [
    ...generators.map((name) => path.join(seed, name)),
    ...OURS.map((name) => path.join(import.meta.dirname, name)),
  ];
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 8);
}
