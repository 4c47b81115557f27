import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interleave } from './interleaved-arrivals.ts';
import { scenarioSeconds, scheduleTraffic } from './schedule.ts';
import type { TrafficWork } from './traffic-plan.ts';

const work: TrafficWork = {
  scenario: 'load',
  randomSeed: 1,
  durationFactor: 1,
  rateFactor: 1,
  logins: [{ companyId: 1, email: 'a@example.test' }],
  companyDays: Array.from({ length: 9 }, (_, day) => ({ companyId: 1, day: `2026-03-0${day + 1}` })),
  browseDays: ['2026-03-01'],
  drivers: [{ companyId: 1, firstId: 1, count: 5 }],
  clients: [{ companyId: 1, firstId: 1, count: 5 }],
};

const arrivalsOf = (targets: number) =>
  scheduleTraffic(work, targets).arrivals.map((arrivals) => interleave(arrivals, targets));

test('two targets together get the arrivals that one would get alone, each half of them', () => {
  const alone = arrivalsOf(1).filter(({ kind }) => kind === 'mix');
  const together = arrivalsOf(2).filter(({ kind }) => kind === 'mix');
  const timing = (plans: typeof alone) =>
    plans.map(({ id, arrivals, periodSeconds, startSeconds }) => [id, arrivals, periodSeconds, startSeconds]);
  assert.deepEqual(timing(together), timing(alone));
  // 12 of the warm-up and 60 of the step, 4/s for 3 s and 15 s
  assert.deepEqual(
    scheduleTraffic(work, 2)
      .arrivals.filter(({ kind }) => kind === 'mix')
      .map(({ arrivals }) => arrivals),
    [6, 30],
  );
});

test('each company-day is one arrival, with time for its dispatch at every target', () => {
  const [alone, together] = [1, 2].map((targets) => arrivalsOf(targets).find(({ id }) => id === 'dispatch'));
  assert.deepEqual([alone?.arrivals, together?.arrivals], [3, 3]);
  assert.equal(together?.periodSeconds, alone?.periodSeconds);
  assert.equal(together?.gracefulStopSeconds, 2 * (alone?.gracefulStopSeconds ?? 0));
});

test('one target alone has the schedule as it is', () => {
  assert.deepEqual(arrivalsOf(1), scheduleTraffic(work).arrivals);
});

test('k6 gets no scenario shorter than the second it demands', () => {
  for (const durationFactor of [0.01, 0.1, 1]) {
    for (const arrivals of scheduleTraffic({ ...work, durationFactor }, 2).arrivals) {
      assert.ok(scenarioSeconds(interleave(arrivals, 2)) >= 1 - 1e-9);
    }
  }
});
