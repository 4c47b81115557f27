/** The accident of a week's backup, in a schema that is not ours. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { deleteLargestTable } from '../../harness/week/damage-rows.ts';
import { createTestDatabase, startTestServer } from '../support/database.ts';

let server: PostgresServer;
before(async () => {
  server = await startTestServer();
});
after(() => server?.release());

/** What is left in each table of a schema that `sql` makes. */
async function leftAfter(
  t: { after(work: () => Promise<void>): void },
  sql: string,
  tables: readonly string[],
): Promise<number[]> {
  const database = await createTestDatabase(server);
  t.after(() => database.drop());
  const { client } = database;
  await client.query(sql);
  await deleteLargestTable(client);
  const counts: number[] = [];
  for (const table of tables) {
    const { rows } = await client.query<{ count: number }>(`SELECT count(*)::int FROM ${table}`);
    counts.push(rows[0]?.count ?? -1);
  }
  return counts;
}

const FIRM = `CREATE SCHEMA app; CREATE TABLE app.firm (id int PRIMARY KEY, chief int REFERENCES app.firm);
  INSERT INTO app.firm SELECT n, 1 FROM generate_series(1, 5000) n;`;

test('the largest table that no foreign key keeps loses every row, and the others none', async (t) => {
  const sql = `${FIRM} CREATE TABLE "Trip" (id int, firm int REFERENCES app.firm);
    INSERT INTO "Trip" SELECT n, n FROM generate_series(1, 100) n;`;
  assert.deepEqual(await leftAfter(t, sql, ['app.firm', '"Trip"']), [5000, 0]);
});

test('a table that points to itself alone is kept by nobody', async (t) => {
  assert.deepEqual(await leftAfter(t, FIRM, ['app.firm']), [0]);
});

test('where two keep each other, what points to the larger goes with it', async (t) => {
  const sql = `${FIRM} CREATE TABLE depot (id int PRIMARY KEY, firm int REFERENCES app.firm);
    INSERT INTO depot VALUES (1, 1); ALTER TABLE app.firm ADD depot int REFERENCES depot;`;
  assert.deepEqual(await leftAfter(t, sql, ['app.firm', 'depot']), [0, 0]);
});

test('a trigger that would forbid it, or tell somebody, is not asked', async (t) => {
  const sql = `${FIRM} CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'never'; END $$;
    CREATE TRIGGER forbid BEFORE DELETE ON app.firm FOR EACH ROW EXECUTE FUNCTION forbid();`;
  assert.deepEqual(await leftAfter(t, sql, ['app.firm']), [0]);
});

test('a database without rows is told', async (t) => {
  await assert.rejects(
    leftAfter(t, 'CREATE TABLE empty (id int)', []),
    /no table with rows that could be damaged/,
  );
});
