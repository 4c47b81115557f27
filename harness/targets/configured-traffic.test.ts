import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROFILES } from '../../seed/profiles.ts';
import type { RushhourConfig, ScenarioConfig } from '../config/rushhour-config.ts';
import type { HarnessError } from '../errors.ts';
import { configuredTraffic, planEndpoints } from './configured-traffic.ts';

type Mix = Extract<ScenarioConfig, { readonly mix: unknown }>;

const SCENARIO: Mix = {
  mix: [{ weight: 1, visit: ['list', 'one'] }],
  steps: [{ ratePerSecond: 5, seconds: 2 }],
};

function config(change: Partial<RushhourConfig> = {}): RushhourConfig {
  return {
    name: 'shop',
    service: { health: '/' },
    dataset: { seed: [] },
    dispatch: {
      offers: [],
      request: { path: '/plans', body: { depot: '{depot}' } },
      complete: { by: 'response' },
      rows: '',
    },
    outcome: { sql: '' },
    endpoints: {
      list: { path: '/orders?day={day}', extract: { id: 'items.0.id' } },
      late: { path: '/orders?late=true' },
      one: { path: '/orders/{id}' },
      make: { method: 'POST', path: '/plans' },
    },
    scenarios: { mix: SCENARIO },
    variants: {},
    ...change,
  };
}

const offers = Array.from({ length: 9 }, (_, index) => ({
  key: String(index),
  values: { depot: index, day: `day ${index}`, secretive: 'x' },
}));
const request = {
  ...{ scenario: 'mix', shape: PROFILES.smoke, offers, durationFactor: 1, rateFactor: 1, randomSeed: 1 },
};
const trafficOf = (changed: RushhourConfig, rateFactor = 1) =>
  configuredTraffic({ file: '/a/x.ts', folder: '/a', config: changed }, { ...request, rateFactor });

test('endpoints are named by method and path without query, and by their own name where two would be one', () => {
  const scenario = { ...SCENARIO, dispatchEverySeconds: 1 };
  const { work } = planEndpoints(config(), request, scenario);
  assert.deepEqual(
    Object.values(work.endpoints).map(({ name }) => name),
    ['GET /orders [list]', 'GET /orders [late]', 'GET /orders/{id}', 'POST /plans [make]'],
  );
  assert.equal(work.dispatch?.start.name, 'POST /plans');
});

test('a plan holds what requests ask for of an offer, and no account', () => {
  const accounts = offers.map(({ values }) => ({ depot: values.depot, password: 'hidden' }));
  const login = { kind: 'cookie', request: { path: '/' }, accounts, accountOf: 'depot' } as const;
  const { work, askers } = planEndpoints(config({ login }), request, SCENARIO);
  assert.deepEqual(work.offers[0], { day: 'day 0' });
  assert.doesNotMatch(JSON.stringify(work), /hidden|secretive/);
  assert.equal(askers.length, 5, 'no more accounts than ask');
  assert.deepEqual(work.identityOf, [0, 1, 2, 3, 4]);
});

test('every dispatch has the account of its offer, and one account is logged in once', () => {
  const login = { kind: 'cookie', request: { path: '/' }, accounts: [{ user: 'one' }] } as const;
  const scenario = { ...SCENARIO, dispatchEverySeconds: 0.25 };
  const all = planEndpoints(config({ login }), request, scenario);
  assert.deepEqual([all.askers.length, all.work.offers.length], [1, 9]);
  const own = { ...login, accountOf: 'depot' };
  assert.equal(planEndpoints(config({ login: own }), request, scenario).askers.length, 9);
});

test('a scenario that asks more than the service takes is refused with both numbers', () => {
  const limited = config({ service: { health: '/', requestsPerSecond: 12 } });
  assert.ok(trafficOf(limited));
  assert.throws(
    () => trafficOf(limited, 2),
    (error: HarnessError) => {
      assert.equal(error.code, 'BAD_CONFIG');
      assert.match(
        error.message,
        /scenarios\.mix: expected at most 12 .*got up to 20\.0 with --rate-factor 2/,
      );
      return true;
    },
  );
});

test('dispatches closer than the pause that the config asks for are refused', () => {
  const { dispatch } = config();
  const scenarios = { mix: { ...SCENARIO, dispatchEverySeconds: 1 } };
  assert.throws(
    () => trafficOf(config({ dispatch: { ...dispatch, pauseMs: 2_000 }, scenarios })),
    /dispatchEverySeconds: expected at least 2/,
  );
});

test('autocannon is left out with the reason where there is nothing to saturate', () => {
  assert.equal(trafficOf(config())?.skipped('autocannon'), null);
  const limited = config({ service: { health: '/', requestsPerSecond: 50 } });
  assert.match(trafficOf(limited)?.skipped('autocannon') ?? '', /requestsPerSecond/);
  const only = config({ scenarios: { mix: { ...SCENARIO, mix: [{ weight: 1, visit: ['one'] }] } } });
  assert.match(trafficOf(only)?.skipped('autocannon') ?? '', /no GET/);
  assert.match(
    trafficOf(config({ scenarios: { mix: { k6: 'a.js' } } }))?.skipped('autocannon') ?? '',
    /script/,
  );
  assert.equal(trafficOf(config())?.skipped('k6'), null);
});

test('a scenario of dispatches alone has no traffic', () => {
  assert.equal(trafficOf(config({ scenarios: {} })), null);
});
