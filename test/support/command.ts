import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa, type Options } from 'execa';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';

/** Starts the tool as a person would, from a folder that is not the project's. */
export function rushhour(args: readonly string[], options: Options = {}) {
  const bin = path.join(PROJECT_ROOT, 'bin', 'rushhour.js');
  return execa(process.execPath, [bin, ...args], {
    reject: false,
    cwd: tmpdir(),
    stdin: 'ignore',
    ...options,
  });
}

/** A folder that is gone after the test. */
export async function scratchFolder(t: { after(work: () => Promise<void>): void }): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rush hour test '));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
