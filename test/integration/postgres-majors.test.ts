/** What the harness asks of PostgreSQL, on every major version that it says it works on. */
import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import pg from 'pg';
import { describeEnvironment } from '../../harness/machine/environment.ts';
import { databaseLoadBetween, readDatabaseLoad } from '../../harness/postgres/database-load.ts';
import { readMarker } from '../../harness/postgres/marker.ts';
import { readRelationScans } from '../../harness/postgres/relation-scans.ts';
import { type PostgresServer, useServer, withAdmin } from '../../harness/postgres/server.ts';
import {
  canCountStatements,
  lossBetween,
  snapshotStatements,
  statementDelta,
  sumCounters,
} from '../../harness/postgres/statement-stats.ts';
import { findStatementView } from '../../harness/postgres/statement-view.ts';
import { readStatementVisibility, whyNothingIsCounted } from '../../harness/postgres/statement-visibility.ts';
import { type Clone, cloneTemplate, ensureTemplate } from '../../harness/postgres/templates.ts';
import {
  MAJORS,
  programsOf,
  startThrowAwayServer,
  type ThrowAwayServer,
} from '../support/postgres-majors.ts';

const ROOM = 100;

for (const major of MAJORS) {
  describe(`PostgreSQL ${major}`, () => {
    let started: ThrowAwayServer | null = null;
    let skipped: string | null = null;

    before(async () => {
      const distribution = await programsOf(major);
      if ('skip' in distribution) skipped = distribution.skip;
      else started = await startThrowAwayServer(distribution, { 'pg_stat_statements.max': String(ROOM) });
    });
    after(() => started?.remove());

    /** A test that needs the server: skipped, with the reason, where its programs could not be had. */
    const onServer = (title: string, work: (url: string) => Promise<void>) =>
      test(title, async (t: TestContext) => {
        if (!started) return t.skip(skipped ?? '');
        await emptyStatementTable(started.adminUrl);
        await work(started.adminUrl);
      });

    onServer('without the extension it is said what to run', async (url) => {
      await withSession(url, async (client) => {
        assert.equal(await canCountStatements(client), false);
        assert.match((await whyNothingIsCounted(client)) ?? '', /Run CREATE EXTENSION/);
        await assert.rejects(snapshotStatements(client, 1), /pg_stat_statements is not here/);
        // From here on it is there, but outside of every search path.
        await client.query('CREATE SCHEMA "Watch Tower"');
        await client.query('CREATE EXTENSION pg_stat_statements SCHEMA "Watch Tower"');
        assert.equal(await canCountStatements(client), true);
      });
    });

    onServer('a template is cloned, counted and dropped, by a superuser and by a plain role', async (url) => {
      for (const server of [await useServer(url), await useServer(await plainRole(url))]) {
        await withClone(server, async (clone) => {
          const marker = await withAdmin(server, clone.name, readMarker);
          assert.deepEqual([marker?.purpose, marker?.harnessPid], ['clone', process.pid]);
          await withAdmin(server, clone.name, (client) => client.query('SELECT count(*) FROM thing'));
          const scans = await withAdmin(server, clone.name, readRelationScans);
          assert.deepEqual(
            scans.filter(({ table, index }) => table === 'thing' && index === null).map((one) => one.scans),
            [1],
          );
          const environment = await withAdmin(server, clone.name, (client) =>
            describeEnvironment(server, client, {
              target: { name: 'reference', configDigest: null, sourceCommit: null },
              template: 'thing',
              generators: {},
            }),
          );
          assert.match(environment.postgres.version, new RegExp(`^${major}\\.`));
          assert.deepEqual(environment.postgres.indexes, ['thing_pkey']);
        });
      }
    });

    onServer('statements of a database are counted exactly, and its load is read', async (url) => {
      const server = await useServer(url);
      await withClone(server, async (clone) => {
        const begin = await readDatabaseLoad(server, clone.oid);
        await useDatabase(server, clone);
        const end = await readDatabaseLoad(server, clone.oid);
        assert.ok(begin && end);
        const load = databaseLoadBetween(begin, end, 0);
        // BEGIN, 3 × SELECT, INSERT, COMMIT; 3 rows read and 1 written
        assert.deepEqual([load.queries, load.rowsReturned], [6, 4]);
        assert.ok((load.walBytes ?? 0) > 0 && load.databaseMs > 0 && load.checkpoints !== null);
        const select = load.statements.find(({ text }) => text.startsWith('SELECT'));
        assert.deepEqual([select?.calls, select?.text], [3, 'SELECT id FROM thing WHERE id = $1']);
      });
    });

    onServer('statements inside functions are left out where the server tells them apart', async (url) => {
      const server = await useServer(url);
      await withClone(server, async (clone) => {
        await withAdmin(server, undefined, async (observer) => {
          const start = await snapshotStatements(observer, clone.oid);
          await withAdmin(server, clone.name, async (client) => {
            await client.query("SET pg_stat_statements.track = 'all'");
            await client.query(
              'DO $$ BEGIN FOR i IN 1..5 LOOP PERFORM id FROM thing WHERE id = i; END LOOP; END $$',
            );
          });
          const delta = statementDelta(start, await snapshotStatements(observer, clone.oid));
          const nested = delta.find(({ text }) => text.startsWith('SELECT id FROM thing'));
          assert.equal(nested?.calls, major === 13 ? 5 : undefined);
          await observer.query("SET pg_stat_statements.track = 'all'");
          const { missing } = await readStatementVisibility(observer, clone.oid);
          assert.equal(
            missing.some((one) => one.includes('inside functions')),
            major === 13,
          );
        });
      });
    });

    onServer('a role that may not read the texts of others gets their sum, and says so', async (url) => {
      const server = await useServer(url);
      const plainUrl = await plainRole(url);
      await withSession(url, (client) => client.query('GRANT USAGE ON SCHEMA "Watch Tower" TO plain'));
      await withClone(server, async (clone) => {
        await withSession(plainUrl, async (plain) => {
          const before = await snapshotStatements(plain, clone.oid);
          await useDatabase(server, clone);
          const delta = statementDelta(before, await snapshotStatements(plain, clone.oid));
          assert.deepEqual(
            delta.map(({ queryId, text }) => [queryId, text]),
            [['', '<insufficient privilege>']],
          );
          const { queries, rows } = sumCounters(delta);
          assert.deepEqual([queries, rows], [6, 4]);
          const visibility = await readStatementVisibility(plain, clone.oid);
          assert.equal(visibility.state, 'partial');
          assert.match(visibility.missing.join('\n'), /GRANT pg_read_all_stats TO "plain"/);
        });
        await withSession(url, async (client) => {
          assert.deepEqual(await readStatementVisibility(client, clone.oid), { state: 'full', missing: [] });
        });
      });
    });

    onServer('what is switched off is named', async (url) => {
      await withSession(url, async (client) => {
        await client.query("SET pg_stat_statements.track_utility = 'off'");
        const { missing } = await readStatementVisibility(client, 1);
        assert.match(missing.join('\n'), /COMMIT and other utility statements are not counted/);
        await client.query("SET pg_stat_statements.track = 'none'");
        assert.match((await whyNothingIsCounted(client)) ?? '', /track is none/);
        if (major >= 14) {
          await client.query("SET pg_stat_statements.track = 'top'; SET compute_query_id = 'off'");
          assert.match((await whyNothingIsCounted(client)) ?? '', /compute_query_id is off/);
        }
      });
    });

    onServer('an extension that was never updated is read, without WAL', async (url) => {
      const server = await useServer(url);
      await withClone(server, async (clone) => {
        await withSession(url, (client) => client.query('CREATE DATABASE behind'));
        const behind = new URL(url);
        behind.pathname = '/behind';
        await withSession(behind.toString(), async (client) => {
          await client.query("CREATE EXTENSION pg_stat_statements VERSION '1.7'");
          const before = await snapshotStatements(client, clone.oid);
          await useDatabase(server, clone);
          const sums = sumCounters(statementDelta(before, await snapshotStatements(client, clone.oid)));
          assert.deepEqual([sums.queries, sums.rows, sums.walBytes], [6, 4, 0]);
          const { missing } = await readStatementVisibility(client, clone.oid);
          assert.match(missing.join('\n'), /older than 1\.8/);
        });
        await withSession(url, (client) => client.query('DROP DATABASE behind'));
      });
    });

    onServer('a full table makes a difference void, and its fill is told', async (url) => {
      const server = await useServer(url);
      await withClone(server, async (clone) => {
        await withAdmin(server, undefined, async (observer) => {
          const before = await snapshotStatements(observer, clone.oid);
          assert.equal(lossBetween(before, await snapshotStatements(observer, clone.oid)), null);
          await withAdmin(server, clone.name, async (client) => {
            // A statement for each number of columns: more of them than the table has room for.
            for (let columns = 1; columns <= ROOM + 20; columns++) {
              await client.query(`SELECT ${Array(columns).fill('id').join(', ')} FROM thing WHERE id = 1`);
            }
          });
          assert.ok(lossBetween(before, await snapshotStatements(observer, clone.oid)));
          const { state, missing } = await readStatementVisibility(observer, clone.oid);
          assert.equal(state, 'partial');
          assert.match(missing.join('\n'), /has room for 100: .* Raise pg_stat_statements\.max/);
        });
      });
    });
  });
}

describe('a server that does not load pg_stat_statements', () => {
  for (const major of [13, 17] as const) {
    test(`is told from one that lacks it, on ${major}`, async (t) => {
      const distribution = await programsOf(major);
      if ('skip' in distribution) return t.skip(distribution.skip);
      const started = await startThrowAwayServer(distribution, { shared_preload_libraries: '' });
      try {
        await withSession(started.adminUrl, async (client) => {
          await client.query('CREATE EXTENSION pg_stat_statements');
          assert.equal(await canCountStatements(client), false);
          assert.match((await whyNothingIsCounted(client)) ?? '', /Add it to shared_preload_libraries/);
          assert.equal((await readStatementVisibility(client, 1)).state, 'none');
        });
        const server = await useServer(started.adminUrl);
        await withClone(server, async (clone) => {
          assert.equal(await readDatabaseLoad(server, clone.oid), null);
        });
      } finally {
        await started.remove();
      }
    });
  }
});

async function withSession<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** It has room for few: what a test counts must not be thrown out because of the tests before it. */
async function emptyStatementTable(adminUrl: string): Promise<void> {
  await withSession(adminUrl, async (client) => {
    const view = await findStatementView(client);
    if (view) await client.query(`SELECT ${view.schema}.pg_stat_statements_reset()`);
  });
}

async function withClone(server: PostgresServer, work: (clone: Clone) => Promise<void>): Promise<void> {
  const template = await ensureTemplate(server, {
    key: `major${server.serviceRole}`,
    build: async (client) => {
      await client.query('CREATE TABLE thing (id int PRIMARY KEY)');
      await client.query('INSERT INTO thing SELECT generate_series(1, 100)');
      return {};
    },
  });
  const clone = await cloneTemplate(server, template.name);
  try {
    await work(clone);
  } finally {
    await clone.drop();
  }
}

/** Six statements: BEGIN, three that read a row each, one that writes a row, COMMIT. */
async function useDatabase(server: PostgresServer, clone: Clone): Promise<void> {
  await withAdmin(server, clone.name, async (client) => {
    // The lock timeout is set when the session starts, not by a statement.
    await client.query('BEGIN');
    for (const id of [1, 2, 3]) await client.query('SELECT id FROM thing WHERE id = $1', [id]);
    await client.query('INSERT INTO thing VALUES ($1)', [Date.now() % 1_000_000_000]);
    await client.query('COMMIT');
  });
}

/** A role with nothing but LOGIN and CREATEDB, made the first time. */
async function plainRole(adminUrl: string): Promise<string> {
  await withSession(adminUrl, async (client) => {
    const { rowCount } = await client.query("SELECT FROM pg_roles WHERE rolname = 'plain'");
    if (!rowCount) await client.query("CREATE ROLE plain LOGIN CREATEDB PASSWORD 'plain'");
  });
  const url = new URL(adminUrl);
  url.username = 'plain';
  url.password = 'plain';
  return url.toString();
}
