import type pg from 'pg';
import { type Migration, readMigrations } from './migrations/migration-files.ts';

/** A migration could not be applied, taken back or looked up. The database is as it was before that migration. */
export class MigrationError extends Error {
  readonly migration: string | null;

  constructor(migration: string | null, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'MigrationError';
    this.migration = migration;
  }
}

export interface MigrationState {
  readonly name: string;
  readonly applied: boolean;
  /** ISO 8601, UTC. */
  readonly appliedAt: string | null;
}

interface AppliedRow {
  readonly name: string;
  readonly applied_at: Date;
  readonly checksum: string;
}

/** Any number no other program uses: this is 'rushhour' in ASCII, as a bigint. */
const LOCK_KEY = '8247625184864859506';
/** How long to wait for another migration, and for tables that are in use. */
const LOCK_TIMEOUT = '60s';

/**
 * Applies what has not been applied, each migration in a transaction of its own, in the order of their names.
 * `client` must be outside a transaction.
 *
 * @returns names of the migrations applied now; empty when there was nothing to do
 * @throws MigrationError
 */
export async function migrateUp(client: pg.ClientBase): Promise<string[]> {
  const done: string[] = [];
  for (const migration of readMigrations()) {
    if (await inMigrationTransaction(client, migration, () => applyIfMissing(client, migration)))
      done.push(migration.name);
  }
  return done;
}

/**
 * Takes back everything that was applied, the latest first, and with the last one the table that keeps count.
 * `client` must be outside a transaction.
 *
 * @returns names of the migrations taken back now; empty when there was nothing to do
 * @throws MigrationError
 */
export async function migrateDown(client: pg.ClientBase): Promise<string[]> {
  const done: string[] = [];
  for (const migration of readMigrations().reverse()) {
    if (await inMigrationTransaction(client, migration, () => takeBackIfApplied(client, migration)))
      done.push(migration.name);
  }
  return done;
}

/** Every known migration in the order of names. Changes nothing. */
export async function migrationStatus(client: pg.ClientBase): Promise<MigrationState[]> {
  const applied = new Map((await appliedMigrations(client)).map((row) => [row.name, row]));
  return readMigrations().map(({ name }) => {
    const row = applied.get(name);
    return { name, applied: row !== undefined, appliedAt: row?.applied_at.toISOString() ?? null };
  });
}

/** The lock comes first, so that whatever is read under it is what the other migration has left. */
async function inMigrationTransaction<T>(
  client: pg.ClientBase,
  migration: Migration,
  work: () => Promise<T>,
): Promise<T> {
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {}); // a dead connection has rolled back already
    throw toMigrationError(migration.name, error);
  }
}

async function applyIfMissing(client: pg.ClientBase, migration: Migration): Promise<boolean> {
  await client.query(`CREATE TABLE IF NOT EXISTS schema_migration (
    name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now(), checksum text NOT NULL)`);
  const before = (await appliedMigrations(client)).find((row) => row.name === migration.name);
  if (before) {
    if (before.checksum === migration.checksum) return false;
    throw new MigrationError(
      migration.name,
      `Migration ${migration.name} was applied from another text than ${migration.name}.up.sql has now. ` +
        'Take it back and apply it again.',
    );
  }
  await client.query(migration.up);
  await client.query('INSERT INTO schema_migration (name, checksum) VALUES ($1, $2)', [
    migration.name,
    migration.checksum,
  ]);
  return true;
}

async function takeBackIfApplied(client: pg.ClientBase, migration: Migration): Promise<boolean> {
  const applied = await appliedMigrations(client);
  if (!applied.some((row) => row.name === migration.name)) return false;
  await client.query(migration.down);
  if (applied.length === 1) await client.query('DROP TABLE schema_migration');
  else await client.query('DELETE FROM schema_migration WHERE name = $1', [migration.name]);
  return true;
}

async function appliedMigrations(client: pg.ClientBase): Promise<AppliedRow[]> {
  // Not to_regclass: it may answer from a cache that has not yet heard of another session's DROP.
  const table = await client.query(
    "SELECT FROM pg_class WHERE relname = 'schema_migration' AND pg_table_is_visible(oid)",
  );
  if (!table.rowCount) return [];
  const { rows } = await client.query<AppliedRow>('SELECT name, applied_at, checksum FROM schema_migration');
  return rows;
}

/** SQLSTATE 55P03, lock_not_available: LOCK_TIMEOUT ran out. */
const LOCK_NOT_AVAILABLE = '55P03';

function toMigrationError(name: string, error: unknown): MigrationError {
  if (error instanceof MigrationError) return error;
  const { code, message } = error as { code?: string; message?: string };
  const reason =
    code === LOCK_NOT_AVAILABLE
      ? `another migration, or a session that writes, did not end within ${LOCK_TIMEOUT}`
      : (message ?? String(error));
  return new MigrationError(name, `Migration ${name} failed: ${reason}.`, { cause: error });
}
