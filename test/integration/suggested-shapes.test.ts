import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { loadModule } from 'libpg-query';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import type { Dimension } from '../../harness/profiling/growth-sample.ts';
import { suggestShape } from '../../harness/profiling/suggest-shape.ts';
import { createTestDatabase, startTestServer, type TestDatabase } from '../support/database.ts';

let server: PostgresServer;
let database: TestDatabase;

const SCHEMA = `
  CREATE TABLE client (id int PRIMARY KEY, full_name text NOT NULL);
  CREATE TABLE booking (id bigint PRIMARY KEY, client_id int NOT NULL, status text NOT NULL, driver_id int, seen timestamptz);
  CREATE TABLE assignment (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, booking_id bigint NOT NULL UNIQUE,
    driver_id int NOT NULL, status text NOT NULL, made_at timestamptz NOT NULL DEFAULT '2026-01-01Z');
  CREATE TABLE trip (id int PRIMARY KEY, driver_id int NOT NULL, begins int NOT NULL);
  INSERT INTO client SELECT i, 'client ' || i FROM generate_series(1, 40) i;
  INSERT INTO booking SELECT i, 1 + i % 40, CASE WHEN i % 4 = 0 THEN 'cancelled' ELSE 'open' END FROM generate_series(1, 60) i;
  INSERT INTO trip SELECT i, i % 9, i * 7 % 31 FROM generate_series(1, 100) i;
`;

/** Types of the columns that the sketches name in a comment, because a statement's text does not tell them. */
const TYPES: Readonly<Record<string, string>> = {
  booking_id: 'bigint',
  driver_id: 'int',
  status: 'text',
  the_id: 'bigint',
  new_status: 'text',
  new_driver_id: 'int',
};

before(async () => {
  await loadModule();
  server = await startTestServer();
  database = await createTestDatabase(server);
  await database.client.query(SCHEMA);
});

after(async () => {
  await database?.drop();
  await server?.release();
});

/** What a user would make of the sketch: the comments replaced by the types of their columns. */
function completed(statement: string, dimension: Dimension): string {
  const { sql } = suggestShape('n-plus-one', statement, dimension);
  assert.ok(sql, `no sketch for ${statement}`);
  return sql.replace(/ \/\* (\w+) \*\//g, (_, column: string) => `::${TYPES[column]}[]`);
}

const folded = (statement: string) => statement.replace(/\$\d+/g, '$');

const KEYS = [3, 5, 8, 1000];

/** Rows of a read for each key, and of the suggested read for all of them, in no order. */
async function bothWays(statement: string, dimension: Dimension, others: readonly unknown[] = []) {
  const { client } = database;
  const looped = [];
  for (const key of KEYS) {
    const { rows } = await client.query(statement, [key, ...others]);
    looped.push(...rows);
  }
  const atOnce = await client.query(completed(folded(statement), dimension), [KEYS, ...others]);
  const inOrder = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).toSorted();
  return { looped: inOrder(looped), atOnce: inOrder(atOnce.rows) };
}

test('the suggested read answers what a read for each key answered', async () => {
  const reads: readonly (readonly [string, Dimension, readonly unknown[]])[] = [
    ['SELECT id, full_name FROM client WHERE id = $1', 'bookings', []],
    ['SELECT * FROM trip WHERE driver_id = $1 AND begins > $2', 'drivers', [10]],
    [
      'SELECT t.driver_id, t.id FROM trip t JOIN client c ON c.id = t.id WHERE t.driver_id = $1',
      'drivers',
      [],
    ],
  ];
  for (const [statement, dimension, others] of reads) {
    const { looped, atOnce } = await bothWays(statement, dimension, others);
    assert.ok(looped.length > 2, statement);
    assert.deepEqual(atOnce, looped, statement);
  }
});

test('the suggested lateral join finds the first rows of each key', async () => {
  const { client } = database;
  const statement = 'SELECT id, begins FROM trip WHERE driver_id = $1 ORDER BY begins DESC, id LIMIT $2';
  const { rows } = await client.query(completed(folded(statement), 'drivers'), [KEYS, 2]);
  const looped = [];
  for (const key of KEYS) {
    const found = await client.query(statement, [key, 2]);
    looped.push(...found.rows.map((row) => ({ driver_id: key, ...row })));
  }
  assert.equal(looped.length, 6); // two trips of each of three drivers; driver 1000 has none
  assert.deepEqual(rows, looped);
});

test('the suggested count by key counts the same, and leaves out keys without rows', async () => {
  const { client } = database;
  const statement = 'SELECT count(*) AS trips FROM trip WHERE driver_id = $1 AND begins > $2';
  const { rows } = await client.query(completed(folded(statement), 'drivers'), [KEYS, 5]);
  const counts = new Map(rows.map(({ driver_id, trips }) => [driver_id, trips]));
  for (const key of KEYS) {
    const [one] = (await client.query(statement, [key, 5])).rows;
    assert.equal(counts.get(key) ?? '0', one.trips, `driver ${key}`);
  }
});

test('the suggested insert and update write what the loop wrote', async () => {
  const { client } = database;
  const insert =
    'INSERT INTO assignment (booking_id, driver_id, status) VALUES ($1, $2, upper($3)) ON CONFLICT (booking_id) DO NOTHING';
  const update = 'UPDATE booking SET status = $1, driver_id = $2, seen = now() WHERE id = $3 AND status = $4';
  const written = async (write: () => Promise<void>) => {
    await client.query('BEGIN');
    await write();
    const { rows } = await client.query(
      `SELECT b.id, b.status, b.driver_id, b.seen IS NOT NULL AS seen, a.driver_id AS given, a.status AS state, a.made_at
       FROM booking b LEFT JOIN assignment a ON a.booking_id = b.id ORDER BY b.id`,
    );
    await client.query('ROLLBACK');
    return rows;
  };
  const ids = [3, 4, 5, 8, 9]; // 4 and 8 are cancelled, so the update leaves them alone
  const looped = await written(async () => {
    for (const id of ids) {
      await client.query(update, ['assigned', id % 3, id, 'open']);
      await client.query(insert, [id, id % 3, 'proposed']);
    }
  });
  const drivers = ids.map((id) => id % 3);
  const all = (value: string) => ids.map(() => value);
  const atOnce = await written(async () => {
    // The key comes first in the suggested list of rows
    await client.query(completed(folded(update), 'bookings'), [ids, all('assigned'), drivers, 'open']);
    await client.query(completed(folded(insert), 'bookings'), [ids, drivers, all('proposed')]);
  });
  assert.deepEqual(
    looped.filter(({ status }) => status === 'assigned').map(({ id }) => id),
    ['3', '5', '9'],
  );
  assert.deepEqual(atOnce, looped);
});
