import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { HarnessError } from '../../harness/errors.ts';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import { dropAbandoned } from '../../harness/postgres/abandoned-databases.ts';
import { stopAbandonedServers } from '../../harness/postgres/abandoned-server.ts';
import { serverFolder } from '../../harness/postgres/distribution.ts';
import { acquireEmbeddedServer } from '../../harness/postgres/embedded-server.ts';
import { dropOwnDatabase, readMarker, writeMarker } from '../../harness/postgres/marker.ts';
import { type PostgresServer, useServer, withAdmin } from '../../harness/postgres/server.ts';
import { cloneTemplate, ensureTemplate } from '../../harness/postgres/templates.ts';
import { unprivilegedUser } from '../../harness/postgres/unprivileged-user.ts';
import { isProcessAlive } from '../../harness/process-alive.ts';
import { createTestDatabase, removeServerFiles, startTestServer } from '../support/database.ts';

/** pg_ctl returns when the pid file has gone; the process itself ends a moment later. */
async function hasGone(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 100 && isProcessAlive(pid); attempt++) await delay(50);
  return !isProcessAlive(pid);
}

const NOTE = `
  const { default: pg } = await import('pg');
  const { noteDatabase } = await import('./harness/postgres/database-notes.ts');
  const admin = new pg.Client({ connectionString: process.env.URL });
  await admin.connect();
  await noteDatabase(admin, process.env.NOTED);
  process.stdout.write('noted', () => process.kill(process.pid, 'SIGKILL'));`;

describe('the embedded server', () => {
  test('starts in a folder with spaces, with durability on, and leaves no process behind', async () => {
    const cache = await mkdtemp(path.join(tmpdir(), 'rush hour '));
    try {
      const server = await acquireEmbeddedServer({ cacheFolder: cache });
      const { rows } = await withAdmin(server, undefined, (client) =>
        client.query(
          "SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS pages, current_setting('autovacuum') AS autovacuum",
        ),
      );
      assert.deepEqual(rows[0], { fsync: 'on', pages: 'on', autovacuum: 'off' });
      await server.release();
      assert.ok(await hasGone(server.postmasterPid ?? 0));
    } finally {
      await removeServerFiles(cache);
      await rm(cache, { recursive: true, force: true });
    }
  });

  test('is shared by its holders and stops with the last of them', async () => {
    const cache = await mkdtemp(path.join(tmpdir(), 'rushhour-shared-'));
    try {
      const [first, second] = await Promise.all([
        acquireEmbeddedServer({ cacheFolder: cache }),
        acquireEmbeddedServer({ cacheFolder: cache }),
      ]);
      assert.equal(first.postmasterPid, second.postmasterPid);
      await first.release();
      assert.equal(isProcessAlive(second.postmasterPid ?? 0), true);
      await second.release();
      assert.ok(await hasGone(second.postmasterPid ?? 0));
    } finally {
      await removeServerFiles(cache);
      await rm(cache, { recursive: true, force: true });
    }
  });

  test('is stopped with its last holder although others were killed, and a lease whose pid went on to another process counts for nothing', async () => {
    const cache = await mkdtemp(path.join(tmpdir(), 'rushhour-leases-'));
    const base = await serverFolder(cache, await unprivilegedUser());
    try {
      const killed = await acquireEmbeddedServer({ cacheFolder: cache });
      const [lease = ''] = await readdir(path.join(killed.clusterFolder ?? '', 'leases'));
      const file = path.join(killed.clusterFolder ?? '', 'leases', lease);
      await writeFile(file, `${await readFile(file, 'utf8')} of an earlier process`);
      const holder = await acquireEmbeddedServer({ cacheFolder: cache });
      assert.equal(holder.postmasterPid, killed.postmasterPid);
      await holder.release();
      assert.ok(await hasGone(holder.postmasterPid ?? 0));
    } finally {
      await rm(base, { recursive: true, force: true });
      await rm(cache, { recursive: true, force: true });
    }
  });

  test('of a cluster that nobody asks for any more is stopped by the next start', async () => {
    const cache = await mkdtemp(path.join(tmpdir(), 'rushhour-abandoned-'));
    const base = await serverFolder(cache, await unprivilegedUser());
    try {
      const server = await acquireEmbeddedServer({ cacheFolder: cache });
      const folder = server.clusterFolder ?? '';
      await stopAbandonedServers(base);
      assert.equal(isProcessAlive(server.postmasterPid ?? 0), true); // it is held
      await rm(path.join(folder, 'leases'), { recursive: true });
      await stopAbandonedServers(base, folder);
      assert.equal(isProcessAlive(server.postmasterPid ?? 0), true); // it is the one that is asked for
      await stopAbandonedServers(base);
      assert.ok(await hasGone(server.postmasterPid ?? 0));
    } finally {
      await rm(base, { recursive: true, force: true });
      await rm(cache, { recursive: true, force: true });
    }
  });

  test('does not mind that port 5432 is taken', async () => {
    const blocker = createServer();
    const taken = await new Promise<boolean>((resolve) => {
      blocker.once('error', () => resolve(true)); // somebody else has it: as good
      blocker.listen(5432, '127.0.0.1', () => resolve(true));
    });
    assert.ok(taken);
    const server = await startTestServer();
    assert.notEqual(new URL(server.adminUrl()).port, '5432');
    await server.release();
    blocker.close();
  });
});

describe('templates and clones', () => {
  let server: PostgresServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.release());

  // The cluster may be an old one: keys of this run alone.
  const ownKey = (key: string) => `${key}_${process.pid}_${Date.now()}`;
  const spec = (key: string, onBuild: () => void = () => {}) => ({
    key,
    build: async (client: { query(sql: string): Promise<unknown> }) => {
      onBuild();
      await client.query('CREATE TABLE thing (id int PRIMARY KEY)');
      await client.query('INSERT INTO thing SELECT generate_series(1, 100)');
      return { things: 100 };
    },
  });

  test('a template is built once, and every clone begins with its rows', async () => {
    let builds = 0;
    const once = ownKey('once');
    const first = await ensureTemplate(
      server,
      spec(once, () => {
        builds += 1;
      }),
    );
    const again = await ensureTemplate(
      server,
      spec(once, () => {
        builds += 1;
      }),
    );
    assert.equal(builds, 1);
    assert.deepEqual([first.built, again.built, again.info], [true, false, { things: 100 }]);
    for (let round = 0; round < 2; round++) {
      const clone = await cloneTemplate(server, first.name);
      const { rows } = await withAdmin(server, clone.name, async (client) => {
        const counted = await client.query('SELECT count(*)::int AS n FROM thing');
        await client.query('DELETE FROM thing');
        return counted;
      });
      assert.equal(rows[0]?.n, 100);
      await clone.drop();
    }
  });

  test('two who want the same template at once get one', async () => {
    let builds = 0;
    const race = ownKey('race');
    const both = await Promise.all(
      [1, 2].map(() =>
        ensureTemplate(
          server,
          spec(race, () => {
            builds += 1;
          }),
        ),
      ),
    );
    assert.equal(builds, 1);
    assert.deepEqual(both.map((template) => template.built).sort(), [false, true]);
  });

  test('a build that fails leaves nothing behind and can be done again', async () => {
    const fails = ownKey('fails');
    const failing = { key: fails, build: () => Promise.reject(new Error('no rows today')) };
    await assert.rejects(ensureTemplate(server, failing), /no rows today/);
    const { rows } = await withAdmin(server, undefined, (client) =>
      client.query("SELECT datname FROM pg_database WHERE datname LIKE 'rushhour_build_%' OR datname = $1", [
        `rushhour_tpl_${fails}`,
      ]),
    );
    assert.deepEqual(rows, []);
    assert.equal((await ensureTemplate(server, spec(fails))).built, true);
  });

  test('a database without the marker is never dropped, whatever its name', async () => {
    const foreign = await createTestDatabase(server);
    await foreign.client.query('CREATE TABLE precious (id int)');
    await assert.rejects(
      dropOwnDatabase(server, foreign.name),
      (error: unknown) => error instanceof HarnessError && error.code === 'REFUSED',
    );
    const { rows } = await foreign.client.query("SELECT to_regclass('precious') IS NOT NULL AS there");
    assert.equal(rows[0]?.there, true);
    await foreign.drop();
  });

  test('a marker that was copied into another database does not count there', async () => {
    const template = await ensureTemplate(server, spec(ownKey('copied')));
    const copy = 'rushhour_run_000000000000'; // named like one of ours, made by somebody else
    await withAdmin(server, undefined, (client) =>
      client.query(`CREATE DATABASE ${copy} TEMPLATE ${template.name}`),
    );
    await assert.rejects(dropOwnDatabase(server, copy), /does not carry rushhour's marker/);
    await withAdmin(server, undefined, (client) => client.query(`DROP DATABASE ${copy}`));
  });

  test('clones of living processes stay, those of processes that are gone are dropped', async () => {
    const template = await ensureTemplate(server, spec(ownKey('abandoned')));
    const [kept, abandoned] = [
      await cloneTemplate(server, template.name),
      await cloneTemplate(server, template.name),
    ];
    // Linux pids end below 2^22 by default (kernel.pid_max), so this one is nobody's.
    await withAdmin(server, abandoned.name, (client) =>
      client.query('UPDATE rushhour_meta.marker SET harness_pid = 4194304'),
    );
    assert.deepEqual(await dropAbandoned(server), [abandoned.name]);
    await kept.drop();
  });

  test('a clone whose maker was killed while it dropped it, with its door closed, is dropped; one of a living process is not', async () => {
    const template = await ensureTemplate(server, spec(ownKey('closed')));
    const [left, held] = [
      await cloneTemplate(server, template.name),
      await cloneTemplate(server, template.name),
    ];
    await withAdmin(
      server,
      left.name,
      (client) => client.query('UPDATE rushhour_meta.marker SET harness_pid = 2147483647'), // no process has it
    );
    await withAdmin(server, undefined, async (admin) => {
      for (const { name } of [left, held])
        await admin.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false IS_TEMPLATE false`);
    });
    const dropped = await dropAbandoned(server);
    assert.ok(dropped.includes(left.name) && !dropped.includes(held.name));
    await held.drop();
  });

  test('two starts at once drop what was left, each once', async () => {
    const template = await ensureTemplate(server, spec(ownKey('twice')));
    const left = [await cloneTemplate(server, template.name), await cloneTemplate(server, template.name)];
    for (const { name } of left)
      await withAdmin(server, name, (client) =>
        client.query('UPDATE rushhour_meta.marker SET harness_pid = 2147483647'),
      );
    const dropped = await Promise.all([1, 2, 3].map(() => dropAbandoned(server)));
    assert.deepEqual(dropped.flat().sort(), left.map(({ name }) => name).sort());
  });

  test('a marker that cannot be replaced stays: there is never none', async () => {
    const template = await ensureTemplate(server, spec(ownKey('replaced')));
    const clone = await cloneTemplate(server, template.name);
    await withAdmin(server, clone.name, async (client) => {
      const tooLarge = { purpose: 'template', harnessPid: 2 ** 31, info: null } as const;
      await assert.rejects(writeMarker(client, tooLarge), /out of range for type integer/);
      assert.equal((await readMarker(client))?.purpose, 'clone');
    });
    await clone.drop();
  });

  test('on a server by URL, clones made on another machine stay: a pid says nothing of it', async () => {
    const template = await ensureTemplate(server, spec(ownKey('elsewhere')));
    const { name } = await cloneTemplate(server, template.name);
    const byUrl = await useServer(server.adminUrl());
    const madeOn = (host: string) =>
      withAdmin(server, name, (client) =>
        client.query('UPDATE rushhour_meta.marker SET harness_pid = 4194304, harness_host = $1', [host]),
      );
    await madeOn('another-machine');
    assert.deepEqual(await dropAbandoned(byUrl), []);
    await madeOn(hostname());
    assert.deepEqual(await dropAbandoned(byUrl), [name]);
  });

  test('a database whose maker was killed before it had marked it is dropped by what was noted before', async () => {
    const template = await ensureTemplate(server, spec(ownKey('unmarked')));
    const copies = ['rushhour_run_00000000000a', 'rushhour_run_00000000000b'] as const;
    await withAdmin(server, undefined, async (admin) => {
      for (const name of copies) await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template.name}`);
      // Another process has noted the first one and was killed; nobody has noted the second.
      const { stdout } = await execa(
        process.execPath,
        ['--import', 'tsx', '--input-type=module', '-e', NOTE],
        {
          cwd: PROJECT_ROOT,
          env: { NOTED: copies[0], URL: server.adminUrl() },
          reject: false,
        },
      );
      assert.equal(stdout, 'noted');
    });
    assert.deepEqual(await dropAbandoned(server), [copies[0]]);
    assert.deepEqual(await dropAbandoned(server), []);
    await withAdmin(server, undefined, (admin) => admin.query(`DROP DATABASE ${copies[1]}`));
  });
});

describe('a server given by URL', () => {
  test('is used with its own role, and its password is in no error', async () => {
    const embedded = await startTestServer();
    const server = await useServer(embedded.adminUrl());
    assert.deepEqual(
      [server.embedded, server.version, server.serviceRole],
      [false, embedded.version, 'rushhour'],
    );
    const wrong = new URL(embedded.adminUrl());
    wrong.password = 'hunter2-secret';
    await assert.rejects(useServer(wrong.toString()), (error: unknown) => {
      assert.ok(error instanceof HarnessError && error.code === 'POSTGRES_UNAVAILABLE');
      assert.match(error.message, /password authentication failed/);
      assert.doesNotMatch(`${error.message} ${error.hint}`, /hunter2/);
      return true;
    });
    await embedded.release();
  });

  test('a role that may not create databases is refused with what it lacks', async () => {
    const embedded = await startTestServer();
    await assert.rejects(useServer(embedded.serviceUrl('postgres')), /role "rushhour_app" lacks CREATEDB/);
    await embedded.release();
  });

  test('what is not a postgres URL is a usage error', async () => {
    await assert.rejects(useServer('mysql://localhost/x'), /expected a postgres:\/\/ URL, got mysql:/);
    await assert.rejects(useServer('localhost'), /expected a URL like/);
  });
});
