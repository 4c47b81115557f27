import { mkdtemp, rm, stat, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { type FoundK6, findK6, type MissingK6 } from '../load-generators/k6-binary.ts';
import { installK6 } from '../load-generators/k6-install.ts';
import { type EndedOrphans, endOrphans, findOrphans } from '../machine/end-orphans.ts';
import { findOnPath } from '../machine/executable-path.ts';
import { isPortFree } from '../machine/free-port.ts';
import { runProcess } from '../machine/process-group.ts';
import { notesFolder, type ProcessNote } from '../machine/process-notes.ts';
import { distributionPackage, findDistributionPackage } from '../postgres/distribution.ts';
import { unprivilegedUser } from '../postgres/unprivileged-user.ts';
import type { FixOptions } from './check.ts';

/** Everything the checks ask of the world outside. */
export interface Machine {
  /** Without the v: `20.19.0`. */
  nodeVersion(): string;
  /** The npm package with PostgreSQL for this platform; its version is `null` when it is not installed. */
  postgresPackage(): Promise<{ name: string; version: string | null }>;
  findK6(): Promise<FoundK6 | MissingK6>;
  installK6(options: FixOptions): Promise<FoundK6>;
  /** `null` when it is not installed. */
  autocannonVersion(): string | null;
  /** As go prints it: `go1.26.8`; `null` without Go. */
  goVersion(): Promise<string | null>;
  /** Free to this user, on the disk that holds the folder or would hold it. */
  freeBytes(folder: string): Promise<number>;
  cores(): number;
  memoryBytes(): number;
  /** Processes that ran or waited over the last minute; `null` on Windows, which does not count them. */
  loadAverage1m(): number | null;
  isPortFree(port: number): Promise<boolean>;
  /** Rejects when the folder, or the nearest one above it that exists, cannot be written to. */
  tryWriting(folder: string): Promise<void>;
  /** The account PostgreSQL will run as; `null` when that is the present one. */
  unprivilegedUser(): Promise<{ name: string; uid: number } | null>;
  /** Processes that a run which was killed has left. */
  leftRunning(): readonly ProcessNote[];
  endLeftRunning(): Promise<EndedOrphans>;
}

const GO_TIME_LIMIT_MS = 15_000;

/** The machine this process runs on. */
export function thisMachine(env: NodeJS.ProcessEnv = process.env): Machine {
  return {
    nodeVersion: () => process.versions.node,
    postgresPackage: async () => ({
      name: distributionPackage(),
      version: (await findDistributionPackage())?.version ?? null,
    }),
    findK6: () => findK6({ env }),
    installK6: (options) => installK6({ env, ...options }),
    autocannonVersion: () => installedVersion('autocannon'),
    goVersion: () => readGoVersion(env),
    freeBytes: async (folder) => {
      const disk = await statfs(await nearestExisting(folder));
      return disk.bavail * disk.bsize;
    },
    cores: () => os.availableParallelism(),
    memoryBytes: availableMemoryBytes,
    loadAverage1m: () => (process.platform === 'win32' ? null : (os.loadavg()[0] ?? null)),
    isPortFree,
    tryWriting: async (folder) => {
      const trial = await mkdtemp(path.join(await nearestExisting(folder), '.rushhour-doctor-'));
      await rm(trial, { recursive: true });
    },
    unprivilegedUser,
    leftRunning: () => findOrphans(notesFolder(cacheFolder(env))),
    endLeftRunning: () => endOrphans({ folder: notesFolder(cacheFolder(env)) }),
  };
}

function installedVersion(name: string): string | null {
  try {
    return (createRequire(import.meta.url)(`${name}/package.json`) as { version: string }).version;
  } catch {
    return null;
  }
}

async function readGoVersion(env: NodeJS.ProcessEnv): Promise<string | null> {
  const [go] = await findOnPath('go', env);
  if (!go) return null;
  const outcome = await runProcess({ file: go, args: ['version'], env, timeLimitMs: GO_TIME_LIMIT_MS });
  return /^go version (\S+)/m.exec(outcome.output)?.[1] ?? null;
}

/** A container's limit counts where there is one; without one Node reports 0 or more than the machine has. */
function availableMemoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, os.totalmem()) : os.totalmem();
}

/** The folder itself, or the nearest one above it that exists. */
async function nearestExisting(folder: string): Promise<string> {
  const current = path.resolve(folder);
  const exists = await stat(current).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  return exists || current === path.dirname(current) ? current : nearestExisting(path.dirname(current));
}
