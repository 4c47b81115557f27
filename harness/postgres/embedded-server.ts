import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import pg from 'pg';
import lockfile from 'proper-lockfile';
import { cacheFolder } from '../cache-folder.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { freePort } from '../machine/free-port.ts';
import { CLUSTER_SETTINGS, settingsFile } from './cluster-settings.ts';
import { type PostgresDistribution, prepareDistribution, serverFolder } from './distribution.ts';
import { releaseLease, takeLease } from './lease.ts';
import type { PostgresServer } from './server.ts';
import { type UnprivilegedUser, unprivilegedUser } from './unprivileged-user.ts';

const ADMIN_ROLE = 'rushhour';
const SERVICE_ROLE = 'rushhour_app';

export interface EmbeddedServerOptions {
  /** Where binaries and clusters are kept. Default: the tool's cache folder. */
  readonly cacheFolder?: string;
  readonly onProgress?: (message: string) => void;
}

/** The files of one cluster on disk. */
interface Cluster {
  readonly folder: string;
  readonly dataFolder: string;
  readonly logFile: string;
  readonly user: UnprivilegedUser | null;
  readonly distribution: PostgresDistribution;
}

/**
 * Starts the embedded cluster, creating it the first time, or joins it when another rushhour process has it running.
 * Each holder takes a lease; the last to release it stops the server.
 *
 * @throws HarnessError POSTGRES_UNAVAILABLE or POSTGRES_START_FAILED
 */
export async function acquireEmbeddedServer(options: EmbeddedServerOptions = {}): Promise<PostgresServer> {
  const onProgress = options.onProgress ?? (() => {});
  const user = await unprivilegedUser();
  const base = await serverFolder(options.cacheFolder ?? cacheFolder(), user);
  const unlock = await lockFolder(base);
  try {
    const cluster = await prepareCluster(base, user, onProgress);
    onProgress('starting PostgreSQL');
    const running = (await runningServer(cluster)) ?? (await startServer(cluster));
    const lease = await takeLease(cluster.folder);
    try {
      return await describeServer(cluster, running, async () => {
        const unlockAgain = await lockFolder(base);
        try {
          if (await releaseLease(lease)) await stopServer(cluster);
        } finally {
          await unlockAgain();
        }
      });
    } catch (error) {
      if (await releaseLease(lease)) await stopServer(cluster);
      throw error;
    }
  } finally {
    await unlock();
  }
}

/** Start, join and stop must not overlap between processes, or one stops what the other has just joined. */
async function lockFolder(folder: string): Promise<() => Promise<void>> {
  return lockfile.lock(folder, {
    lockfilePath: path.join(folder, 'lock'),
    stale: 60_000,
    update: 5_000,
    retries: { retries: 240, factor: 1, minTimeout: 500, maxTimeout: 500 },
  });
}

async function prepareCluster(
  base: string,
  user: UnprivilegedUser | null,
  onProgress: (message: string) => void,
): Promise<Cluster> {
  onProgress('preparing the PostgreSQL binaries');
  const distribution = await prepareDistribution(base);
  const key = createHash('sha256').update(settingsFile(CLUSTER_SETTINGS)).digest('hex').slice(0, 8);
  const folder = path.join(base, `cluster-${distribution.version}-${key}`);
  const cluster = {
    folder,
    dataFolder: path.join(folder, 'data'),
    logFile: path.join(folder, 'data', 'server.log'),
    user,
    distribution,
  };
  if (!(await isFile(path.join(folder, 'password')))) {
    onProgress('creating a PostgreSQL cluster');
    await createCluster(cluster);
  }
  return cluster;
}

/** The password file is renamed into place last: a cluster without one is unfinished and is made again. */
async function createCluster(cluster: Cluster): Promise<void> {
  await rm(cluster.folder, { recursive: true, force: true });
  await mkdir(cluster.dataFolder, { recursive: true, mode: 0o700 });
  await chmod(cluster.folder, 0o711);
  const password = randomBytes(24).toString('base64url');
  const passwordFile = path.join(cluster.folder, 'password.new');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (cluster.user) {
    await chown(cluster.dataFolder, cluster.user.uid, cluster.user.gid);
    await chown(passwordFile, cluster.user.uid, cluster.user.gid);
  }
  await runProgram(cluster, 'initdb', [
    ...['-D', cluster.dataFolder, '-U', ADMIN_ROLE, '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  ]);
  const settings = path.join(cluster.dataFolder, 'postgresql.auto.conf');
  await writeFile(settings, settingsFile(CLUSTER_SETTINGS));
  if (cluster.user) {
    await chown(settings, cluster.user.uid, cluster.user.gid);
    await chown(passwordFile, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
  }
  await rename(passwordFile, path.join(cluster.folder, 'password'));
}

interface RunningServer {
  readonly postmasterPid: number;
  readonly port: number;
}

/** The server of this cluster if it is up, for example left running by a process that was killed. */
async function runningServer(cluster: Cluster): Promise<RunningServer | null> {
  const status = await execa(program(cluster, 'pg_ctl'), ['-D', cluster.dataFolder, 'status'], {
    ...identity(cluster),
    reject: false,
  });
  return status.exitCode === 0 ? readPostmasterFile(cluster) : null;
}

async function startServer(cluster: Cluster): Promise<RunningServer> {
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

async function stopServer(cluster: Cluster): Promise<void> {
  await runProgram(cluster, 'pg_ctl', ['-D', cluster.dataFolder, '-m', 'fast', '-w', '-t', '60', 'stop']);
}

/** Lines of postmaster.pid: pid, data folder, start time, port, … (PostgreSQL: src/include/utils/pidfile.h). */
async function readPostmasterFile(cluster: Cluster): Promise<RunningServer> {
  const text = await readFile(path.join(cluster.dataFolder, 'postmaster.pid'), 'utf8');
  const [pid, , , port] = text.split('\n').map((line) => Number(line));
  if (!pid || !port) throw new HarnessError('POSTGRES_START_FAILED', 'postmaster.pid names no pid and port.');
  return { postmasterPid: pid, port };
}

async function describeServer(
  cluster: Cluster,
  running: RunningServer,
  release: () => Promise<void>,
): Promise<PostgresServer> {
  const password = await readFile(path.join(cluster.folder, 'password'), 'utf8');
  const urlOf = (role: string, database = 'postgres') =>
    `postgres://${role}:${password}@127.0.0.1:${running.port}/${encodeURIComponent(database)}`;
  const version = await ensureServiceRole(urlOf(ADMIN_ROLE), password);
  return {
    embedded: true,
    version,
    postmasterPid: running.postmasterPid,
    serviceRole: SERVICE_ROLE,
    adminUrl: (database) => urlOf(ADMIN_ROLE, database),
    serviceUrl: (database) => urlOf(SERVICE_ROLE, database),
    release,
  };
}

/** The service gets a role without privileges of its own, as it would have in production. */
async function ensureServiceRole(adminUrl: string, password: string): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [SERVICE_ROLE]);
    if (!rowCount)
      await client.query(`CREATE ROLE ${SERVICE_ROLE} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? 'unknown';
  } finally {
    await client.end();
  }
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

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
