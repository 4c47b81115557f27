import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { readRelationScans } from '../../harness/postgres/relation-scans.ts';
import { connectAdmin, type PostgresServer, withAdmin } from '../../harness/postgres/server.ts';
import { type Clone, cloneTemplate, ensureTemplate } from '../../harness/postgres/templates.ts';
import { startTestServer } from '../support/database.ts';

const ROWS = 5_000;

describe('scans of tables and indexes', () => {
  let server: PostgresServer;
  let template: string;
  let clone: Clone;

  before(async () => {
    server = await startTestServer();
    ({ name: template } = await ensureTemplate(server, {
      key: 'relationscans',
      build: async (client) => {
        await client.query('CREATE TABLE trip (id integer PRIMARY KEY, town text NOT NULL)');
        await client.query(`INSERT INTO trip SELECT n, 'town ' || n FROM generate_series(1, ${ROWS}) n`);
        await client.query('CREATE INDEX trip_town_idx ON trip (town)');
        await client.query('ANALYZE trip');
        // The template itself has been read; its clones must not begin with these.
        await client.query("SELECT count(*) FROM trip WHERE town = 'town 1'");
        return {};
      },
    }));
    clone = await cloneTemplate(server, template);
  });

  after(async () => {
    await clone?.drop();
    await server?.release();
  });

  const read = () => withAdmin(server, clone.name, readRelationScans);

  test('a clone takes its statement counters with it, so that many of them do not fill the table', async () => {
    const own = await cloneTemplate(server, template);
    await withAdmin(server, own.name, (client) => client.query('SELECT count(*) FROM trip'));
    const entries = () =>
      withAdmin(server, undefined, async (client) => {
        const { rows } = await client.query<{ n: number }>(
          'SELECT count(*)::int AS n FROM pg_stat_statements WHERE dbid = $1',
          [own.oid],
        );
        return rows[0]?.n ?? 0;
      });
    assert.ok((await entries()) > 0);
    await own.drop();
    assert.equal(await entries(), 0);
  });

  test('a clone begins at none, whatever its template was asked', async () => {
    assert.deepEqual(await read(), []);
  });

  test('each use of an index and each sequential scan is counted once its session has ended', async () => {
    const client = new pg.Client({ connectionString: server.adminUrl(clone.name) });
    await client.connect();
    for (let n = 1; n <= 7; n++) await client.query('SELECT id FROM trip WHERE town = $1', [`town ${n}`]);
    for (let n = 1; n <= 3; n++) await client.query('SELECT town FROM trip WHERE id = $1', [n]);
    for (let n = 1; n <= 2; n++) await client.query('SELECT max(length(town)) FROM trip');
    // Not waited for: the session may still be there when the scans are asked for.
    const ended = client.end();
    const scans = await read();
    await ended;
    assert.deepEqual(scans, [
      { table: 'trip', index: null, scans: 2, rowsRead: 2 * ROWS },
      { table: 'trip', index: 'trip_pkey', scans: 3, rowsRead: 3 },
      { table: 'trip', index: 'trip_town_idx', scans: 7, rowsRead: 7 },
    ]);
  });

  test('a session that stays is an error: what it scanned would be missing', async () => {
    const other = await connectAdmin(server, clone.name);
    try {
      await assert.rejects(read(), {
        code: 'DATABASE_FAILED',
        message: /no other session in the database, got 1 \(rushhour-harness\)/,
      });
    } finally {
      await other.end();
    }
  });
});
