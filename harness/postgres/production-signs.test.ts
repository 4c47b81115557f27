import assert from 'node:assert/strict';
import { test } from 'node:test';
import { productionSigns, type ServerFacts } from './production-signs.ts';

const FOR_TESTS: ServerFacts = {
  ...{ host: 'ci-postgres', database: 'postgres', replicationSlots: 0, receivers: 0, foreignSessions: 12 },
};

test('a server for tests has no sign of a production, nor has one whose name only holds the letters', () => {
  assert.deepEqual(productionSigns(FOR_TESTS), []);
  for (const name of ['127.0.0.1', 'products-db', 'delivery', 'olive.example.com', 'reproduce', 'nonprod2db'])
    assert.deepEqual(productionSigns({ ...FOR_TESTS, host: name, database: name }), [], name);
});

test('names, replication and many sessions of others are signs, each told', () => {
  for (const host of ['db.prod.example.com', 'production', 'pg-live-1', 'PRD_DB', 'prod1.example.com'])
    assert.deepEqual(productionSigns({ ...FOR_TESTS, host }), [`its host is named "${host}"`]);
  assert.deepEqual(
    productionSigns({
      ...FOR_TESTS,
      database: 'shop_production',
      replicationSlots: 1,
      receivers: 2,
      foreignSessions: 41,
    }),
    [
      'its URL names the database "shop_production"',
      'it has 1 replication slot',
      '2 standbys or other receivers follow it',
      "41 sessions work in databases that are not rushhour's",
    ],
  );
});
