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

/** Pids of the reference services that a command has started and that are still there. */
export async function servicesOf(command: { readonly pid?: number | undefined }): Promise<number[]> {
  const { stdout } = await execa('ps', ['-eo', 'ppid,pid,args'], { reject: false });
  return stdout.split('\n').flatMap((line) => {
    const [parent, pid] = line.trim().split(/\s+/);
    return Number(parent) === command.pid && line.includes('target/main.ts') ? [Number(pid)] : [];
  });
}

/**
 * Asks until the answer is yes, for three minutes at most.
 * @param command what the answer depends on: it is asked as long as that runs instead, and once more
 */
export async function eventually(
  ask: () => Promise<boolean>,
  command?: { readonly exitCode?: number | null; readonly signalCode?: string | null },
): Promise<boolean> {
  for (let attempt = 0; command || attempt < 1800; attempt++) {
    const hasEnded = typeof command?.exitCode === 'number' || typeof command?.signalCode === 'string';
    if (await ask()) return true;
    if (hasEnded) return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
