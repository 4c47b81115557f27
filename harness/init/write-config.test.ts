import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  FREIGHT_TABLES,
  foreignDatabase,
  foreignTable,
  TAXI_TABLES,
} from '../../test/support/foreign-catalogues.ts';
import type { TableFacts } from './catalogue.ts';
import { readOpenApi } from './openapi.ts';
import { writeConfig } from './write-config.ts';

const write = (tables: readonly TableFacts[] | null, api: unknown = null) =>
  writeConfig({
    name: 'theirs',
    service: {
      baseUrl: 'http://127.0.0.1:8000',
      health: null,
      api: readOpenApi(api),
      apiPath: null,
      notes: [],
    },
    database: tables === null ? null : foreignDatabase(tables),
    schemaFile: null,
    typesFrom: 'rushhour/config',
  });
const todosOf = ({ todos }: ReturnType<typeof write>) => todos.map(({ path }) => path);

describe('a config for a foreign schema', () => {
  test('dispatches what is open of each company and day, in names and labels of its own', () => {
    const { text } = write(TAXI_TABLES);
    assert.match(
      text,
      /SELECT b\.operator_id, to_char\(\(b\.pickup_time AT TIME ZONE 'UTC'\)::date, 'YYYY-MM-DD'\) AS day/,
    );
    assert.match(text, /WHERE b\.status = 'new'/);
    assert.match(text, /FILTER \(WHERE b\.status = 'planned'\) AS assigned/);
    assert.match(text, /SELECT b\.id, b\.status, b\.driver_id/);
    assert.match(
      text,
      /status: \{ open: 'new', completed: 'done', cancelled: 'cancelled' \}\[booking\.status\]/,
    );
    assert.match(text, /operator_id: booking\.companyId/);
    assert.doesNotMatch(text, /timeZone/);
  });

  test('counts the drivers of an offer, those on duty where columns say who is', () => {
    const company = foreignTable('depot', ['id integer', 'name text']);
    const order = [
      ...['id bigint', 'depot_id integer >depot', 'state text |waiting,planned,done'],
      'due_at timestamptz',
    ];
    const stop = ['id bigint', 'order_id bigint >orders', 'courier_id uuid >courier', 'position smallint'];
    const courier = ['id uuid', 'depot_id integer >depot', 'full_name text', 'is_active boolean'];
    const tables = [
      company,
      foreignTable('courier', courier),
      foreignTable('orders', order),
      foreignTable('stop', stop),
    ];
    assert.match(
      write(tables).text,
      /drivers: `\s+SELECT count\(\*\)\s+FROM courier d\s+WHERE d\.depot_id = :depot_id AND d\.is_active`/,
    );
    assert.doesNotMatch(write(tables.filter(({ name }) => name !== 'courier')).text, /^ +drivers:/m);
  });

  test('leaves open what states that are numbers mean, and counts assignments instead', () => {
    const written = write(FREIGHT_TABLES);
    assert.match(written.text, /WHERE b\.status = 'TODO'/);
    assert.match(written.text, /EXISTS \(SELECT FROM allocations a WHERE a\.shipment_id = b\.id\)/);
    assert.ok(todosOf(written).includes('dispatch.offers'));
    assert.ok(todosOf(written).includes('dispatch.rows'));
    const zone = written.todos.find(({ path }) => path === 'service.timeZone');
    assert.match(
      zone?.what ?? '',
      /shipments\.created_at, branches\.created_at\. The server's own is Europe\/Berlin/,
    );
  });

  test('puts what two tables could hold in comments, as a question', () => {
    const columns = ['id bigint', 'status varchar |open,assigned', 'due_at timestamptz'];
    const written = write([foreignTable('orders', columns), foreignTable('jobs', columns)]);
    assert.ok(todosOf(written).some((path) => /^dataset\.rows\.(jobs|orders)$/.test(path)));
    assert.match(written.text, /^ +\/\/ (jobs|orders): \{$/m);
    assert.doesNotMatch(written.text, /^ +(jobs|orders): \{$/m);
  });

  test('without service and database is a list of what to say, each at its place', () => {
    const written = write(null);
    assert.deepEqual(todosOf(written), [
      'service.health',
      'login',
      'dataset.schema',
      'dataset.rows',
      'dispatch.offers',
      'dispatch.request',
      'dispatch.complete',
      'dispatch.rows',
      'outcome.sql',
      'endpoints',
      'variants.baseline.start',
    ]);
    const lines = written.text.split('\n');
    for (const { line, what } of written.todos)
      assert.ok(lines[line - 1]?.includes(`// TODO: ${what.slice(0, 20)}`), `line ${line}`);
  });

  test('takes the values of its offers from the request where no database tells them', () => {
    const api = {
      openapi: '3.0.0',
      paths: {
        '/dispatch': {
          post: {
            requestBody: {
              content: {
                'application/json': {
                  schema: {
                    required: ['siteId', 'day'],
                    properties: { siteId: {}, day: { format: 'date' } },
                  },
                },
              },
            },
            responses: { 200: {} },
          },
        },
      },
    };
    const { text } = write(null, api);
    assert.match(text, /offers: \[\{ site_id: 'TODO', day: 'TODO' \}\]/);
    assert.match(text, /body: \{ siteId: '\{site_id\}', day: '\{day\}' \}/);
    assert.match(text, /complete: \{ by: 'response' \}/);
  });
});
