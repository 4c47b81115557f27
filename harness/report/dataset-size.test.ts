import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dispatchSizeWords, historyWords, namedSize } from './dataset-size.ts';

describe('the size of a dataset', () => {
  test('is told by what one dispatch is offered', () => {
    const words = dispatchSizeWords({ openBookingsPerDay: 1, driversPerCompany: 50 });
    assert.equal(namedSize('load', words), 'load: 1 booking a dispatch, 50 drivers');
    assert.deepEqual(historyWords({ historyBookings: 100_000 }), ['100,000 past bookings']);
  });

  test('is left out where it is not known', () => {
    const words = dispatchSizeWords({ openBookingsPerDay: null, driversPerCompany: null });
    assert.equal(namedSize('own', [...words, ...historyWords({ historyBookings: null })]), 'own');
    assert.deepEqual(dispatchSizeWords({ openBookingsPerDay: null, driversPerCompany: 2 }), ['2 drivers']);
  });
});
