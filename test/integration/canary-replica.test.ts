import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { EXIT } from '../../harness/errors.ts';
import { stopServer } from '../../harness/postgres/cluster.ts';
import { proveOwn } from '../../harness/postgres/marker.ts';
import { type PostgresServer, useServer, withAdmin } from '../../harness/postgres/server.ts';
import { createProduction, PRODUCTION } from '../support/canary.ts';
import { asksServer, VERBS } from '../support/canary-verbs.ts';
import { errorOf, flagsByVerb } from '../support/command-line.ts';
import { createTestDatabase, startTestServer } from '../support/database.ts';
import { makeOwnDatabase } from '../support/own-database.ts';
import {
  programsOf,
  startCopyOf,
  startThrowAwayServer,
  type ThrowAwayServer,
} from '../support/postgres-majors.ts';

describe('a server that is a copy of one with databases of ours', () => {
  const started: ThrowAwayServer[] = [];
  let original: ThrowAwayServer;
  let ours: string;
  let marker: Record<string, unknown>;

  before(async () => {
    const programs = await programsOf(18);
    assert.ok('binFolder' in programs);
    original = await startThrowAwayServer(programs);
    started.push(original);
    const server = await useServer(original.adminUrl);
    await createProduction(server);
    ours = await makeOwnDatabase(server);
    const { rows } = await withAdmin(server, ours, (client) =>
      client.query('SELECT * FROM rushhour_meta.marker'),
    );
    marker = rows[0];
    await stopServer(original.cluster);
  });
  after(async () => {
    for (const server of started) await server.remove();
  });

  const copy = async (standby: boolean) => {
    const server = await startCopyOf(original.cluster, { standby });
    started.push(server);
    return server;
  };
  const found = (server: PostgresServer, name: string) => withAdmin(server, name, proveOwn);
  /** Every command line of the table that takes `--server`. */
  const attempts = async (url: string, only: RegExp) => {
    const flags = await flagsByVerb();
    const verbs = Object.entries(VERBS).filter(
      ([verb]) => only.test(verb) && flags.get(verb)?.includes('--server'),
    );
    return verbs.flatMap(([verb, cases]) =>
      cases.filter(asksServer).map(({ args }) => [verb, ...args, '--server', url]),
    );
  };

  test('a replica is refused by every verb, also where it holds a database of ours', async () => {
    const { adminUrl } = await copy(true);
    const tried = await attempts(adminUrl, /./);
    assert.ok(tried.length > 10);
    for (const args of [...tried, ['migrate', 'up', '--database', ours, '--server', adminUrl]]) {
      const { exitCode, message, hint } = await errorOf(args);
      assert.equal(exitCode, EXIT.refused, `${args.join(' ')}: ${message}`);
      assert.match(
        message,
        /^The server postgres:\/\/rushhour@127\.0\.0\.1:\d+\/postgres may only be read: it is a standby, .* Expected one on which/,
      );
      assert.match(hint ?? '', /--server/);
    }
  });

  test('a snapshot that was restored is another server with the same identity: ours is ours there, production is not', async () => {
    const server = await useServer((await copy(false)).adminUrl);
    assert.ok('marker' in (await found(server, ours)));
    assert.deepEqual(await found(server, PRODUCTION), { got: 'none' });
    await withAdmin(server, undefined, (admin) =>
      admin.query(`ALTER DATABASE ${PRODUCTION} SET default_transaction_read_only = on`),
    );
    for (const args of await attempts(server.adminUrl(PRODUCTION), /seed|migrate|backup/)) {
      const { exitCode, message } = await errorOf(args);
      assert.equal(exitCode, EXIT.refused, `${args.join(' ')}: ${message}`);
      assert.match(message, /may only be read: default_transaction_read_only is on/);
    }
  });

  test('a marker that came to another server by a dump does not count, even if the database has the same OID there', async () => {
    const server = await startTestServer();
    const database = await createTestDatabase(server);
    await database.client.query(
      `CREATE SCHEMA rushhour_meta;
       CREATE TABLE rushhour_meta.marker AS SELECT 'clone' AS purpose, 1 AS harness_pid, '{}'::jsonb AS info, oid AS database_oid,
         '${marker.system_identifier}' AS system_identifier FROM pg_database WHERE datname = current_database()`,
    );
    assert.deepEqual(await found(server, database.name), {
      got: 'a copy of one that was written on another server',
    });
    await database.drop();
    await server.release();
  });
});
