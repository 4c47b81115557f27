import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { HarnessError, messageOf } from '../errors.ts';
import { freePort } from '../machine/free-port.ts';
import { takesConnections } from '../machine/takes-connections.ts';
import { rememberSecret } from '../secrets.ts';
import { settingsFile } from './cluster-settings.ts';
import type { PostgresDistribution } from './distribution.ts';
import type { UnprivilegedUser } from './unprivileged-user.ts';

/** Superuser of every cluster of ours. */
export const ADMIN_ROLE = 'rushhour';

/** The files of one cluster on disk, and what it is made with. */
export interface Cluster {
  readonly folder: string;
  readonly dataFolder: string;
  readonly logFile: string;
  /** Who runs its programs; `null`: this process's own account. */
  readonly user: UnprivilegedUser | null;
  readonly distribution: PostgresDistribution;
  readonly settings: Readonly<Record<string, string>>;
  /** Options of initdb for the default locale: what there is differs between major versions. */
  readonly localeOptions: readonly string[];
}

export interface RunningServer {
  readonly postmasterPid: number;
  readonly port: number;
}

/**
 * Makes an empty cluster. The password file is renamed into place last: a cluster without one is unfinished and is made again.
 *
 * @throws HarnessError POSTGRES_START_FAILED
 */
export async function createCluster(cluster: Cluster): Promise<void> {
  await rm(cluster.folder, { recursive: true, force: true });
  await mkdir(cluster.dataFolder, { recursive: true, mode: 0o700 });
  await chmod(cluster.folder, 0o711);
  const password = randomBytes(24).toString('base64url');
  rememberSecret(password);
  const passwordFile = path.join(cluster.folder, 'password.new');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (cluster.user) {
    await chown(cluster.dataFolder, cluster.user.uid, cluster.user.gid);
    await chown(passwordFile, cluster.user.uid, cluster.user.gid);
  }
  await runProgram(cluster, 'initdb', [
    ...['-D', cluster.dataFolder, '-U', ADMIN_ROLE, '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
    '--encoding=UTF8',
    ...cluster.localeOptions,
  ]);
  const settings = path.join(cluster.dataFolder, 'postgresql.auto.conf');
  await writeFile(settings, settingsFile(cluster.settings));
  if (cluster.user) {
    await chown(settings, cluster.user.uid, cluster.user.gid);
    await chown(passwordFile, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
  }
  await rename(passwordFile, path.join(cluster.folder, 'password'));
}

/** How long the processes of a server that was killed may take to go. */
const GOING_LIMIT_MS = 30_000;

/**
 * The server of this cluster if it is up, for example left running by a process that was killed. One that has a process and
 * takes no connection is just going: it is waited for.
 *
 * @throws HarnessError POSTGRES_START_FAILED when it neither takes connections nor goes
 */
export async function runningServer(cluster: Cluster): Promise<RunningServer | null> {
  const deadline = performance.now() + GOING_LIMIT_MS;
  while (await hasPostmaster(cluster)) {
    const server = await readPostmasterFile(cluster);
    if (await takesConnections(server.port)) return server;
    if (performance.now() > deadline)
      throw new HarnessError(
        'POSTGRES_START_FAILED',
        `The PostgreSQL server of ${cluster.folder} (pid ${server.postmasterPid}) takes no connections on port ${server.port} and does not end.`,
        { hint: `Its log is ${cluster.logFile}. End the process, then start again.` },
      );
    await delay(100);
  }
  return null;
}

async function hasPostmaster(cluster: Cluster): Promise<boolean> {
  const status = await execa(program(cluster, 'pg_ctl'), ['-D', cluster.dataFolder, 'status'], {
    ...identity(cluster),
    reject: false,
  });
  return status.exitCode === 0;
}

export async function startServer(cluster: Cluster): Promise<RunningServer> {
  const deadline = performance.now() + GOING_LIMIT_MS;
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      const options = [
        '-D',
        cluster.dataFolder,
        '-l',
        cluster.logFile,
        '-w',
        '-t',
        '120',
        '-o',
        `-p ${port}`,
        'start',
      ];
      await runProgram(cluster, 'pg_ctl', options);
      return await readPostmasterFile(cluster);
    } catch (error) {
      // Between asking for a free port and binding it, somebody else may have taken it.
      const log = await tailOf(cluster.logFile);
      if (attempt < 3 && log.includes('Address already in use')) continue;
      // Sessions outlive a postmaster that was killed by a moment, and hold its memory.
      if (log.includes('pre-existing shared memory block') && performance.now() < deadline) {
        await delay(250);
        continue;
      }
      throw new HarnessError(
        'POSTGRES_START_FAILED',
        `PostgreSQL did not start: ${messageOf(error)}\n${log}`,
        {
          cause: error,
          hint: `Its log is ${cluster.logFile}. Remove ${cluster.folder} to begin with a new cluster.`,
        },
      );
    }
  }
}

export async function stopServer(cluster: Cluster): Promise<void> {
  await runProgram(cluster, 'pg_ctl', ['-D', cluster.dataFolder, '-m', 'fast', '-w', '-t', '60', 'stop']);
}

/** Lines of postmaster.pid: pid, data folder, start time, port, … (PostgreSQL: src/include/utils/pidfile.h). */
async function readPostmasterFile(cluster: Cluster): Promise<RunningServer> {
  const text = await readFile(path.join(cluster.dataFolder, 'postmaster.pid'), 'utf8');
  const [pid, , , port] = text.split('\n').map((line) => Number(line));
  if (!pid || !port) throw new HarnessError('POSTGRES_START_FAILED', 'postmaster.pid names no pid and port.');
  return { postmasterPid: pid, port };
}

function program(cluster: Cluster, name: string): string {
  return path.join(cluster.distribution.binFolder, process.platform === 'win32' ? `${name}.exe` : name);
}

/** Who runs the program, where: root's own folder may be closed to that account. */
function identity(cluster: Cluster): { uid?: number; gid?: number; cwd: string; env: NodeJS.ProcessEnv } {
  const account = cluster.user ? { uid: cluster.user.uid, gid: cluster.user.gid } : {};
  // libpq variables of the person's shell must not reach the server's own programs.
  const env = Object.fromEntries(
    Object.keys(process.env)
      .filter((key) => key.startsWith('PG'))
      .map((key) => [key, undefined]),
  );
  return { ...account, cwd: path.parse(cluster.folder).root, env: { ...env, LC_ALL: 'C', TZ: 'UTC' } };
}

async function runProgram(cluster: Cluster, name: string, args: readonly string[]): Promise<void> {
  // stdin and stdout are not pipes: a postmaster that inherited them would keep this process waiting for their end.
  const result = await execa(program(cluster, name), args, {
    ...identity(cluster),
    reject: false,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: name === 'initdb' ? 'pipe' : 'ignore',
  });
  if (result.failed) {
    throw new HarnessError(
      'POSTGRES_START_FAILED',
      `${name} failed: ${result.stderr || result.shortMessage}`,
      {
        cause: result,
      },
    );
  }
}

async function tailOf(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').slice(-8).join('\n').trim();
}
