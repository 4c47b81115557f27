import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import type pg from 'pg';
import type { PostgresServer } from '../postgres/server.ts';
import { CLONE_STRATEGY } from '../postgres/templates.ts';
import type { Environment, TargetIdentity } from '../result.ts';

export const PROJECT_ROOT = path.resolve(import.meta.dirname, '..', '..');

export function toolVersion(): string {
  const manifest = JSON.parse(readFileSync(path.join(PROJECT_ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

/** Equal on machines that a calibration or a false alarm rate may be carried between. */
export function machineFingerprint(): string {
  const gibibytes = Math.round(os.totalmem() / 2 ** 30);
  return hashOf([os.cpus()[0]?.model ?? '', os.cpus().length, gibibytes, os.platform(), os.arch()]).slice(
    0,
    8,
  );
}

/** Everything outside the dataset that a result depends on. `client` is connected to the database under test. */
export async function describeEnvironment(
  server: PostgresServer,
  client: pg.Client,
  measured: {
    readonly target: TargetIdentity;
    readonly template: string;
    readonly generators: Record<string, string>;
  },
): Promise<Environment> {
  const settings = await readSettings(client);
  return {
    machine: machineFingerprint(),
    target: measured.target,
    tool: { version: toolVersion(), ...(await readCommit()), lockfileHash: await readLockfileHash() },
    node: process.version,
    os: `${os.type()} ${os.release()} ${os.arch()}`,
    cpuModel: os.cpus()[0]?.model ?? 'unknown',
    cpuCount: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    cpuGovernor: await readFile('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor', 'utf8').then(
      (text) => text.trim(),
      () => null, // virtual machines have none
    ),
    loadAverage1m: os.loadavg()[0] ?? 0,
    postgres: {
      version: server.version,
      embedded: server.embedded,
      settings,
      settingsHash: hashOf(Object.entries(settings).filter(([name]) => name !== 'port')),
      databaseSizeBytes: await readDatabaseSize(client),
      schemaHash: await readSchemaHash(client),
      indexes: await readIndexNames(client),
      cloneStrategy: CLONE_STRATEGY,
      template: measured.template,
      ...(await readServerState(client)),
      cache: server.embedded ? await readCache(client) : null,
    },
    generators: measured.generators,
  };
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

/** Commit of this checkout, and whether it has changes; `null` where there is no git or no checkout. */
export async function readCommit(): Promise<{ commit: string | null; dirty: boolean | null }> {
  const git = (...args: string[]) => execa('git', ['-C', PROJECT_ROOT, ...args], { reject: false });
  const head = await git('rev-parse', 'HEAD');
  if (head.exitCode !== 0) return { commit: null, dirty: null }; // installed from a registry, not cloned
  const status = await git('status', '--porcelain');
  return { commit: head.stdout.trim(), dirty: status.exitCode === 0 ? status.stdout.trim() !== '' : null };
}

/** Settings that somebody has changed, without those that name a place or the session itself. */
async function readSettings(client: pg.Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; value: string }>(
    `SELECT name, current_setting(name) AS value FROM pg_settings
     WHERE source NOT IN ('default', 'override', 'client', 'session')
       AND name NOT IN ('data_directory', 'config_file', 'hba_file', 'ident_file', 'application_name', 'external_pid_file')
     ORDER BY name`,
  );
  return Object.fromEntries(rows.map((row) => [row.name, row.value]));
}

async function readLockfileHash(): Promise<string | null> {
  return readFile(path.join(PROJECT_ROOT, 'package-lock.json'), 'utf8').then(hashOf, () => null);
}

async function readServerState(client: pg.Client) {
  const { rows } = await client.query<{ checksums: boolean; uptime: string; lsn: string; sessions: string }>(
    `SELECT current_setting('data_checksums') = 'on' AS checksums,
            extract(epoch FROM now() - pg_postmaster_start_time()) AS uptime, pg_current_wal_lsn()::text AS lsn,
            (SELECT count(*) FROM pg_stat_activity
             WHERE backend_type = 'client backend' AND application_name NOT LIKE 'rushhour-%') AS sessions`,
  );
  const state = rows[0];
  return {
    dataChecksums: state?.checksums ?? false,
    uptimeSeconds: Number(state?.uptime ?? 0),
    walLsn: state?.lsn ?? '',
    otherSessions: Number(state?.sessions ?? 0),
  };
}

async function readCache(client: pg.Client): Promise<{ blocks: number; dirtyBlocks: number }> {
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_buffercache');
  const { rows } = await client.query<{ blocks: string; dirty: string }>(
    `SELECT count(*) AS blocks, count(*) FILTER (WHERE isdirty) AS dirty FROM pg_buffercache
     WHERE reldatabase = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return { blocks: Number(rows[0]?.blocks ?? 0), dirtyBlocks: Number(rows[0]?.dirty ?? 0) };
}

async function readDatabaseSize(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(
    'SELECT pg_database_size(current_database()) AS bytes',
  );
  return Number(rows[0]?.bytes ?? 0);
}

async function readIndexNames(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT indexname AS name FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname",
  );
  return rows.map((row) => row.name);
}

async function readSchemaHash(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ line: string }>(
    `SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS line
       FROM information_schema.columns WHERE table_schema = 'public'
         AND table_name NOT LIKE 'pg_stat_statements%'
     UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index
       JOIN pg_class ON pg_class.oid = indrelid WHERE relnamespace = 'public'::regnamespace
     UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace
     ORDER BY 1`,
  );
  return hashOf(rows.map((row) => row.line));
}
