import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildNight } from '../../test/support/night-builders.ts';
import { missingNights } from './missing-nights.ts';

const nights = (...numbers: number[]) => numbers.map((number) => buildNight(number));
const gaps = (...numbers: number[]) =>
  missingNights(nights(...numbers)).map(({ after, before, missing }) => [after, before, missing]);

describe('missing nights', () => {
  test('of a night each day those that are not there are counted, and said', () => {
    const [gap] = missingNights(nights(1, 2, 3, 6, 7));
    assert.deepEqual(gap, {
      target: 'shop',
      branch: 'main',
      after: 'night-003',
      before: 'night-006',
      missing: 2, // 4 and 5
      text:
        'shop, main: between 3 Oct 2026, 01:00 UTC and 6 Oct 2026, 01:00 UTC there is no night; ' +
        'by the rhythm of the others an estimated 2 nights are missing',
    });
  });

  test('the rhythm is what is usual, not a day', () => {
    assert.deepEqual(gaps(1, 8, 15, 22), []);
    assert.deepEqual(gaps(1, 8, 15, 29, 36), [['night-015', 'night-029', 1]]);
  });

  test('weekends without nights are no gaps once they are usual; a weekday without one is', () => {
    // Night 1 is a Thursday: 3 and 4 are the first weekend.
    const weekdays = Array.from({ length: 40 }, (_, index) => index + 1).filter(
      (n) => n % 7 !== 3 && n % 7 !== 4,
    );
    assert.deepEqual(gaps(...weekdays), []);
    assert.deepEqual(gaps(...weekdays.filter((n) => n !== 21)), [['night-020', 'night-022', 1]]);
  });

  test('two nights have no rhythm', () => {
    assert.deepEqual(gaps(1, 30), []);
  });

  test('nights that were started one after the other have no rhythm', () => {
    const minutes = [0, 1, 2, 3, 60, 61].map((minute, index) =>
      buildNight(index + 1, { at: new Date(Date.UTC(2026, 9, 1, 1, minute)).toISOString() }),
    );
    assert.deepEqual(missingNights(minutes), []);
  });

  test('each branch has its own rhythm', () => {
    const release = [1, 15, 29].map((number) =>
      buildNight(number, { id: `release-${number}`, branch: 'release' }),
    );
    const all = [...nights(1, 2, 3, 4), ...release].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    assert.deepEqual(missingNights(all), []);
  });
});
