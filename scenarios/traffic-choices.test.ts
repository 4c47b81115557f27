import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bookingDraftFor,
  chooseFrom,
  dayAfterPlan,
  fractionOf,
  loginsFor,
  positionFor,
  type Session,
  sessionFor,
} from './traffic-choices.ts';
import type { TrafficPlan } from './traffic-plan.ts';

const companies = Array.from({ length: 20 }, (_, index) => index + 1);
const plan: TrafficPlan = {
  baseUrl: 'http://127.0.0.1:8080',
  scenario: 'load',
  randomSeed: 1,
  durationFactor: 1,
  rateFactor: 1,
  logins: companies.map((companyId) => ({ companyId, email: `${companyId}@example.test` })),
  companyDays: [
    { companyId: 1, day: '2026-03-02' },
    { companyId: 2, day: '2026-02-28' },
  ],
  browseDays: ['2026-03-31'],
  drivers: [],
  clients: companies.map((companyId) => ({ companyId, firstId: companyId * 100, count: 7 })),
};
const session: Session = {
  companyId: 3,
  token: 't',
  drivers: [{ id: 9, lat: 52, lon: 5, isAvailable: true }],
};

test('fractions are spread over 0 to 1 and depend on seed, index and purpose alone', () => {
  const tenths = new Array<number>(10).fill(0);
  for (let index = 0; index < 10_000; index += 1) {
    const fraction = fractionOf(1, index, 1);
    assert.ok(fraction >= 0 && fraction < 1);
    const tenth = Math.floor(fraction * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  // 1000 expected in each; the standard deviation of a binomial (n = 10,000, p = 0.1) is 30
  for (const count of tenths) assert.ok(Math.abs(count - 1_000) < 4 * 30, `${tenths}`);
  assert.equal(fractionOf(7, 3, 2), fractionOf(7, 3, 2));
  const others = [fractionOf(8, 3, 2), fractionOf(7, 4, 2), fractionOf(7, 3, 3)];
  for (const other of others) assert.notEqual(other, fractionOf(7, 3, 2));
});

test('the sequence of choices is pinned: two versions of the tool send the same requests', () => {
  const chosen = Array.from({ length: 10 }, (_, index) => chooseFrom(companies, 1, index, 1));
  assert.deepEqual(chosen, [11, 15, 12, 19, 18, 16, 19, 6, 17, 2]);
});

test('choosing from nothing is an error, not an undefined request', () => {
  assert.throws(() => sessionFor(plan, [], 0), /something to choose from, got an empty list/);
});

test('bookings are created on the day after every day that is browsed or dispatched', () => {
  assert.equal(dayAfterPlan(plan), '2026-04-01');
  const { scheduledTime } = bookingDraftFor(plan, session, 5);
  assert.match(scheduledTime, /^2026-04-01T(0[6-9]|1\d|2[01]):[0-5]\d:00\.000Z$/);
});

test('a created booking is for a client of the dispatcher’s own company', () => {
  const clients = new Set<number>();
  for (let index = 0; index < 200; index += 1) clients.add(bookingDraftFor(plan, session, index).clientId);
  assert.deepEqual([...clients].toSorted(), [300, 301, 302, 303, 304, 305, 306]);
});

test('drivers stay within 0.01 degrees of where they were listed', () => {
  const driver = { id: 9, lat: 52, lon: 5, isAvailable: true };
  for (let index = 0; index < 100; index += 1) {
    const { lat, lon } = positionFor(plan, driver, index);
    assert.ok(Math.abs(lat - 52) <= 0.01 && Math.abs(lon - 5) <= 0.01);
  }
});

test('the dispatchers who log in are the first five and those whose days are dispatched', () => {
  const ids = loginsFor(plan, [{ companyId: 12, day: '2026-03-02' }]).map(({ companyId }) => companyId);
  assert.deepEqual(ids, [1, 2, 3, 4, 5, 12]);
});
