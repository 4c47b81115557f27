import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { serverFolder } from '../../harness/postgres/distribution.ts';
import { acquireEmbeddedServer } from '../../harness/postgres/embedded-server.ts';
import { connectAdmin, type PostgresServer, withAdmin } from '../../harness/postgres/server.ts';
import { unprivilegedUser } from '../../harness/postgres/unprivileged-user.ts';

/** The embedded server of this test run; test files that run side by side share it. Release it in `after`. */
export async function startTestServer(): Promise<PostgresServer> {
  return acquireEmbeddedServer();
}

/** A server nobody else uses, in a cache folder of its own. Its files go with `remove`. */
export interface OwnServer {
  readonly server: PostgresServer;
  readonly cache: string;
  remove(): Promise<void>;
}

/** For tests that kill their server, change a template, or say what a command has left behind. */
export async function startOwnServer(): Promise<OwnServer> {
  const cache = await mkdtemp(path.join(tmpdir(), 'rushhour-own-'));
  const server = await acquireEmbeddedServer({ cacheFolder: cache });
  const remove = async () => {
    await server.release().catch(() => {}); // a server that the test has killed cannot be stopped again
    await removeServerFiles(cache);
    await rm(cache, { recursive: true, force: true });
  };
  return { server, cache, remove };
}

/** What the servers of a cache folder have left; for root it lies outside of that folder. */
export async function removeServerFiles(cache: string): Promise<void> {
  await rm(await serverFolder(cache, await unprivilegedUser()), { recursive: true, force: true });
}

/** Databases of runs and builds: none may be left when a command has ended. Only of use on an {@link OwnServer}. */
export async function leftoverDatabases(server: PostgresServer): Promise<string[]> {
  const { rows } = await withAdmin(server, undefined, (client) =>
    client.query<{ datname: string }>(
      "SELECT datname FROM pg_database WHERE datname ~ '^rushhour_(run|build)_'",
    ),
  );
  return rows.map((row) => row.datname);
}

export interface TestDatabase {
  readonly name: string;
  /** Connected as the owner. Closed by `drop`. */
  readonly client: pg.Client;
  readonly adminUrl: string;
  /** Connects as the role the service has; it needs grants on what the owner made. */
  readonly serviceUrl: string;
  /** Closes the client and drops the database. Fails when the test has left sessions open: that is a leak. */
  drop(): Promise<void>;
}

/** A new, empty database for one test file. */
export async function createTestDatabase(server: PostgresServer): Promise<TestDatabase> {
  const name = `rushhour_test_${randomBytes(6).toString('hex')}`;
  await withAdmin(server, undefined, (admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE template0`));
  const client = await connectAdmin(server, name);
  return {
    name,
    client,
    adminUrl: server.adminUrl(name),
    serviceUrl: server.serviceUrl(name),
    drop: async () => {
      await client.end().catch(() => {});
      await withAdmin(server, undefined, async (admin) => {
        const leaked = await openSessions(admin, name);
        await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
        assert.deepEqual(leaked, [], `sessions left open in ${name}`);
      });
    },
  };
}

/** A backend needs a moment to notice that its client has gone, so this asks for up to two seconds. */
async function openSessions(admin: pg.Client, database: string): Promise<string[]> {
  const deadline = Date.now() + 2_000;
  for (;;) {
    const { rows } = await admin.query<{ application_name: string; state: string }>(
      'SELECT application_name, state FROM pg_stat_activity WHERE datname = $1',
      [database],
    );
    if (rows.length === 0 || Date.now() > deadline)
      return rows.map((row) => `${row.application_name} (${row.state})`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
