import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { EXIT, HarnessError } from '../../harness/errors.ts';
import { endClient } from '../../harness/postgres/end-client.ts';
import { type PostgresServer, withAdmin } from '../../harness/postgres/server.ts';
import { type SilenceLimits, watchSilence } from '../../harness/postgres/silent-session.ts';
import { eventually, rushhour } from '../support/command.ts';
import { leftoverDatabases, startOwnServer, startTestServer } from '../support/database.ts';
import { SMALLEST_OPTIONS } from '../support/smallest-shape.ts';
import { openTunnel, type TcpTunnel } from '../support/tcp-tunnel.ts';

let server: PostgresServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.release());

/** A way to the server that can be stopped, and the server as it is found at the near end. */
async function tunnelled(t: TestContext): Promise<{ tunnel: TcpTunnel; far: PostgresServer }> {
  const tunnel = await openTunnel(Number(new URL(server.adminUrl()).port));
  t.after(() => tunnel.close());
  const adminUrl = (database?: string) => {
    const url = new URL(server.adminUrl(database));
    url.port = String(tunnel.port);
    return url.toString();
  };
  return { tunnel, far: { ...server, adminUrl } };
}

const SOON: SilenceLimits = { silenceMs: 300, lookMs: 50, askMs: 500 };
/** Where the answer to whether it is at work comes, however busy the machine is. */
const SURELY: SilenceLimits = { ...SOON, askMs: 60_000 };

async function watched(t: TestContext, far: PostgresServer, limits: SilenceLimits): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: far.adminUrl() });
  client.on('error', () => {});
  await client.connect();
  t.after(() => endClient(client));
  watchSilence(client, { connectionString: far.adminUrl(), where: 'postgres://far' }, limits);
  return client;
}

async function assertStuck(statement: Promise<unknown>): Promise<void> {
  await assert.rejects(statement, (error: unknown) => {
    assert.ok(error instanceof HarnessError, String(error));
    assert.equal(error.code, 'DATABASE_FAILED');
    assert.match(
      error.message,
      /^The connection to postgres:\/\/far is stuck: expected an answer, got nothing/,
    );
    assert.match(error.hint ?? '', /a proxy, a tunnel, a firewall/);
    return true;
  });
}

describe('a session of the harness', { timeout: 900_000 }, () => {
  test('is left alone while the server works on its statement, however long', async (t) => {
    const { far } = await tunnelled(t);
    const client = await watched(t, far, SURELY);
    const { rows } = await client.query('SELECT 7 AS seven FROM pg_sleep(1.5)'); // five times the silence
    assert.deepEqual(rows, [{ seven: 7 }]);
  });

  test('is left alone while its statement waits for a lock', async (t) => {
    const { far } = await tunnelled(t);
    const client = await watched(t, far, SURELY);
    await withAdmin(server, undefined, async (holder) => {
      await holder.query('SELECT pg_advisory_lock(42)');
      const waiting = client.query('SELECT pg_advisory_lock(42)');
      await delay(1_500);
      await holder.query('SELECT pg_advisory_unlock(42)');
      await waiting;
    });
  });

  test('ends with what is wrong when its own connection has stopped and others go through', async (t) => {
    const { tunnel, far } = await tunnelled(t);
    const client = await watched(t, far, SOON);
    tunnel.stallOpen();
    await assertStuck(client.query('SELECT 1'));
  });

  test('ends with what is wrong when nothing goes through any more, also where its answer was lost', async (t) => {
    const { tunnel, far } = await tunnelled(t);
    const client = await watched(t, far, SOON);
    await withAdmin(server, undefined, async (holder) => {
      await holder.query('SELECT pg_advisory_lock(43)');
      const asked = assertStuck(client.query('SELECT pg_advisory_lock(43)'));
      const waits = async () => {
        const { rows } = await holder.query('SELECT FROM pg_locks WHERE objid = 43 AND NOT granted');
        return rows.length > 0;
      };
      assert.ok(await eventually(waits));
      tunnel.stall();
      await holder.query('SELECT pg_advisory_unlock(43)'); // it gets there; nobody will hear of that
      await asked;
    });
  });

  test('does not wait for a farewell that does not come through', async (t) => {
    const { tunnel, far } = await tunnelled(t);
    const answer = await withAdmin(far, undefined, async (client) => {
      const { rows } = await client.query('SELECT 7 AS seven');
      tunnel.stall();
      return rows;
    });
    assert.deepEqual(answer, [{ seven: 7 }]);
  });

  test('has a limit for a statement, for a lock and for a transaction that stands still', async () => {
    const { rows } = await withAdmin(server, undefined, (client) =>
      client.query(
        `SELECT name, setting FROM pg_settings WHERE name IN
           ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') ORDER BY name`,
      ),
    );
    assert.deepEqual(
      rows.map(({ name, setting }) => [name, Number(setting) > 0]),
      [
        ['idle_in_transaction_session_timeout', true],
        ['lock_timeout', true],
        ['statement_timeout', true],
      ],
    );
  });
});

describe('the tool', { timeout: 900_000 }, () => {
  test('that seeds through a connection that stops: it ends within its own limits and says why, and the next seed is whole', async (t) => {
    const own = await startOwnServer();
    t.after(() => own.remove());
    const tunnel = await openTunnel(Number(new URL(own.server.adminUrl()).port));
    t.after(() => tunnel.close());
    const url = new URL(own.server.adminUrl());
    url.port = String(tunnel.port);
    const seed = (size: readonly string[], server: string) =>
      rushhour(['seed', ...size, '--server', server], { env: { RUSHHOUR_CACHE: own.cache } });
    const stopped = seed(['--profile', 'smoke', '--history', '200000'], url.toString());
    const copying = () =>
      withAdmin(own.server, undefined, async (client) => {
        const { rows } = await client.query(
          'SELECT FROM pg_stat_progress_copy WHERE tuples_processed > 1000',
        );
        return rows.length > 0;
      });
    assert.ok(await eventually(copying, stopped), 'no COPY was seen');
    tunnel.stall();
    const { exitCode, stderr } = await stopped;
    assert.equal(exitCode, EXIT.failure, `${stderr}`);
    assert.match(`${stderr}`, /COPY \w+ failed .*(accepted no data|is stuck)|The connection to .* is stuck/);
    assert.doesNotMatch(`${stderr}`, /\n {4}at |unexpected error/);
    await tunnel.close(); // only now does the server hear that its client has gone
    const next = await seed(SMALLEST_OPTIONS, own.server.adminUrl());
    assert.equal(next.exitCode, EXIT.fine, `${next.stderr}`);
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });
});
