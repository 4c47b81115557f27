import assert from 'node:assert/strict';
import { test } from 'node:test';
import orders from '../../test/fixtures/configs/orders.config.ts';
import { describeConfig } from './describe-config.ts';
import type { RushhourConfig } from './rushhour-config.ts';

const place = { file: '/services/orders.config.ts', folder: '/services' };

test('a config is described by what it declares, a line each', () => {
  assert.deepEqual(describeConfig({ ...place, config: orders }), [
    'orders, as /services/orders.config.ts has it',
    'variant before (as it was): starts `python3 app.py {port}`, with 1 worker',
    'variant after: starts `python3 app.py {port}`, migrated by 1 step',
    'variant running: runs already at http://127.0.0.1:8000, in the database rushhour_orders',
    'dataset: schema by 1 step, our entities as rows: firm from companies',
    'login: a token by POST /login for 1 account',
    'dispatch: POST /depots/{depot}/plan for 2 offers; complete when GET /plans/{planId} says state is ready, judged by a query',
    'outcome: a query and 1 answer',
    'endpoints: orders, order',
    'scenarios: load',
    'week: baseline before, optimised after',
  ]);
});

test('what comes up by other ways is described by these', () => {
  const config: RushhourConfig = {
    ...orders,
    login: { kind: 'header', headers: { 'x-api-key': 'planted' } },
    dataset: { seed: [{ command: ['make', 'seed'] }], scales: true },
    dispatch: { ...orders.dispatch, offers: { sql: { file: 'offers.sql' } }, complete: { by: 'rows' } },
    variants: {
      main: {
        start: { command: ['sh', '-c', 'run it'] },
        source: { repository: '../orders', ref: 'v1.2', build: [{ command: ['make'] }] },
      },
    },
  };
  const lines = describeConfig({ ...place, config });
  assert.deepEqual(lines.slice(1, 5), [
    'variant main: starts `sh -c "run it"`, of v1.2 in ../orders, built by 1 command',
    'dataset: seeded by 1 step, of any size',
    'login: the headers x-api-key',
    'dispatch: POST /depots/{depot}/plan for the offers of offers.sql; complete when no booking is open any more, judged by a query',
  ]);
  assert.doesNotMatch(lines.join('\n'), /planted/);
});
