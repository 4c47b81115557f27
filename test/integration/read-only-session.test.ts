/** A config's SQL can read and never write, whatever it tries, and counts as nobody's. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HarnessError } from '../../harness/errors.ts';
import { openReadOnlySession } from '../../harness/postgres/read-only-session.ts';
import { useServer, withAdmin } from '../../harness/postgres/server.ts';
import { snapshotStatements, statementDelta } from '../../harness/postgres/statement-stats.ts';
import { programsOf, startThrowAwayServer, type ThrowAwayServer } from '../support/postgres-majors.ts';

const SCHEMA = `
  CREATE TABLE thing (id bigint PRIMARY KEY, made_on date NOT NULL);
  INSERT INTO thing SELECT n, date '2026-01-05' + n::int FROM generate_series(1, 3) n;
  CREATE SEQUENCE counter;
  CREATE FUNCTION add_thing() RETURNS bigint LANGUAGE sql AS 'INSERT INTO thing VALUES (9, now()) RETURNING id';
  CREATE FUNCTION allow_writes() RETURNS text LANGUAGE sql AS
    $$ SELECT set_config('default_transaction_read_only', 'off', false) $$`;

for (const major of [13, 18] as const) {
  describe(`a question to PostgreSQL ${major}`, () => {
    let started: ThrowAwayServer | null = null;
    let skipped = '';
    before(async () => {
      const distribution = await programsOf(major);
      if ('skip' in distribution) {
        skipped = distribution.skip;
        return;
      }
      started = await startThrowAwayServer(distribution);
      const server = await useServer(started.adminUrl);
      await withAdmin(server, undefined, (admin) => admin.query('CREATE EXTENSION pg_stat_statements'));
      await withAdmin(server, undefined, (admin) => admin.query('CREATE DATABASE asked'));
      await withAdmin(server, 'asked', (admin) => admin.query(SCHEMA));
    });
    after(() => started?.remove());

    const onServer = (title: string, work: (url: string) => Promise<void>) =>
      test(title, async (t) => (started ? work(started.adminUrl) : t.skip(skipped)));

    onServer('gives values as requests are filled with them', async (url) => {
      const session = await openReadOnlySession(await useServer(url), 'asked');
      const sql =
        'SELECT id, made_on, id > 1 AS big, 1.50 AS price, NULL AS none FROM thing WHERE made_on = :day::date; ';
      assert.deepEqual(await session.ask({ where: 'q', sql }, { day: '2026-01-07' }), [
        { id: 2, made_on: '2026-01-07', big: true, price: '1.50', none: null },
      ]);
      assert.deepEqual(await session.askTexts({ where: 'q', sql: 'TABLE thing LIMIT 1 -- first' }, {}), [
        ['1', '2026-01-06'],
      ]);
      await session.close();
    });

    onServer('cannot write', async (url) => {
      const server = await useServer(url);
      const session = await openReadOnlySession(server, 'asked');
      for (const [sql, message] of [
        ['INSERT INTO thing VALUES (9, now())', /syntax error/],
        ['WITH gone AS (DELETE FROM thing RETURNING id) SELECT * FROM gone', /data-modifying/],
        ['SELECT 1) AS asked; DELETE FROM thing; SELECT * FROM (SELECT 1', /multiple commands/],
        ['SELECT add_thing()', /q writes: .*read-only transaction/],
        ["SELECT nextval('counter')", /q writes: .*read-only transaction/],
        [
          'SELECT 1) AS asked; SET default_transaction_read_only = off; COMMIT; DELETE FROM thing; SELECT (1',
          /multiple commands/,
        ],
        ['SELECT lo_create(0) FROM add_thing()', /read-only transaction/],
      ] as const) {
        await assert.rejects(session.ask({ where: 'q', sql }, {}), (error) => {
          assert.ok(error instanceof HarnessError);
          assert.equal(error.code, 'BAD_CONFIG');
          assert.match(error.message, message);
          return true;
        });
      }
      await session.ask({ where: 'q', sql: 'SELECT allow_writes()' }, {});
      await assert.rejects(session.ask({ where: 'q', sql: 'SELECT add_thing()' }, {}), /q writes/);
      assert.deepEqual(await session.ask({ where: 'q', sql: 'SELECT count(*) FROM thing' }, {}), [
        { count: 3 },
      ]);
      await session.close();
    });

    onServer('is counted as nobody’s, though the role is the service’s too', async (url) => {
      const server = await useServer(url);
      await withAdmin(server, undefined, async (observer) => {
        const { rows } = await observer.query("SELECT oid::int FROM pg_database WHERE datname = 'asked'");
        const oid = rows[0].oid as number;
        const start = await snapshotStatements(observer, oid);
        const session = await openReadOnlySession(server, 'asked');
        await session.ask({ where: 'q', sql: 'SELECT id /* a b */ FROM thing WHERE id = :id' }, { id: 2 });
        await session.close();
        assert.deepEqual(statementDelta(start, await snapshotStatements(observer, oid)), []);
        await withAdmin(server, 'asked', async (service) => {
          await service.query('BEGIN');
          await service.query('SELECT id FROM thing WHERE id = $1', [2]);
          await service.query('SET datestyle = ISO');
          await service.query('COMMIT');
        });
        const delta = statementDelta(start, await snapshotStatements(observer, oid));
        assert.deepEqual(
          delta.map(({ calls }) => calls),
          [1, 1, 1, 1],
        );
      });
    });
  });
}
