import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPlanFaults, scenarioSeconds, scheduleTraffic } from './schedule.ts';
import type { TrafficPlan } from './traffic-plan.ts';
import { WORKLOADS } from './workloads.ts';

function plan(overrides: Partial<TrafficPlan> = {}, companyDays = 40): TrafficPlan {
  return {
    baseUrl: 'http://127.0.0.1:8080',
    scenario: 'load',
    randomSeed: 1,
    durationFactor: 1,
    rateFactor: 1,
    logins: [{ companyId: 1, email: 'a@example.test' }],
    companyDays: Array.from({ length: companyDays }, (_, index) => ({
      companyId: 1,
      day: new Date(Date.UTC(2026, 2, 2 + index)).toISOString().slice(0, 10),
    })),
    browseDays: ['2026-03-02'],
    drivers: [{ companyId: 1, firstId: 1, count: 5 }],
    clients: [{ companyId: 1, firstId: 1, count: 5 }],
    ...overrides,
  };
}

const byId = (traffic: TrafficPlan, id: string) =>
  scheduleTraffic(traffic).arrivals.find((arrivals) => arrivals.id === id);

test('the load scenario is 3 s of warm-up, then 60 iterations in 15 s with a dispatch every 6 s', () => {
  const { arrivals, measureStartSeconds, endSeconds, notes } = scheduleTraffic(plan());
  assert.deepEqual(
    arrivals.map(({ id, startSeconds, arrivals: count, periodSeconds, measured }) => [
      id,
      startSeconds,
      count,
      periodSeconds,
      measured,
    ]),
    [
      ['warm-up', 0, 12, 0.25, false],
      ['step-1', 3, 60, 0.25, true],
      ['warm-up-dispatch', 0, 1, 6, false], // at 0 s
      ['dispatch', 3, 3, 6, true], // at 3, 9 and 15 s
    ],
  );
  assert.deepEqual([measureStartSeconds, endSeconds, notes], [3, 18, []]);
});

test('a scenario ends half a period after its last arrival, so that the number of arrivals is no race', () => {
  const step = byId(plan(), 'step-1');
  assert.ok(step);
  assert.equal(scenarioSeconds(step), 59.5 * 0.25);
});

test('durations follow durationFactor, rates follow rateFactor', () => {
  const step = byId(plan({ durationFactor: 2, rateFactor: 3 }), 'step-1');
  // 15 s × 2 = 30 s at 4/s × 3 = 12/s
  assert.deepEqual([step?.durationSeconds, step?.arrivals, step?.startSeconds], [30, 360, 6]);
  assert.ok(Math.abs((step?.periodSeconds ?? 0) - 1 / 12) < 1e-12);
});

test('numbers of iterations and company-days run on from one part to the next', () => {
  const { arrivals } = scheduleTraffic(plan({ scenario: 'stress' }));
  const mix = arrivals.filter(({ kind }) => kind === 'mix');
  let next = 0;
  for (const part of mix) {
    assert.equal(part.firstIndex, next);
    next += part.arrivals;
  }
  assert.deepEqual(
    arrivals
      .filter(({ kind }) => kind === 'dispatch')
      .map(({ firstIndex, arrivals: count }) => [firstIndex, count]),
    [
      [0, 1],
      [1, 7],
    ],
  );
});

test('no plan has more dispatches than company-days, and few company-days are spread over the whole time', () => {
  for (let days = 0; days <= 8; days += 1) {
    const { arrivals, notes } = scheduleTraffic(plan({ scenario: 'stress' }, days));
    const dispatches = arrivals.filter(({ kind }) => kind === 'dispatch');
    const total = dispatches.reduce((sum, { arrivals: count }) => sum + count, 0);
    assert.equal(total, days, 'as many as there are, up to the 8 that are wanted');
    assert.equal(notes.length > 0, days < 8);
    const measured = dispatches.find(({ id }) => id === 'dispatch');
    if (measured !== undefined && days < 8) {
      assert.ok(Math.abs(measured.periodSeconds * measured.arrivals - 70) < 1e-9);
    }
  }
});

test('one company-day is measured rather than spent on the warm-up, of two the first is', () => {
  const counts = (days: number) =>
    ['warm-up-dispatch', 'dispatch'].map((id) => byId(plan({}, days), id)?.arrivals ?? 0);
  assert.deepEqual(counts(1), [0, 1]);
  assert.deepEqual(counts(2), [1, 1]);
});

test('k6 gets no scenario shorter than the second it demands, and no period below what was asked for', () => {
  for (const durationFactor of [0.001, 0.01, 0.1, 1]) {
    for (const rateFactor of [0.1, 1, 10]) {
      for (const part of scheduleTraffic(plan({ durationFactor, rateFactor })).arrivals) {
        assert.ok(scenarioSeconds(part) >= 1 - 1e-9, `${part.id}: ${scenarioSeconds(part)} s`);
        assert.ok(part.arrivals >= 1);
      }
    }
  }
});

test('every iteration can end within the graceful stop, whatever its requests take', () => {
  for (const scenario of Object.keys(WORKLOADS) as (keyof typeof WORKLOADS)[]) {
    const { requestTimeoutSeconds, dispatch } = WORKLOADS[scenario];
    for (const part of scheduleTraffic(plan({ scenario })).arrivals) {
      const longest =
        part.kind === 'mix' ? 2 * requestTimeoutSeconds : dispatch.deadlineSeconds + requestTimeoutSeconds;
      assert.ok(part.gracefulStopSeconds > longest);
    }
  }
});

test('dispatches have a VU each for as long as one may take', () => {
  const dispatch = byId(plan({ scenario: 'soak' }, 400), 'dispatch');
  // followed for 30 s and one last request of 10 s, one started every 6 s: 40 / 6 → 7, and one more
  assert.deepEqual([dispatch?.arrivals, dispatch?.virtualUsers], [100, 8]);
});

test('every fault of a plan is told at once', () => {
  const broken = plan({
    rateFactor: 0,
    durationFactor: Number.NaN,
    browseDays: [],
    clients: [],
    companyDays: [
      { companyId: 2, day: '2026-03-02' },
      { companyId: 2, day: '2026-03-02' },
    ],
  });
  assert.deepEqual(findPlanFaults(broken), [
    'durationFactor must be above 0, got NaN',
    'rateFactor must be above 0, got 0',
    'it has no day to browse',
    'company 2 is to be dispatched but has no login',
    'company 1 has no clients',
    'a company-day is listed twice',
  ]);
  assert.throws(
    () => scheduleTraffic(broken),
    /cannot be driven: durationFactor must be above 0.*; rateFactor/,
  );
  assert.deepEqual(findPlanFaults(plan()), []);
});
