import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import lockfile from 'proper-lockfile';
import { cacheFolder } from '../cache-folder.ts';
import { rememberSecret } from '../secrets.ts';
import { stopAbandonedServers } from './abandoned-server.ts';
import {
  ADMIN_ROLE,
  type Cluster,
  createCluster,
  type RunningServer,
  runningServer,
  startServer,
  stopServer,
} from './cluster.ts';
import { CLUSTER_SETTINGS, settingsFile } from './cluster-settings.ts';
import { prepareDistribution, serverFolder } from './distribution.ts';
import { endClient } from './end-client.ts';
import { releaseLease, takeLease } from './lease.ts';
import { scramVerifier } from './scram-verifier.ts';
import type { PostgresServer } from './server.ts';
import { type UnprivilegedUser, unprivilegedUser } from './unprivileged-user.ts';

const SERVICE_ROLE = 'rushhour_app';

export interface EmbeddedServerOptions {
  /** Where binaries and clusters are kept. Default: the tool's cache folder. */
  readonly cacheFolder?: string;
  readonly onProgress?: (message: string) => void;
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
  const unlock = await lockServerFolder(base);
  try {
    const cluster = await prepareCluster(base, user, onProgress);
    onProgress('starting PostgreSQL');
    await stopAbandonedServers(base, cluster.folder);
    const running = (await runningServer(cluster)) ?? (await startServer(cluster));
    const lease = await takeLease(cluster.folder);
    try {
      return await describeServer(cluster, running, async () => {
        const unlockAgain = await lockServerFolder(base);
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
export async function lockServerFolder(folder: string): Promise<() => Promise<void>> {
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
    settings: CLUSTER_SETTINGS,
    localeOptions: ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  };
  if (!(await isFile(path.join(folder, 'password')))) {
    onProgress('creating a PostgreSQL cluster');
    await createCluster(cluster);
  }
  return cluster;
}

async function describeServer(
  cluster: Cluster,
  running: RunningServer,
  release: () => Promise<void>,
): Promise<PostgresServer> {
  const password = await readFile(path.join(cluster.folder, 'password'), 'utf8');
  rememberSecret(password);
  const urlOf = (role: string, database = 'postgres') =>
    `postgres://${role}:${password}@127.0.0.1:${running.port}/${encodeURIComponent(database)}`;
  const version = await ensureServiceRole(urlOf(ADMIN_ROLE), password);
  return {
    embedded: true,
    version,
    postmasterPid: running.postmasterPid,
    clusterFolder: cluster.folder,
    serviceRole: SERVICE_ROLE,
    adminUrl: (database) => urlOf(ADMIN_ROLE, database),
    serviceUrl: (database) => urlOf(SERVICE_ROLE, database),
    release,
  };
}

/** The service gets a role without privileges of its own, as it would have in production. */
async function ensureServiceRole(adminUrl: string, password: string): Promise<string> {
  const client = new pg.Client({
    connectionString: adminUrl,
    connectionTimeoutMillis: 15_000,
    statement_timeout: 15_000,
    query_timeout: 15_000,
  });
  client.on('error', () => {}); // the statement under way carries it
  await client.connect();
  try {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [SERVICE_ROLE]);
    if (!rowCount)
      await client.query(`CREATE ROLE ${SERVICE_ROLE} LOGIN PASSWORD '${scramVerifier(password)}'`);
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? 'unknown';
  } finally {
    await endClient(client);
  }
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
