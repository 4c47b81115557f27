import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type pg from 'pg';
import { connectAdmin, type PostgresServer } from '../../harness/postgres/server.ts';
import { MigrationError, migrateDown, migrateUp, migrationStatus } from '../../target/migrate.ts';
import { createTestDatabase, startTestServer, type TestDatabase } from '../support/database.ts';
import { createSchema, TARGET_FOLDER } from './target-fixture.ts';

const NAME = '0001-add-performance-indexes';

const TEN_INDEXES = [
  'assignment (booking_id, created_at)',
  'assignment (dispatch_run_id, status)',
  'assignment (driver_id, created_at)',
  'booking (client_id, scheduled_time)',
  'booking (company_id, scheduled_time)',
  'booking (driver_id, scheduled_time)',
  'booking (status, scheduled_time, company_id)',
  'client (company_id)',
  'dispatch_run (company_id, service_day)',
  'driver (company_id, is_available, is_active)',
];

let server: PostgresServer;
let database: TestDatabase;

before(async () => {
  server = await startTestServer();
});

after(() => server?.release());

beforeEach(async () => {
  database = await createTestDatabase(server);
});

afterEach(() => database.drop());

/** Tables, columns, constraints and indexes of the public schema, as text. */
async function schemaOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(`
    SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type AS line
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    ORDER BY 1`);
  return rows.map((row) => row.line);
}

/** Indexes that no constraint made, as `table (columns)`. */
async function secondaryIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ def: string }>(`
    SELECT pg_get_indexdef(indexrelid) AS def FROM pg_index
    WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
      AND indexrelid NOT IN (SELECT conindid FROM pg_constraint)`);
  return rows.map(({ def }) => def.replace(/^CREATE INDEX \S+ ON public\.(\w+) USING btree/, '$1')).sort();
}

test('up creates the ten indexes, and doing it again does nothing', async () => {
  await createSchema(database.client);
  assert.deepEqual(await secondaryIndexes(database.client), []);
  assert.deepEqual(await migrateUp(database.client), [NAME]);
  assert.deepEqual(await secondaryIndexes(database.client), TEN_INDEXES);
  assert.deepEqual(await migrateUp(database.client), []);
  assert.deepEqual(await secondaryIndexes(database.client), TEN_INDEXES);
});

test('down leaves the schema as it was before up, and doing it again does nothing', async () => {
  await createSchema(database.client);
  const before = await schemaOf(database.client);
  await migrateUp(database.client);
  assert.notDeepEqual(await schemaOf(database.client), before);
  assert.deepEqual(await migrateDown(database.client), [NAME]);
  assert.deepEqual(await schemaOf(database.client), before);
  assert.deepEqual(await migrateDown(database.client), []);
  assert.deepEqual(await schemaOf(database.client), before);
  assert.deepEqual(await migrateUp(database.client), [NAME]);
});

test('the files run by themselves, and twice', async () => {
  await createSchema(database.client);
  const before = await schemaOf(database.client);
  const read = (direction: string) =>
    readFile(path.join(TARGET_FOLDER, 'migrations', `${NAME}.${direction}.sql`), 'utf8');
  const [up, down] = [await read('up'), await read('down')];
  for (const sql of [up, up]) await database.client.query(sql);
  assert.deepEqual(await secondaryIndexes(database.client), TEN_INDEXES);
  for (const sql of [down, down]) await database.client.query(sql);
  assert.deepEqual(await schemaOf(database.client), before);
});

test('the status tells what is applied and since when, and changes nothing', async () => {
  await createSchema(database.client);
  const before = await schemaOf(database.client);
  assert.deepEqual(await migrationStatus(database.client), [{ name: NAME, applied: false, appliedAt: null }]);
  assert.deepEqual(await schemaOf(database.client), before);
  const startedAt = Date.now();
  await migrateUp(database.client);
  const [state] = await migrationStatus(database.client);
  assert.equal(state?.applied, true);
  assert.ok(Math.abs(Date.parse(state?.appliedAt ?? '') - startedAt) < 60_000);
});

test('of two migrations at once, one does the work and the other finds it done', async () => {
  await createSchema(database.client);
  const other = await connectAdmin(server, database.name);
  try {
    const ups = await Promise.all([migrateUp(database.client), migrateUp(other)]);
    assert.deepEqual(ups.flat(), [NAME]);
    assert.deepEqual(await secondaryIndexes(database.client), TEN_INDEXES);
    const downs = await Promise.all([migrateDown(database.client), migrateDown(other)]);
    assert.deepEqual(downs.flat(), [NAME]);
    assert.deepEqual(await secondaryIndexes(database.client), []);
  } finally {
    await other.end();
  }
});

test('a migration waits while another holds the lock', async () => {
  await createSchema(database.client);
  const other = await connectAdmin(server, database.name);
  try {
    await migrateUp(database.client);
    await database.client.query('BEGIN');
    const { rows } = await database.client.query<{ objid: string; classid: string }>(
      'SELECT pg_advisory_xact_lock(8247625184864859506)',
    );
    assert.equal(rows.length, 1);
    let ended = false;
    const down = migrateDown(other).finally(() => {
      ended = true;
    });
    for (;;) {
      const waiting = await database.client.query(
        "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
      );
      if (waiting.rowCount) break;
    }
    assert.equal(ended, false);
    await database.client.query('COMMIT');
    assert.deepEqual(await down, [NAME]);
  } finally {
    await other.end();
  }
});

test('a migration that fails names itself and the reason, and leaves nothing behind', async () => {
  // No tables: the first CREATE INDEX fails.
  const before = await schemaOf(database.client);
  await assert.rejects(migrateUp(database.client), (error: unknown) => {
    assert.ok(error instanceof MigrationError);
    assert.equal(error.migration, NAME);
    assert.match(error.message, /0001-add-performance-indexes failed: relation "assignment" does not exist/);
    assert.ok(error.cause instanceof Error);
    return true;
  });
  assert.deepEqual(await schemaOf(database.client), before);
  await createSchema(database.client);
  assert.deepEqual(await migrateUp(database.client), [NAME]); // the connection is usable, the lock free
});

test('a migration whose text has changed since is refused, and can be taken back', async () => {
  await createSchema(database.client);
  await migrateUp(database.client);
  await database.client.query("UPDATE schema_migration SET checksum = 'of another text'");
  await assert.rejects(migrateUp(database.client), /applied from another text/);
  assert.deepEqual(await migrateDown(database.client), [NAME]);
});
