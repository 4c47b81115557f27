import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isStillRunning, type ProcessIdentity, readProcess } from '../machine/process-identity.ts';
import { hasLivingLease } from './lease.ts';

/** A fast shutdown ends with a checkpoint. */
const STOP_LIMIT_MS = 60_000;

/**
 * Stops the servers of clusters that no living process holds: their users were killed, and since then nobody has asked for
 * that very cluster, which another version of the tool may have made. Call only while holding the lock of the folder.
 *
 * @param except a cluster's folder that is left as it is
 */
export async function stopAbandonedServers(base: string, except?: string): Promise<void> {
  const names = await readdir(base).catch(() => []);
  for (const name of names.filter((one) => one.startsWith('cluster-'))) {
    const folder = path.join(base, name);
    if (folder === except || (await hasLivingLease(folder))) continue;
    const postmaster = await findPostmaster(path.join(folder, 'data'));
    if (postmaster) await shutDown(postmaster);
  }
}

/** The server of a data folder, if the process that its pid file names is one: a crash leaves the file, and the pid goes on to others. */
async function findPostmaster(dataFolder: string): Promise<ProcessIdentity | null> {
  const text = await readFile(path.join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  const found = pid > 0 ? readProcess(pid) : null;
  return found?.command.includes(`-D ${dataFolder}`) ? found : null;
}

/** SIGINT is what `pg_ctl stop -m fast` sends (PostgreSQL 18 manual, "Shutting Down the Server"). */
async function shutDown({ pid, startedAt }: ProcessIdentity): Promise<void> {
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    return; // it has just ended, or it is another account's
  }
  const deadline = performance.now() + STOP_LIMIT_MS;
  while (isStillRunning(pid, startedAt) && performance.now() < deadline) await delay(50);
}
