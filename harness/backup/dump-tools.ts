import { findOnPath } from '../machine/executable-path.ts';
import { runProcess } from '../machine/process-group.ts';

/** A PostgreSQL client program that was found. */
export interface DumpTool {
  /** Absolute path. */
  readonly path: string;
  readonly version: string;
  readonly major: number;
}

export interface NoDumpTool {
  /** Why there is none to use, a sentence without its full stop. */
  readonly missing: string;
}

/**
 * The first `pg_dump` or `pg_restore` on PATH that can deal with a server: pg_dump refuses servers newer than itself
 * (https://www.postgresql.org/docs/current/app-pgdump.html#PG-DUMP-NOTES), pg_restore archives newer than itself.
 *
 * @param leastMajor major version of the server, or of the pg_dump that wrote the archive
 */
export async function findDumpTool(
  program: 'pg_dump' | 'pg_restore',
  leastMajor: number,
  env: NodeJS.ProcessEnv = process.env,
): Promise<DumpTool | NoDumpTool> {
  const older: string[] = [];
  for (const path of await findOnPath(program, env)) {
    const run = await runProcess({ file: path, args: ['--version'], env, timeLimitMs: 15_000 });
    const version = parseToolVersion(run.stdout);
    if (run.exitCode !== 0 || version === null) continue;
    const major = majorOf(version);
    if (major >= leastMajor) return { path, version, major };
    if (!older.includes(version)) older.push(version); // one program may be on PATH by two folders
  }
  if (older.length > 0)
    return { missing: `${program} ${older.join(', ')} is older than PostgreSQL ${leastMajor}` };
  return { missing: `${program} is not on PATH` };
}

/** "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)" → "15.18"; `null` for anything else. */
export function parseToolVersion(output: string): string | null {
  return /^pg_\w+ \(PostgreSQL\) (\d+\S*)/.exec(output)?.[1] ?? null;
}

/** "15.18" and "19beta1" → 15 and 19 */
export function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}
