import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isStillRunning, readProcess } from '../machine/process-identity.ts';

/** One process's claim on a running server: a file named by its pid, which says when that process has started. */
export interface Lease {
  readonly folder: string;
  readonly file: string;
}

/** Call only while holding the lock of the server's folder. */
export async function takeLease(clusterFolder: string): Promise<Lease> {
  const folder = path.join(clusterFolder, 'leases');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${process.pid}-${randomBytes(4).toString('hex')}`);
  await writeFile(file, readProcess(process.pid)?.startedAt ?? '');
  return { folder, file };
}

/** Gives the lease up. True when no living process holds another one. Call only while holding the lock. */
export async function releaseLease(lease: Lease): Promise<boolean> {
  await rm(lease.file, { force: true });
  return !(await dropDeadLeases(lease.folder));
}

/** Whether a living process holds the server of this cluster. */
export async function hasLivingLease(clusterFolder: string): Promise<boolean> {
  return dropDeadLeases(path.join(clusterFolder, 'leases'));
}

/** Removes the leases of processes that were killed. True when others remain. */
async function dropDeadLeases(folder: string): Promise<boolean> {
  let living = false;
  for (const name of await readdir(folder).catch(() => [])) {
    const file = path.join(folder, name);
    const startedAt = await readFile(file, 'utf8').catch(() => '');
    if (isStillRunning(Number(name.split('-')[0]), startedAt)) living = true;
    else await rm(file, { force: true });
  }
  return living;
}
