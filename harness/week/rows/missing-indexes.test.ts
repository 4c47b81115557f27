import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { missingIndexes } from './missing-indexes.ts';

const DECLARED = { name: 'booking_day_idx', table: 'booking', columns: ['company_id', 'day'] };
const PRESENT = { ...DECLARED, valid: true };
const missing = (...present: (typeof PRESENT)[]) => missingIndexes({ declared: [DECLARED], present });

describe('whether a migration has created what it says', () => {
  test('an index of that name, table and columns that is valid is not missing', () => {
    assert.deepEqual(missing(PRESENT, { ...PRESENT, name: 'another_idx' }), []);
  });

  test('one that is not there, not valid, or on other columns is', () => {
    assert.deepEqual(missing(), ['booking_day_idx is missing.']);
    assert.deepEqual(missing({ ...PRESENT, valid: false }), ['booking_day_idx is not valid.']);
    // The order of columns decides what an index serves.
    assert.deepEqual(missing({ ...PRESENT, columns: ['day', 'company_id'] }), [
      'booking_day_idx: expected booking (company_id, day), got booking (day, company_id).',
    ]);
  });
});
