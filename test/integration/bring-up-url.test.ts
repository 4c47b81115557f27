import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, type TestContext, test } from 'node:test';
import { HarnessError } from '../../harness/errors.ts';
import { dropAbandoned } from '../../harness/postgres/abandoned-databases.ts';
import { dropOwnDatabase, readMarker } from '../../harness/postgres/marker.ts';
import { type PostgresServer, withAdmin } from '../../harness/postgres/server.ts';
import { ensureTemplate } from '../../harness/postgres/templates.ts';
import { startConfiguredService } from '../../harness/targets/configured-service.ts';
import { replaceNamedDatabase } from '../../harness/targets/named-database.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';
import { configOf, ODD_SERVICES, startRequest } from '../support/odd-services.ts';

let own: OwnServer;
let server: PostgresServer;
/** Templates by the number of bookings in them. */
const templates = new Map<number, string>();

before(async () => {
  own = await startOwnServer();
  server = own.server;
  for (const bookings of [3, 5]) {
    const { name } = await ensureTemplate(server, {
      key: `bookings${bookings}`,
      build: async (client) => {
        await client.query('CREATE TABLE booking (id int)');
        await client.query('INSERT INTO booking SELECT generate_series(1, $1)', [bookings]);
        return {};
      },
    });
    templates.set(bookings, name);
  }
});
after(() => own.remove());

const templateOf = (bookings: number) => templates.get(bookings) ?? '';
const newName = () => `rushhour_shop_${randomBytes(4).toString('hex')}`;

/** A service that somebody else has started, connected to a database for good. */
async function runningService(t: TestContext, database: string): Promise<string> {
  const child = spawn(process.execPath, [path.join(ODD_SERVICES, 'pool-service.mjs')], {
    env: { ...process.env, DATABASE_URL: server.serviceUrl(database) },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [port] = await once(createInterface(child.stdout), 'line');
  return `http://127.0.0.1:${port}`;
}

/** Fills its pool. */
async function count(url: string): Promise<number> {
  const answers = await Promise.all([1, 2, 3].map(async () => (await fetch(`${url}/bookings`)).json()));
  return (answers[0] as { count: number }).count;
}

function attach(url: string, database: string, asked = '/bookings') {
  const loaded = configOf({ variants: { odd: { url, database } }, service: { warmUp: [{ path: asked }] } });
  return startConfiguredService(loaded, startRequest({ databaseUrl: server.serviceUrl(database) }));
}

async function failure(work: Promise<unknown>): Promise<HarnessError> {
  const error = await work.then(
    () => assert.fail('it went well'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof HarnessError, String(error));
  return error;
}

test('the database of a running service is replaced under its pool, and the service is handed over when it answers without error', async (t) => {
  const name = newName();
  await replaceNamedDatabase(server, templateOf(3), name);
  const url = await runningService(t, name);
  assert.equal(await count(url), 3);
  for (const bookings of [5, 3, 5]) {
    const clone = await replaceNamedDatabase(server, templateOf(bookings), name);
    const service = await attach(url, name);
    assert.equal(service.baseUrl, url);
    assert.deepEqual(service.pids, []);
    assert.equal(service.failure?.(), null);
    assert.equal(await count(url), bookings);
    await service.stop();
    assert.equal(await count(url), bookings); // it was not ours to stop
    await clone.drop();
    assert.equal(await count(url), bookings); // and its database stays
  }
  assert.deepEqual(await leftoverDatabases(server), []);
});

test('only the sessions in that database are ended', async () => {
  const [name, other] = [newName(), newName()];
  for (const one of [name, other]) await replaceNamedDatabase(server, templateOf(3), one);
  await withAdmin(server, other, async (bystander) => {
    await replaceNamedDatabase(server, templateOf(5), name);
    assert.equal((await bystander.query('SELECT 1')).rowCount, 1);
  });
});

test('grants, limit and settings of the database stay as somebody has set them', async () => {
  const name = newName();
  await replaceNamedDatabase(server, templateOf(3), name);
  await withAdmin(server, undefined, async (admin) => {
    await admin.query(`ALTER DATABASE ${name} SET search_path = app, public`);
    await admin.query(`ALTER DATABASE ${name} CONNECTION LIMIT 7`);
    await replaceNamedDatabase(server, templateOf(5), name);
    const { rows } = await admin.query(
      'SELECT datconnlimit, setconfig FROM pg_database d JOIN pg_db_role_setting s ON s.setdatabase = d.oid WHERE datname = $1',
      [name],
    );
    assert.deepEqual(rows, [{ datconnlimit: 7, setconfig: ['search_path=app, public'] }]);
  });
});

test('a served database outlives its maker and the next start, and may be dropped as one of ours', async () => {
  const name = newName();
  await replaceNamedDatabase(server, templateOf(3), name);
  await withAdmin(server, name, async (client) => {
    assert.equal((await readMarker(client))?.purpose, 'served');
    await client.query('UPDATE rushhour_meta.marker SET harness_pid = 2147483647'); // its maker has gone
  });
  assert.deepEqual(await dropAbandoned(server), []);
  await dropOwnDatabase(server, name);
});

test('a database that rushhour has not made for a service is not replaced, and nobody in it is disturbed', async () => {
  const name = newName();
  await withAdmin(server, undefined, (admin) => admin.query(`CREATE DATABASE ${name}`));
  await withAdmin(server, name, async (client) => {
    const error = await failure(replaceNamedDatabase(server, templateOf(3), name));
    assert.equal(error.code, 'REFUSED');
    assert.match(
      error.message,
      /it is not replaced\. Expected a marker inside that names this very database, got none\./,
    );
    assert.equal((await client.query('SELECT 1')).rowCount, 1);
  });
  const copy = newName();
  await withAdmin(server, undefined, (admin) =>
    admin.query(`CREATE DATABASE ${copy} TEMPLATE ${templateOf(3)}`),
  );
  assert.match(
    (await failure(replaceNamedDatabase(server, templateOf(3), copy))).message,
    /got a copy of one that was written in another database/,
  );
  assert.deepEqual(await leftoverDatabases(server), []);
});

test('a name that is not ours by its letters, or of other use, is never replaced', async () => {
  for (const name of [
    'shop',
    'rushhour_',
    'rushhour_tpl_bookings3',
    'rushhour_run_000000000000',
    'rushhour_Shop',
    `rushhour_${'x'.repeat(60)}`,
  ]) {
    const error = await failure(replaceNamedDatabase(server, templateOf(3), name));
    assert.equal(error.code, 'BAD_CONFIG');
    assert.ok(error.message.endsWith(`got "${name}".`), error.message);
  }
});

test('a running service that works in another database is refused before anything is asked to change it', async (t) => {
  const [name, other] = [newName(), newName()];
  for (const one of [name, other]) await replaceNamedDatabase(server, templateOf(3), one);
  const url = await runningService(t, other);
  const error = await failure(attach(url, name));
  assert.equal(error.code, 'REFUSED');
  assert.match(error.message, new RegExp(`no session of it was seen in the database "${name}"`));
});

test('a running service that has gone is told as such', async () => {
  const name = newName();
  await replaceNamedDatabase(server, templateOf(3), name);
  const loaded = configOf({
    variants: { odd: { url: 'http://127.0.0.1:9', database: name } },
    service: { startTimeoutSeconds: 1 },
  });
  const error = await failure(
    startConfiguredService(loaded, startRequest({ databaseUrl: server.serviceUrl(name) })),
  );
  assert.match(
    error.message,
    /did not answer at http:\/\/127\.0\.0\.1:9\/health within 1 s .*has to run before rushhour is started/,
  );
});

test('a database that cannot be dropped is open again, and the service in it goes on', async () => {
  const name = newName();
  await replaceNamedDatabase(server, templateOf(3), name);
  await withAdmin(server, name, (client) =>
    client.query(
      "CREATE SUBSCRIPTION holds_it CONNECTION 'host=127.0.0.1' PUBLICATION none WITH (connect = false, slot_name = NONE)",
    ),
  );
  const error = await failure(replaceNamedDatabase(server, templateOf(5), name));
  assert.equal(error.code, 'DATABASE_FAILED');
  assert.match(error.message, /could not be replaced: .*subscription/);
  const rows = await withAdmin(
    server,
    name,
    async (client) => (await client.query('SELECT FROM booking')).rowCount,
  );
  assert.equal(rows, 3);
  assert.deepEqual(await leftoverDatabases(server), []);
});
