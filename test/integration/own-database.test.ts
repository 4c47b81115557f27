/** A service that the tool has started works in the database it was given, or nothing is dispatched through it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, beforeEach, type TestContext, test } from 'node:test';
import type { RushhourConfig, VariantConfig } from '../../harness/config/rushhour-config.ts';
import { HarnessError } from '../../harness/errors.ts';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { startConfiguredService } from '../../harness/targets/configured-service.ts';
import { openConfiguredDispatcher } from '../../harness/targets/dispatch/configured-dispatcher.ts';
import { offersOf } from '../../harness/targets/offers.ts';
import type { DispatchAnswer } from '../../harness/targets/target.ts';
import { scratchFolder } from '../support/command.ts';
import { createTestDatabase, startTestServer, type TestDatabase } from '../support/database.ts';
import { openTunnel } from '../support/tcp-tunnel.ts';
import { TRIP_OFFERS, TRIPS, tripsConfig, tripsProgram } from '../support/trips.ts';

let server: PostgresServer;
/** What the service is given, and what it would be worst to work in. */
let given: TestDatabase;
let production: TestDatabase;

before(async () => {
  server = await startTestServer();
});
after(() => server?.release());
beforeEach(async (t) => {
  [given, production] = [await createTestDatabase(server), await createTestDatabase(server)];
  for (const database of [given, production])
    await database.client.query(readFileSync(path.join(TRIPS, 'schema.sql'), 'utf8'));
  (t as TestContext).after(async () => {
    await given.drop();
    await production.drop();
  });
});

/** Starts the variant and dispatches the first offer. */
async function dispatchFirst(
  t: TestContext,
  variant: VariantConfig,
  parts: Partial<RushhourConfig> = {},
): Promise<DispatchAnswer> {
  const folder = await scratchFolder(t);
  const config = tripsConfig({ variants: { now: variant }, ...parts });
  const loaded = { file: path.join(folder, 'rushhour.config.json'), folder, config };
  const { signal } = new AbortController();
  const service = await startConfiguredService(loaded, {
    variant: 'now',
    databaseUrl: given.serviceUrl,
    signal,
  });
  try {
    const { rows } = await given.client.query<{ oid: number }>(
      'SELECT oid::int FROM pg_database WHERE datname = current_database()',
    );
    const place = { server, service, database: { name: given.name, oid: rows[0]?.oid ?? 0 } };
    const offers = offersOf(TRIP_OFFERS.slice(0, 1));
    const dispatcher = await openConfiguredDispatcher(loaded, place, {
      ...{ offers, signal, logins: new Map(), onOddity: () => {} },
    });
    try {
      return await dispatcher.dispatch(offers[0] as (typeof offers)[0]);
    } finally {
      await dispatcher.closed();
    }
  } finally {
    await service.stop();
  }
}

async function refusal(work: Promise<unknown>): Promise<HarnessError> {
  const error = await work.then(
    () => assert.fail('it went well'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof HarnessError, String(error));
  assert.equal(error.code, 'REFUSED', error.message);
  assert.match(error.hint ?? '', /start: \{ environment: \{ ITS_NAME: '\{databaseUrl\}' \} \}/);
  return error;
}

async function assertUntouched({ client }: TestDatabase): Promise<void> {
  const { rows } = await client.query(
    "SELECT count(*) FILTER (WHERE state = 'waiting')::int AS waiting, (SELECT count(*)::int FROM job) AS jobs FROM trip",
  );
  assert.deepEqual(rows, [{ waiting: 40, jobs: 0 }]);
}

/** A folder with an address of its own, as a checkout has one that somebody works in. */
async function folderWithEnv(t: TestContext, address: string): Promise<string> {
  const folder = await scratchFolder(t);
  await writeFile(path.join(folder, '.env'), `TRIPS_DB=${address}\n`);
  return folder;
}

test('a service that connects when it is first asked for rows, and has no login, is woken by a request that only reads', async (t) => {
  const { assigned, unassigned } = await dispatchFirst(t, { start: tripsProgram('service') });
  assert.deepEqual([assigned, unassigned], [3, 1]);
  await assertUntouched(production);
});

test('a service with an address of its own is refused before it dispatches, and the database is named that it works in', async (t) => {
  const folder = await folderWithEnv(t, production.serviceUrl);
  const error = await refusal(dispatchFirst(t, { start: tripsProgram('service', { folder }) }));
  assert.match(
    error.message,
    new RegExp(
      `^The service, or a worker of it, works in another database: a process of it is connected to "${production.name}" on 127\\.0\\.0\\.1:\\d+\\. Expected all of it in "${given.name}" alone\\.$`,
    ),
  );
  for (const database of [given, production]) await assertUntouched(database);
});

test('through a tunnel nobody can tell where it works: that it is not seen where it should be is enough', async (t) => {
  const tunnel = await openTunnel(Number(new URL(production.serviceUrl).port));
  t.after(() => tunnel.close());
  const address = new URL(production.serviceUrl);
  address.port = String(tunnel.port);
  const folder = await folderWithEnv(t, address.toString());
  const error = await refusal(dispatchFirst(t, { start: tripsProgram('service', { folder }) }));
  assert.match(
    error.message,
    new RegExp(
      `answers, but no session of it was seen in the database "${given.name}" .* Nothing was dispatched\\.$`,
    ),
  );
  for (const database of [given, production]) await assertUntouched(database);
});

test('a service that nothing makes connect is refused, and told of service.warmUp', async (t) => {
  const error = await refusal(dispatchFirst(t, { start: tripsProgram('service') }, { endpoints: {} }));
  assert.match(error.hint ?? '', /needs a request in service\.warmUp that does so\.$/);
  await assertUntouched(given);
  const service = { health: '/health', warmUp: [{ path: '/trips?depot=1' }] };
  await dispatchFirst(t, { start: tripsProgram('service') }, { endpoints: {}, service });
});

test('a worker with an address of its own is refused, though its service is where it should be', async (t) => {
  const folder = await folderWithEnv(t, production.serviceUrl);
  const variant = {
    start: tripsProgram('service', { environment: { QUEUE: 'on', TRIPS_DB: '{databaseUrl}' } }),
    workers: [tripsProgram('worker', { folder })],
  };
  const { dispatch } = tripsConfig();
  const queued = { dispatch: { ...dispatch, complete: { by: 'rows' }, timeoutSeconds: 600 } } as const;
  const error = await refusal(dispatchFirst(t, variant, queued));
  assert.match(error.message, new RegExp(`is connected to "${production.name}" on`));
  await assertUntouched(production);
});
