import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { type ContentDigest, digestContent } from '../../harness/postgres/content-digest.ts';
import { type PostgresServer, withAdmin } from '../../harness/postgres/server.ts';
import { createTestDatabase, startTestServer, type TestDatabase } from '../support/database.ts';

/** Every type whose text a session's settings can change, a duplicate row, and a column with the name of an alias. */
const CONTENT = `
  CREATE TYPE mood AS ENUM ('calm', 'hurried');
  CREATE TABLE trip (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL, day date, lasted interval, price float8,
    fare money, photo bytea, towns text[], mood mood, note text, t integer, belongs regclass);
  INSERT INTO trip (at, day, lasted, price, fare, photo, towns, mood, note, t, belongs)
  SELECT timestamptz '2026-01-01 00:00+00' + n * interval '7 min', date '2026-01-01' + n, n * interval '1 day 3 hours',
         1.1::float8 * n / 3, n::money, decode(md5(n::text), 'hex'), ARRAY['a "quoted" town', NULL, n::text],
         CASE WHEN n % 2 = 0 THEN 'calm' ELSE 'hurried' END::mood, CASE WHEN n % 3 = 0 THEN 'note ' || n END, n, 'trip'
  FROM generate_series(1, 500) n;
  CREATE TABLE stop (town text, place integer);
  INSERT INTO stop VALUES ('a', 1), ('a', 1), ('b', 2), ('c', 3);
  CREATE SEQUENCE ticket;
  SELECT nextval('ticket');
  CREATE VIEW late AS SELECT id, at FROM trip WHERE lasted > interval '9 days';
  CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * n';
  CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER watch BEFORE UPDATE ON trip FOR EACH ROW EXECUTE FUNCTION watch();
  CREATE SCHEMA "odd ""schema"""; CREATE TABLE "odd ""schema"""."Table" (town text); 
  INSERT INTO "odd ""schema"""."Table" VALUES ('x');
  SELECT lo_from_bytea(4711, '\\xdeadbeef');
`;

describe('the digest of a database', () => {
  let server: PostgresServer;
  let database: TestDatabase;
  let original: ContentDigest;

  before(async () => {
    server = await startTestServer();
    database = await createTestDatabase(server);
    await database.client.query(CONTENT);
    original = await digestContent(database.client);
    await database.client.end(); // it is copied from here on, and a copy wants nobody inside
  });
  after(async () => {
    await database.drop();
    await server.release();
  });

  /** The digest after a change, which is undone. */
  async function digestAfter(change: string): Promise<ContentDigest> {
    const name = `${database.name}_changed`;
    await withAdmin(server, undefined, (admin) =>
      admin.query(`CREATE DATABASE ${name} TEMPLATE ${database.name}`),
    );
    try {
      return await withAdmin(server, name, async (client) => {
        for (const statement of change.split(';;')) await client.query(statement);
        return digestContent(client);
      });
    } finally {
      await withAdmin(server, undefined, (admin) => admin.query(`DROP DATABASE ${name} WITH (FORCE)`));
    }
  }

  test('names every table with its rows', () => {
    assert.deepEqual(
      original.tables.map(({ name, rows }) => [name, rows]),
      [
        ['"odd ""schema"""."Table"', 1],
        ['public.stop', 4],
        ['public.trip', 500],
      ],
    );
    assert.deepEqual(original.sequences, [
      { name: 'public.ticket', lastValue: '1', isCalled: true },
      { name: 'public.trip_id_seq', lastValue: '500', isCalled: true },
    ]);
    assert.match(original.content, /^[0-9a-f]{64}$/);
  });

  const contentChanges: [string, string][] = [
    ['one cell', "UPDATE trip SET note = 'other' WHERE id = 250"],
    ['the last digit of a float', 'UPDATE trip SET price = price * (1 + 2.3e-16) WHERE id = 250'],
    // {a, a, b, c} → {b, b, b, c}: as many rows, and the same by exclusive or, in which pairs of equal rows vanish.
    [
      'a duplicated row that becomes two of another',
      "UPDATE stop SET town = 'b', place = 2 WHERE town = 'a'",
    ],
    // Two rows exchange one value: every column still holds the same values.
    ['two rows that exchange a value', 'UPDATE stop SET place = 5 - place WHERE place IN (2, 3)'],
    ['NULL that becomes an empty text', "UPDATE trip SET note = '' WHERE id = 1"],
    ['a row that is gone', 'DELETE FROM trip WHERE id = 500'],
    [
      'a row that moved to another table',
      `DELETE FROM "odd ""schema"""."Table";; INSERT INTO stop VALUES ('x', NULL)`,
    ],
    ['a sequence that moved on', "SELECT nextval('ticket')"],
    ['a sequence that is set back to its first value, unused', "SELECT setval('ticket', 1, false)"],
    ['a large object', "SELECT lo_put(4711, 0, '\\x00')"],
    ['an empty table more', 'CREATE TABLE empty ()'],
  ];
  for (const [what, change] of contentChanges) {
    test(`changes with ${what}`, async () => {
      assert.notEqual((await digestAfter(change)).content, original.content);
    });
  }

  const definitionChanges: [string, string][] = [
    ['an index', 'CREATE INDEX ON trip (day)'],
    ['a default', "ALTER TABLE trip ALTER note SET DEFAULT 'none'"],
    ['a column that must be given', 'ALTER TABLE stop ALTER town SET NOT NULL'],
    ['a type that is wider', 'ALTER TABLE stop ALTER place TYPE bigint'],
    ['a check', 'ALTER TABLE stop ADD CHECK (place > 0)'],
    ['a view', 'CREATE OR REPLACE VIEW late AS SELECT id, at FROM trip'],
    [
      'the body of a function',
      "CREATE OR REPLACE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n + n'",
    ],
    ['a trigger that is switched off', 'ALTER TABLE trip DISABLE TRIGGER watch'],
    ['a label of an enum', "ALTER TYPE mood ADD VALUE 'late'"],
    ['the step of a sequence', 'ALTER SEQUENCE ticket INCREMENT 5'],
    ['a policy', 'CREATE POLICY own ON stop USING (place = 1)'],
    ['a domain', 'CREATE DOMAIN positive AS integer CHECK (VALUE > 0)'],
    ['an aggregate', 'CREATE AGGREGATE total (integer) (SFUNC = int4pl, STYPE = integer)'],
    ['a foreign key', 'ALTER TABLE stop ADD FOREIGN KEY (place) REFERENCES trip (id)'],
  ];
  for (const [what, change] of definitionChanges) {
    test(`of its definitions changes with ${what}, the one of its content does not`, async () => {
      const changed = await digestAfter(change);
      assert.notEqual(changed.schema, original.schema);
      assert.equal(changed.content, original.content);
    });
  }

  const sameContent: [string, string][] = [
    ['VACUUM FULL', 'VACUUM FULL'],
    [
      'CLUSTER by another index',
      'CREATE INDEX other ON trip (note DESC);; CLUSTER trip USING other;; DROP INDEX other',
    ],
    [
      'rows copied away and back in another order',
      'CREATE TEMP TABLE away AS SELECT * FROM trip ORDER BY md5(id::text);; TRUNCATE trip;; INSERT INTO trip OVERRIDING SYSTEM VALUE SELECT * FROM away',
    ],
    [
      'a column that was added and dropped',
      'ALTER TABLE stop ADD later integer;; ALTER TABLE stop DROP later',
    ],
    ['ANALYZE, and statistics in use', 'ANALYZE'],
    [
      'other settings of the database',
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET TimeZone = ''Asia/Tokyo''', current_database()); END $$;;
       SET DateStyle = 'German';; SET IntervalStyle = 'iso_8601';; SET TimeZone = 'Asia/Tokyo';; SET extra_float_digits = -3;;
       SET bytea_output = 'escape';; SET search_path = public, "odd ""schema""";; SET quote_all_identifiers = on`,
    ],
    [
      "the tool's own schema",
      'CREATE SCHEMA rushhour_meta;; CREATE TABLE rushhour_meta.marker AS SELECT 1 AS n',
    ],
  ];
  for (const [what, change] of sameContent) {
    test(`stays the same with ${what}`, async () => {
      const { content, schema } = await digestAfter(change);
      assert.deepEqual({ content, schema }, { content: original.content, schema: original.schema });
    });
  }

  test('is the same in another database that was filled in its own way', async () => {
    const other = await createTestDatabase(server);
    await other.client.query('CREATE TABLE before_all (id integer); DROP TABLE before_all'); // other OIDs
    await other.client.query(CONTENT);
    const { content, schema } = await digestContent(other.client);
    await other.drop();
    assert.deepEqual({ content, schema }, { content: original.content, schema: original.schema });
  });

  test('leaves the session as it was, with no transaction open', async () => {
    await withAdmin(server, database.name, async (client) => {
      await digestContent(client);
      const { rows } = await client.query(
        "SELECT current_setting('search_path') AS path, pg_current_xact_id_if_assigned() AS id",
      );
      assert.deepEqual(rows, [{ path: '"$user", public', id: null }]);
      await client.query('CREATE TEMP TABLE writable (id integer)');
    });
  });

  test('needs no superuser, and a role that rows are hidden from gets an error, not a digest of what it sees', async () => {
    const own = await createTestDatabase(server);
    await own.client.query(`CREATE TABLE trip AS SELECT 1 AS id; CREATE SEQUENCE ticket;
      GRANT SELECT ON trip, ticket TO ${server.serviceRole}`);
    const service = new pg.Client({ connectionString: own.serviceUrl });
    await service.connect();
    const asOwner = await digestContent(own.client);
    assert.equal((await digestContent(service)).content, asOwner.content);
    await own.client.query('ALTER TABLE trip ENABLE ROW LEVEL SECURITY');
    await assert.rejects(digestContent(service), /row-level security/);
    await own.client.query('ALTER TABLE trip DISABLE ROW LEVEL SECURITY; REVOKE SELECT ON trip FROM PUBLIC');
    await own.client.query(`REVOKE ALL ON trip FROM ${server.serviceRole}`);
    await assert.rejects(digestContent(service), /permission denied for table trip/);
    await service.end();
    await own.drop();
  });
});
