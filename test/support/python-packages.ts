/** A virtual environment of Python with the packages of a requirements.txt, kept between test runs. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import envPaths from 'env-paths';
import { ExecaError, execa } from 'execa';
import { messageOf } from '../../harness/errors.ts';
import { isThere } from '../../harness/store/is-there.ts';

/** Not below RUSHHOUR_CACHE, which test runs remove. */
const KEPT = path.join(envPaths('rushhour', { suffix: '' }).cache, 'test-python');

const INSTALL_TIMEOUT_MS = 300_000;

/**
 * Finds the environment or makes it, from the index that pip of this machine is set to.
 *
 * @returns the reason, for a test to skip with, when it cannot be had. Under CI that is an error instead, so that a build cannot turn
 * green by testing nothing.
 */
export async function pythonPackages(requirements: string): Promise<{ folder: string } | { skip: string }> {
  try {
    const key = createHash('sha256')
      .update(await readFile(requirements))
      .digest('hex')
      .slice(0, 16);
    const folder = path.join(KEPT, key);
    if (!(await isThere(pythonIn(folder)))) await install(requirements, folder);
    return { folder };
  } catch (error) {
    const reason = `Python with the packages of ${path.basename(requirements)} cannot be had: ${reasonOf(error)}`;
    if (process.env.CI) throw new Error(reason, { cause: error });
    return { skip: reason };
  }
}

/** Renamed into place whole. Programs of it are run as `python -m`: their own files name the folder they were made in. */
async function install(requirements: string, folder: string): Promise<void> {
  await mkdir(KEPT, { recursive: true });
  const building = await mkdtemp(path.join(KEPT, 'building-'));
  try {
    const venv = path.join(building, 'venv');
    await execa('python3', ['-m', 'venv', venv], { timeout: INSTALL_TIMEOUT_MS });
    const python = path.join(venv, 'bin', 'python');
    await execa(python, ['-m', 'pip', 'install', '--quiet', '--requirement', requirements], {
      timeout: INSTALL_TIMEOUT_MS,
    });
    await rename(venv, folder).catch(async (error: unknown) => {
      if (!(await isThere(pythonIn(folder)))) throw error; // another run was faster
    });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

function pythonIn(folder: string): string {
  return path.join(folder, 'bin', 'python');
}

/** pip says why on a line of its own: "ERROR: No matching distribution …". */
function reasonOf(error: unknown): string {
  const said = error instanceof ExecaError ? String(error.stderr).split('\n') : [];
  return said.findLast((line) => /^(ERROR|error):/.test(line)) ?? messageOf(error).split('\n')[0] ?? '';
}
