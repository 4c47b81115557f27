import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientIdsOf, companyDays, driverIdsOf, loginOf, PROFILES, resolveShape } from './profiles.ts';

test('a profile without overrides is the profile', () => {
  assert.deepEqual(resolveShape('load'), PROFILES.load);
  assert.equal(resolveShape('load', { bookings: PROFILES.load.bookings }).profile, 'load');
});

test('a changed number makes the shape custom and leaves the others', () => {
  assert.deepEqual(resolveShape('load', { drivers: 60 }), {
    ...PROFILES.load,
    profile: 'custom',
    drivers: 60,
  });
  assert.equal(resolveShape('smoke', { randomSeed: 2 }).profile, 'custom');
});

test('an unknown profile is answered with the known ones', () => {
  assert.throws(() => resolveShape('huge'), /Expected a profile \(smoke, load, stress, city\), got "huge"\./);
  assert.throws(() => resolveShape('toString'), /Expected a profile/);
});

test('every number out of range is named at once', () => {
  assert.throws(
    () => resolveShape('load', { bookings: 0, drivers: 1.5, history: -1, randomSeed: Number.NaN }),
    (error: Error) => {
      const lines = error.message.split('\n');
      assert.deepEqual(
        lines.map((line) => /Expected (\w+) to be .* got (\S+)\.$/.exec(line)?.slice(1)),
        [
          ['bookings', '0'],
          ['drivers', '1.5'],
          ['history', '-1'],
          ['randomSeed', 'NaN'],
        ],
      );
      return true;
    },
  );
});

test('sizes that are too large only together are refused too', () => {
  const shape = { bookings: 1_000_000, companies: 1_000, days: 2, drivers: 20_000 };
  assert.throws(
    () => resolveShape('load', shape),
    /bookings × companies × days to be at most 1000000000, got 2000000000\.\n.*drivers × companies .* got 20000000/,
  );
});

test('company-days run through the companies before the next day', () => {
  const days = companyDays(resolveShape('smoke', { companies: 2, days: 2 }));
  assert.deepEqual(days, [
    { companyId: 1, day: '2026-03-02' },
    { companyId: 2, day: '2026-03-02' },
    { companyId: 1, day: '2026-03-03' },
    { companyId: 2, day: '2026-03-03' },
  ]);
});

test('ids of drivers and clients follow one another company by company', () => {
  const { load, smoke } = PROFILES;
  assert.deepEqual(driverIdsOf(load, 3), { first: 101, count: 50 });
  // (100,000 / 20 + 100 × 20) / 20 trips each = 350 clients per company
  assert.deepEqual(clientIdsOf(load, 2), { first: 351, count: 350 });
  // (2,000 / 2 + 20 × 5) / 20 = 55
  assert.deepEqual(clientIdsOf(smoke, 1), { first: 1, count: 55 });
});

test('logins are addresses that cannot exist', () => {
  assert.equal(loginOf(12).email, 'dispatcher-12@rushhour.example');
});
