import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, type TestContext, test } from 'node:test';
import pg from 'pg';
import { withLoadBrake } from '../../harness/experiment/load-brake.ts';
import { HARNESS_APPLICATION_NAME } from '../../harness/postgres/application-name.ts';
import { type PostgresServer, useServer, withAdmin } from '../../harness/postgres/server.ts';
import { type OwnServer, startOwnServer } from '../support/database.ts';

let own: OwnServer;
let server: PostgresServer;
before(async () => {
  own = await startOwnServer();
  server = own.server;
});
after(() => own.remove());

const never = { ratio: 1, countsTimeouts: true };

test('a load ends when the server ends the sessions in it, and not when it has ended by itself', async () => {
  const brakes = { signal: new AbortController().signal, errorLimit: never };
  assert.deepEqual(await withLoadBrake(server, brakes, async () => 'to its end'), {
    result: 'to its end',
    ended: null,
  });
  const { ended } = await withLoadBrake(server, brakes, async ({ signal }) => {
    await withAdmin(server, undefined, (admin) =>
      admin.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()',
        [HARNESS_APPLICATION_NAME],
      ),
    );
    if (!signal.aborted) await once(signal, 'abort');
  });
  assert.equal(ended?.code, 'DATABASE_FAILED');
  assert.match(
    ended?.message ?? '',
    /^PostgreSQL at 127\.0\.0\.1:\d+ ended its sessions under load: the load was ended too\.$/,
  );
});

describe('a server of somebody else', () => {
  /** Opens so many sessions, as a pool of somebody's would; closed after the test. */
  async function occupy(t: TestContext, connections: number): Promise<void> {
    const clients = Array.from({ length: connections }, () => new pg.Client(server.adminUrl()));
    t.after(() => Promise.all(clients.map((client) => client.end())));
    for (const client of clients) {
      client.on('error', () => {});
      await client.connect();
    }
  }

  test('that is nearly out of connections ends the load, whoever has them', async (t) => {
    const theirs = await useServer(server.adminUrl());
    await occupy(t, 95); // of 100; a superuser may have the last three
    const brakes = { signal: new AbortController().signal, errorLimit: never };
    const { ended } = await withLoadBrake(theirs, brakes, async ({ signal }) => {
      if (!signal.aborted) await once(signal, 'abort');
    });
    assert.equal(ended?.code, 'LOAD_BRAKED');
    // 95 and the one that looks
    assert.match(
      ended?.message ?? '',
      /^The load was ended: 96 of the 100 connections of PostgreSQL at 127\.0\.0\.1:\d+ were in use \(96 %\), expected less than 90 %\.$/,
    );
  });
});
