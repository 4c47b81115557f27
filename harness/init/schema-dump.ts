import path from 'node:path';
import { clientEnvironment, withoutLibpqVariables } from '../backup/client-environment.ts';
import { findDumpTool, majorOf } from '../backup/dump-tools.ts';
import { HarnessError } from '../errors.ts';
import { runProcess } from '../machine/process-group.ts';
import { HARNESS_APPLICATION_NAME } from '../postgres/application-name.ts';

const TIME_LIMIT_MS = 120_000;

/**
 * The definitions of a database as SQL, without owners and grants. pg_dump reads in a transaction that may only read, waits 5 s
 * for a lock at most, and gets the password by its environment.
 *
 * @returns the SQL, or why there is none, a sentence without its full stop
 * @throws HarnessError DUMP_FAILED when pg_dump was there and failed
 */
export async function dumpSchema(
  connectionString: string,
  { serverVersion, signal }: { readonly serverVersion: string; readonly signal: AbortSignal },
): Promise<{ readonly sql: string } | { readonly missing: string }> {
  const tool = await findDumpTool('pg_dump', majorOf(serverVersion));
  if ('missing' in tool) return tool;
  const run = await runProcess({
    file: tool.path,
    args: [
      '--schema-only',
      '--no-owner',
      '--no-privileges',
      '--no-password',
      '--exclude-schema=rushhour_meta',
      '--lock-wait-timeout=5000',
    ],
    env: {
      ...clientEnvironment(connectionString, withoutLibpqVariables(process.env)),
      PGAPPNAME: HARNESS_APPLICATION_NAME,
      PGOPTIONS: '-c default_transaction_read_only=on',
    },
    timeLimitMs: TIME_LIMIT_MS,
    signal,
  });
  signal.throwIfAborted();
  if (run.exitCode !== 0)
    throw new HarnessError(
      'DUMP_FAILED',
      `${path.basename(tool.path)} ${tool.version}: ${run.reason}\n${run.output}`,
      {
        hint: 'Leave --schema out, and say in dataset.schema what makes the schema.',
      },
    );
  return { sql: withoutMetaCommands(run.stdout) };
}

/** Newer pg_dumps put `\restrict` and `\unrestrict` around a dump: commands of psql, not SQL. */
function withoutMetaCommands(dump: string): string {
  const lines = dump.split('\n').filter((line) => !/^\\(un)?restrict /.test(line));
  return `${lines.join('\n').trimEnd()}\n`;
}
