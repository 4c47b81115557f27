import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Argv, CommandModule } from 'yargs';
import { type ClusterBackup, readClusterBackups } from '../backup/cluster-backups.ts';
import { cacheFolder, k6CacheFolder } from '../cache-folder.ts';
import { HarnessError } from '../errors.ts';
import { endOrphans } from '../machine/end-orphans.ts';
import { stopAbandonedServers } from '../postgres/abandoned-server.ts';
import { serverFolder } from '../postgres/distribution.ts';
import { lockServerFolder } from '../postgres/embedded-server.ts';
import { hasLivingLease } from '../postgres/lease.ts';
import { unprivilegedUser } from '../postgres/unprivileged-user.ts';
import { formatInstant } from '../quantity.ts';
import { findCheckouts } from '../targets/stored-checkouts.ts';
import { type CommandContext, printJson } from './command-context.ts';

interface CleanArguments {
  readonly yes: boolean;
  readonly backups: boolean;
  readonly json: boolean;
}

interface Removable {
  readonly folder: string;
  readonly what: string;
  readonly bytes: number;
  /** Templates of backups that would go with it. */
  readonly backups: readonly ClusterBackup[];
}

/**
 * `rushhour clean`: removes what the tool has put on this machine. Results stay, and so does a cluster that holds backups,
 * unless `--backups` says otherwise.
 */
export function cleanCommand(context: CommandContext): CommandModule<object, CleanArguments> {
  return {
    command: 'clean',
    describe: 'Remove clusters, datasets, checkouts and caches the tool has made; results stay',
    builder: (line: Argv) =>
      line
        .options({
          yes: { type: 'boolean', default: false, describe: 'Do not ask' },
          backups: {
            type: 'boolean',
            default: false,
            describe: 'Also a cluster that holds the templates of backups; dumps stay with the results',
          },
          json: { type: 'boolean', default: false, describe: 'Print one JSON document on stdout' },
        })
        .example('$0 clean', 'show what there is, then ask') as unknown as Argv<CleanArguments>,
    handler: async (args) => {
      const found = await findRemovables();
      const isKept = ({ backups }: Removable) => backups.length > 0 && !args.backups;
      const removables = found.filter((one) => !isKept(one));
      const kept = found.filter(isKept);
      if (!args.json) showFound(context, removables, kept);
      if (removables.length > 0 && !args.yes && !(await confirmed(context))) return;
      await removeAll(removables);
      if (args.json) printJson(context, { removed: removables, kept });
      else if (removables.length > 0)
        context.print(`Removed ${removables.length} folder(s). Results were not touched.`);
    },
  };
}

async function removeAll(removables: readonly Removable[]): Promise<void> {
  const base = await serverFolder(cacheFolder(), await unprivilegedUser());
  const unlock = await lockServerFolder(base);
  try {
    await endOrphans();
    await stopAbandonedServers(base); // one whose files are gone would run on for a minute, and then end by a crash
    for (const { folder } of removables) await rm(folder, { recursive: true, force: true });
  } finally {
    await unlock();
  }
}

function showFound(
  context: CommandContext,
  removables: readonly Removable[],
  kept: readonly Removable[],
): void {
  for (const one of removables) {
    context.print(`${megabytes(one.bytes).padStart(9)}  ${one.what}  ${one.folder}`);
    for (const backup of one.backups) context.print(`${' '.repeat(11)}with ${describeBackup(backup)}`);
  }
  if (removables.length === 0) context.print('Nothing to remove.');
  for (const one of kept) {
    context.print(`${'kept'.padStart(9)}  ${one.what}  ${one.folder}`);
    for (const backup of one.backups) context.print(`${' '.repeat(11)}it holds ${describeBackup(backup)}`);
    context.print(`${' '.repeat(11)}--backups removes it too`);
  }
}

function describeBackup({ database, createdAt, sizeBytes }: ClusterBackup): string {
  return `the backup of ${database} of ${formatInstant(createdAt)}, ${megabytes(sizeBytes)}`;
}

/** As embedded-server.ts and distribution.ts name them: RUSHHOUR_CACHE may be a folder that holds other things too. */
const CLUSTER_NAME = /^cluster-\d[\w.-]*-[0-9a-f]{8}$/;
const DISTRIBUTION_NAME = /^distribution-\d[\w.-]*$/;

/** Versions, and what an installation has left. Somebody's own folder of that name holds scripts, and is not ours. */
async function holdsOnlyK6(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  return (
    names.length > 0 && names.every((name) => /^(v?\d[\w.+-]*|\.installing-.*|install\.lock.*)$/.test(name))
  );
}

async function findRemovables(): Promise<Removable[]> {
  const servers = await serverFolder(cacheFolder(), await unprivilegedUser());
  const removables: Removable[] = [];
  for (const name of await readdir(servers)) {
    const folder = path.join(servers, name);
    if (CLUSTER_NAME.test(name)) {
      if (await hasLivingLease(folder)) {
        throw new HarnessError('REFUSED', `The cluster ${folder} is in use by another rushhour process.`, {
          hint: 'Stop that one first.',
        });
      }
      removables.push({
        folder,
        what: 'PostgreSQL cluster with its datasets',
        bytes: await sizeOf(folder),
        backups: await readClusterBackups(folder),
      });
    } else if (DISTRIBUTION_NAME.test(name)) {
      removables.push({ folder, what: 'PostgreSQL binaries', bytes: await sizeOf(folder), backups: [] });
    }
  }
  for (const { folder, what, inTheMaking } of await findCheckouts()) {
    if (inTheMaking) {
      throw new HarnessError('REFUSED', `Another rushhour process makes the ${what}, in ${folder}.`, {
        hint: 'Stop that one first.',
      });
    }
    removables.push({ folder, what, bytes: await sizeOf(folder), backups: [] });
  }
  const k6 = k6CacheFolder();
  if (await holdsOnlyK6(k6))
    removables.push({ folder: k6, what: 'k6', bytes: await sizeOf(k6), backups: [] });
  return removables;
}

async function confirmed(context: CommandContext): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new HarnessError('REFUSED', 'Nothing was removed: there is nobody to ask.', { hint: 'Add --yes.' });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question('Remove these? [y/N] ', { signal: context.signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(path.join(entry.parentPath, entry.name)).then(
        (file) => file.size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
