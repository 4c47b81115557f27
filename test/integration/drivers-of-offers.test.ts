/** How many drivers an offer of a service that is not ours may be given to, as its config counts them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { driversOfOffers } from '../../harness/targets/drivers-of-offers.ts';
import type { DatabasePlace } from '../../harness/targets/target.ts';
import { createTestDatabase, startTestServer, type TestDatabase } from '../support/database.ts';
import { loadedOdd, oddConfig, offerOf } from '../support/odd-service.ts';

const OFFERS = [offerOf(1, 5), offerOf(2, 5)];

let server: PostgresServer;
let database: TestDatabase;
let place: DatabasePlace;

before(async () => {
  server = await startTestServer();
  database = await createTestDatabase(server);
  await database.client.query(
    'CREATE TABLE car AS SELECT n AS id, 1 + n / 3 AS depot_id FROM generate_series(0, 4) n',
  );
  place = { server, database: { name: database.name, oid: 0 } };
});
after(async () => {
  await database?.drop();
  await server?.release();
});

const driversBy = (drivers?: string) =>
  driversOfOffers(loadedOdd(oddConfig(drivers === undefined ? {} : { drivers })), place, OFFERS);

test('each offer has as many drivers as the query counts for it', async () => {
  // of cars 0 to 4 the first three are of depot 1
  assert.deepEqual(
    await driversBy('SELECT count(*) FROM car WHERE depot_id = :depot_id'),
    new Map([
      ['1/05', 3],
      ['2/05', 2],
    ]),
  );
});

test('without a query nothing is known of them', async () => {
  assert.deepEqual(await driversBy(), new Map());
});

test('a query that gives anything but one number is told with what it gave', async () => {
  await assert.rejects(
    driversBy('SELECT id, depot_id FROM car WHERE depot_id = :depot_id'),
    /dispatch\.drivers: expected one row with one number, got 3 rows of 2 columns, for offer 1\/05/,
  );
  await assert.rejects(
    driversBy("SELECT 'many' FROM car LIMIT 1"),
    /dispatch\.drivers: expected one row with one number, got "many", for offer 1\/05/,
  );
});
