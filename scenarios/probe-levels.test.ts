import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ProbeLevel, planProbes } from './probe-levels.ts';
import { probeRequest } from './probe-requests.ts';
import type { TrafficPlan } from './traffic-plan.ts';
import { type SaturationProbe, WORKLOADS } from './workloads.ts';

const plan: TrafficPlan = {
  baseUrl: 'http://127.0.0.1:8080',
  scenario: 'load',
  randomSeed: 1,
  durationFactor: 1,
  rateFactor: 1,
  logins: [{ companyId: 1, email: 'a@example.test' }],
  companyDays: ['02', '03', '04', '05', '06'].map((day) => ({ companyId: 1, day: `2026-03-${day}` })),
  browseDays: ['2026-03-02'],
  drivers: [],
  clients: [{ companyId: 1, firstId: 1, count: 5 }],
};
const dispatches = (connections: number[], requestsPerConnection: number): SaturationProbe => ({
  endpoint: 'dispatchAndWait',
  connections,
  length: { requestsPerConnection },
  timeoutSeconds: 60,
});

test('each number of connections is a level; times follow durationFactor, rateFactor does nothing', () => {
  const [probe] = WORKLOADS.load.probes;
  assert.ok(probe);
  const twoLevels = { ...probe, connections: [1, 4] };
  const { levels } = planProbes({ ...plan, durationFactor: 2, rateFactor: 9 }, [twoLevels]);
  assert.deepEqual(
    levels.map(({ name, connections, length }) => ({ name, connections, length })),
    [
      {
        name: 'GET /api/v1/bookings × 1 connection',
        connections: 1,
        length: { warmUpSeconds: 2, seconds: 8 },
      },
      {
        name: 'GET /api/v1/bookings × 4 connections',
        connections: 4,
        length: { warmUpSeconds: 2, seconds: 8 },
      },
    ],
  );
});

test('levels take company-days of their own, in the order of the list', () => {
  const { levels, notes } = planProbes(plan, [dispatches([1, 2], 1), dispatches([2], 1)]);
  assert.deepEqual(
    levels.map(({ companyDays }) => companyDays.map(({ day }) => day.slice(-2))),
    [['02'], ['03', '04'], ['05', '06']],
  );
  assert.deepEqual(notes, []);
});

test('a level without enough company-days is left out and told', () => {
  const { levels, notes } = planProbes(plan, [dispatches([4, 4], 1)]);
  assert.equal(levels.length, 1);
  assert.deepEqual(notes, [
    'POST /api/v1/company_dispatch/run?wait=true × 4 connections was left out: it needs 4 company-days, 1 are left',
  ]);
});

test('request n of a dispatch level is for its company-day n, and there is none past the last', () => {
  const [level] = planProbes(plan, [dispatches([2], 1)]).levels;
  assert.ok(level);
  const session = { companyId: 1, token: 'secret', drivers: [] };
  const { companyDays } = level;
  const traffic = { plan, sessions: [session], endpoint: 'dispatchAndWait' as const, companyDays };
  assert.deepEqual(probeRequest(traffic, 1), {
    method: 'POST',
    path: '/api/v1/company_dispatch/run?wait=true',
    body: { date: '2026-03-03' },
    token: 'secret',
  });
  assert.throws(() => probeRequest(traffic, 2), /a company-day for dispatch 3, got 2 company-days/);
});

const endpointOf = ({ endpoint }: ProbeLevel) => endpoint as SaturationProbe['endpoint'];

test('every probe of every workload builds its requests', () => {
  const session = { companyId: 1, token: 't', drivers: [{ id: 4, lat: 52, lon: 5, isAvailable: true }] };
  for (const { name, probes } of Object.values(WORKLOADS)) {
    for (const level of planProbes({ ...plan, scenario: name }, probes).levels) {
      const traffic = {
        plan,
        sessions: [session],
        endpoint: endpointOf(level),
        companyDays: level.companyDays,
      };
      assert.match(probeRequest(traffic, 0).path, /^\/api\/v1\//);
    }
  }
});
