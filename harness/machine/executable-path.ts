import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';

/** File name of a program on this platform: `k6` is `k6.exe` on Windows. */
export function programFile(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}

/**
 * Every executable file called `name` on PATH, in the order of PATH. Relative and empty entries are left out: they
 * mean the working folder, from which no program should be run by accident.
 */
export async function findOnPath(name: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const folders = pathOf(env)
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder));
  const found: string[] = [];
  for (const folder of new Set(folders)) {
    const file = path.join(folder, programFile(name));
    if (await isExecutableFile(file)) found.push(file);
  }
  return found;
}

function pathOf(env: NodeJS.ProcessEnv): string {
  // A copy of process.env is case-sensitive, and Windows writes the name as `Path`.
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH');
  return (key && env[key]) || '';
}

async function isExecutableFile(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
