/** The tap, the server's counters and the server's log count the same statements, to the unit. */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import copyStreams from 'pg-copy-streams';
import { statementsInLog } from '../../harness/capture/server-log.ts';
import { statementIdentity } from '../../harness/capture/statement-identity.ts';
import { openTap, type Tap } from '../../harness/capture/tap.ts';
import type { Transcript } from '../../harness/capture/transcript.ts';
import { waitOf } from '../../harness/capture/waiting.ts';
import { prepareDataset } from '../../harness/experiment/dataset.ts';
import { HARNESS_APPLICATION_NAME } from '../../harness/postgres/application-name.ts';
import { withAdmin } from '../../harness/postgres/server.ts';
import { snapshotStatements, statementDelta } from '../../harness/postgres/statement-stats.ts';
import { cloneTemplate } from '../../harness/postgres/templates.ts';
import { logIn } from '../../harness/service/service-client.ts';
import { startService } from '../../harness/service/service-process.ts';
import { companyDays, loginOf, PROFILES, SEED_PASSWORD } from '../../seed/profiles.ts';
import { type OwnServer, startOwnServer } from '../support/database.ts';

const LINE_PREFIX = '%m [%p] %c %l %q%d %a ';

/** Calls by identity, as lines that can be compared and read. */
function countsOf(texts: Iterable<readonly [text: string, calls: number]>): string[] {
  const counts = new Map<string, number>();
  for (const [text, calls] of texts) {
    const identity = statementIdentity(text);
    counts.set(identity, (counts.get(identity) ?? 0) + calls);
  }
  return [...counts].map(([identity, calls]) => `${calls} × ${identity}`).sort();
}

const tapCounts = ({ statements }: Transcript) =>
  countsOf(statements.filter(({ command }) => command !== null).map(({ text }) => [text, 1]));

describe('statements counted three ways', () => {
  let own: OwnServer;
  let tap: Tap;

  before(async () => {
    own = await startOwnServer();
    await withAdmin(own.server, undefined, async (admin) => {
      await admin.query(`ALTER SYSTEM SET log_line_prefix = '${LINE_PREFIX}'`);
      await admin.query('SELECT pg_reload_conf()');
    });
    tap = await openTap({ upstream: own.server.adminUrl() });
  });

  after(async () => {
    await tap?.close();
    await own?.remove();
  });

  /** What each of the three heard of `work`, which gets a connection URL of the database by way of the tap. */
  async function count(database: string, url: string, work: (url: string) => Promise<unknown>) {
    return withAdmin(own.server, undefined, async (admin) => {
      const { rows } = await admin.query<{ oid: number }>(
        'SELECT oid::int FROM pg_database WHERE datname = $1',
        [database],
      );
      const oid = Number(rows[0]?.oid);
      await admin.query(`ALTER DATABASE ${database} SET log_min_duration_statement = 0`);
      tap.take();
      const counters = await snapshotStatements(admin, oid);
      await work(tap.urlFor(url));
      await tap.idle();
      const transcript = tap.take();
      const delta = statementDelta(counters, await snapshotStatements(admin, oid));
      const log = await admin.query<{ log: string }>("SELECT pg_read_file('server.log') AS log");
      const logged = statementsInLog(log.rows[0]?.log ?? '', LINE_PREFIX).filter(
        ({ prefix }) => prefix.d === database && prefix.a !== HARNESS_APPLICATION_NAME,
      );
      return {
        transcript,
        delta,
        tapCounts: tapCounts(transcript),
        statsCounts: countsOf(delta.map(({ text, calls }) => [text, calls])),
        logCounts: countsOf(logged.map(({ text }) => [text, 1])),
      };
    });
  }

  test('agree on every way to execute: simple, prepared, several at once, by cursor, COPY, and failures in between', async () => {
    const database = 'rushhour_test_counts';
    await withAdmin(own.server, undefined, (admin) => admin.query(`CREATE DATABASE ${database}`));
    const { transcript, delta, ...counts } = await count(
      database,
      own.server.adminUrl(database),
      async (url) => {
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        const fails = (sql: string, values: unknown[] = []) => assert.rejects(client.query(sql, values));
        await client.query('CREATE TABLE t (a integer, b text)');
        await client.query(
          "INSERT INTO t VALUES (1, 'x'), (2, 'é'); UPDATE t SET b = 'y;' WHERE a = 1; SELECT 1",
        );
        for (let id = 1; id <= 3; id++) {
          await client.query({ name: 'get', text: 'SELECT * FROM t WHERE a = $1', values: [id] });
          await client.query('INSERT INTO t (a, b) VALUES ($1, $2)', [id, null]);
        }
        for (const ids of [[1], [1, 2], [1, 2, 3]])
          await client.query(`SELECT b FROM t WHERE a IN (${ids.map((_, place) => `$${place + 1}`)})`, ids);
        await client.query('SELECT b FROM t WHERE a IN (4, 5)');
        await fails('SELEC');
        await fails('SELECT 1 / $1::integer', [0]);
        await client.query('BEGIN');
        await client.query('SAVEPOINT one');
        await fails('INSERT INTO missing VALUES (1)');
        await client.query('ROLLBACK TO SAVEPOINT one');
        await client.query('DELETE FROM t WHERE a = -1 OR b IS NULL');
        await client.query('COMMIT');
        // A row limit on the wire: the portal is suspended and goes on with the next Execute.
        await client.query({
          text: 'SELECT generate_series(1, $1::integer)',
          values: [10],
          rows: 3,
        } as pg.QueryConfig);
        await client.query('BEGIN');
        await client.query('DECLARE c CURSOR FOR SELECT * FROM t');
        await client.query('FETCH 2 FROM c');
        await client.query('FETCH 2 FROM c');
        await client.query('COMMIT');
        const copyIn = client.query(copyStreams.from('COPY t FROM STDIN'));
        await pipeline(Readable.from(['7\tseven\n', '8\teight\n']), copyIn);
        const copyOut = client.query(copyStreams.to('COPY t TO STDOUT'));
        await copyOut.resume().toArray();
        await client.query('');
        await client.end();
      },
    );
    assert.deepEqual(counts.tapCounts, counts.statsCounts);
    assert.deepEqual(counts.tapCounts, counts.logCounts);
    assert.ok(
      counts.tapCounts.includes('4 × SELECT b FROM t WHERE a IN ($, ...)'),
      counts.tapCounts.join('\n'),
    );
    assert.deepEqual(transcript.blindSpots, []);
    const heard = waitOf(transcript);
    const rows = (uses: readonly { rows: number }[]) => uses.reduce((sum, use) => sum + use.rows, 0);
    assert.equal(rows([...heard.uses, ...heard.transactionControl]), rows(delta));
    assert.equal(heard.failures, 3);
  });

  test('agree on a client that sends the next statement before the answer to the last', async () => {
    const database = 'rushhour_test_pipeline';
    await withAdmin(own.server, undefined, (admin) => admin.query(`CREATE DATABASE ${database}`));
    const { transcript, ...counts } = await count(database, own.server.adminUrl(database), async (url) => {
      const client = new pg.Client({ connectionString: url, pipeline: true } as pg.ClientConfig);
      await client.connect();
      await client.query('CREATE TABLE t (a integer PRIMARY KEY)');
      const ids = [1, 2, 3, 3, 4]; // the second 3 fails, alone
      const sent = ids.map((id) =>
        client.query({ name: 'add', text: 'INSERT INTO t VALUES ($1)', values: [id] }),
      );
      const settled = await Promise.allSettled(sent);
      assert.deepEqual(
        settled.map(({ status }) => status),
        ids.map((id, place) => (ids[place - 1] === id ? 'rejected' : 'fulfilled')),
      );
      await client.end();
    });
    assert.deepEqual(counts.tapCounts, [
      '1 × CREATE TABLE t(a integer PRIMARY key)',
      '4 × INSERT INTO t VALUES ($)',
    ]);
    assert.deepEqual(counts.tapCounts, counts.statsCounts);
    assert.deepEqual(counts.tapCounts, counts.logCounts);
    const { roundTrips, commits, failures } = waitOf(transcript);
    assert.deepEqual([commits, failures, transcript.exchanges.length], [5, 1, 6]);
    assert.ok(roundTrips < 6, 'no two statements were sent together');
  });

  for (const variant of ['baseline', 'optimised']) {
    test(`agree on dispatches of the reference service, ${variant}`, async () => {
      const { server } = own;
      const signal = new AbortController().signal;
      const shape = PROFILES.smoke;
      const { template } = await prepareDataset(server, {
        shape,
        indexes: variant === 'optimised',
        signal,
        onProgress: () => {},
      });
      const clone = await cloneTemplate(server, template);
      try {
        const days = companyDays(shape).slice(0, 2);
        const { transcript, ...counts } = await count(
          clone.name,
          server.serviceUrl(clone.name),
          async (databaseUrl) => {
            const service = await startService({ variant, databaseUrl, signal });
            try {
              for (const { companyId, day } of days) {
                const login = { email: loginOf(companyId).email, password: SEED_PASSWORD };
                await (await logIn(service.baseUrl, login, signal)).dispatch(day);
              }
            } finally {
              await service.stop();
            }
          },
        );
        assert.deepEqual(counts.tapCounts, counts.statsCounts);
        assert.deepEqual(counts.tapCounts, counts.logCounts);
        assert.deepEqual(transcript.blindSpots, []);
        assert.equal(tap.sessions(), 0);
        const { commits, statements, roundTrips } = waitOf(transcript);
        assert.ok(
          commits > 0 && statements >= roundTrips,
          JSON.stringify({ commits, statements, roundTrips }),
        );
      } finally {
        await clone.drop();
      }
    });
  }
});
