import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { HarnessError } from '../errors.ts';
import { runProcess } from '../machine/process-group.ts';
import type { PostgresServer } from '../postgres/server.ts';
import { flushFolder } from '../store/durable-file.ts';
import type { BackupRecord } from './backup-record.ts';
import { clientEnvironment, withoutLibpqVariables } from './client-environment.ts';
import type { DumpTool } from './dump-tools.ts';

export type Dump = NonNullable<BackupRecord['dump']>;

export const DUMP_FILE = 'database.dump';

/** A dump of a large database may take long; a program that hangs must end some day. */
const TIME_LIMIT_MS = 24 * 3_600_000;

/**
 * Dumps a database into a folder, in pg_dump's own compressed format. The file has its name only once it is complete and on disk.
 * @throws HarnessError DUMP_FAILED; nothing is left of it then
 */
export async function writeDump(
  server: PostgresServer,
  database: string,
  options: { readonly tool: DumpTool; readonly folder: string; readonly signal: AbortSignal },
): Promise<Dump> {
  const { tool, folder, signal } = options;
  const file = path.join(folder, DUMP_FILE);
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    // The marker is written anew into what is restored.
    const what = ['--format=custom', '--exclude-schema=rushhour_meta', `--file=${temporary}`];
    await runClient(server, database, { tool, args: what, signal });
    const handle = await open(temporary, 'r+');
    await handle.sync().finally(() => handle.close());
    const dump: Dump = {
      file: DUMP_FILE,
      sizeBytes: (await stat(temporary)).size,
      sha256: await sha256Of(temporary),
      pgDumpVersion: tool.version,
    };
    await rename(temporary, file);
    await flushFolder(folder);
    return dump;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Fills an empty database from a dump. Everything then belongs to the role that restores.
 * @throws HarnessError DUMP_FAILED, also when the file is not the one that was written
 */
export async function readDump(
  server: PostgresServer,
  database: string,
  options: {
    readonly tool: DumpTool;
    readonly folder: string;
    readonly dump: Dump;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { tool, folder, dump, signal } = options;
  const file = path.join(folder, dump.file);
  const sha256 = await sha256Of(file);
  if (sha256 !== dump.sha256) {
    throw new HarnessError(
      'DUMP_FAILED',
      `${file} is not the dump that was written: expected SHA-256 ${dump.sha256}, got ${sha256}.`,
      { hint: 'The file was changed or cut. Restore from the template, or from another backup.' },
    );
  }
  const how = ['--exit-on-error', '--no-owner', `--dbname=${database}`, file];
  await runClient(server, database, { tool, args: how, signal });
}

async function runClient(
  server: PostgresServer,
  database: string,
  options: { readonly tool: DumpTool; readonly args: readonly string[]; readonly signal: AbortSignal },
): Promise<void> {
  const { tool, args, signal } = options;
  const inherited = server.embedded ? withoutLibpqVariables(process.env) : process.env;
  const run = await runProcess({
    file: tool.path,
    args: ['--no-password', ...args],
    env: clientEnvironment(server.adminUrl(database), inherited),
    timeLimitMs: TIME_LIMIT_MS,
    signal,
  });
  signal.throwIfAborted();
  if (run.exitCode === 0) return;
  throw new HarnessError(
    'DUMP_FAILED',
    `${path.basename(tool.path)} ${tool.version}: ${run.reason}\n${run.output}`,
  );
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
