import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import {
  BOOKING_STEPS,
  buildGrowth,
  DRIVER_STEPS,
  type GrowthShape,
} from '../../../test/support/growth-builders.ts';
import { loadStatementParser } from '../../capture/statement-identity.ts';
import { growthRecord } from '../../profiling/growth-record.ts';
import type { GrowthSample } from '../../profiling/growth-sample.ts';
import { nPlusOneUnits } from './n-plus-one-fact.ts';

before(loadStatementParser);

const record = (...samples: readonly GrowthSample[]) => growthRecord(samples, { sizes: {} });
const dispatch = (statements: GrowthShape['statements']) =>
  buildGrowth({ statements }, [...BOOKING_STEPS, ...DRIVER_STEPS]);
const pages = (statements: GrowthShape['statements']) =>
  buildGrowth(
    { unit: 'GET /api/v1/bookings', statements },
    [8, 16, 32, 64].map((items) => ({ varied: 'items', sizes: { items } })),
  );

const LIST = 'SELECT id FROM booking WHERE company_id = $';
const CLIENT = 'SELECT id FROM client WHERE id = $';
const DRIVER = 'SELECT id FROM trip WHERE driver_id = $';
const BATCH = 'SELECT id FROM client WHERE id = ANY($)';

test('findings and queries of a unit stand side by side, queries at the largest size of each', () => {
  const slow = record(
    ...dispatch({
      [LIST]: () => 1,
      [CLIENT]: ({ bookings = 0 }) => bookings,
      [DRIVER]: ({ drivers = 0 }) => drivers,
    }),
    ...pages({ [LIST]: () => 1, [CLIENT]: ({ items = 0 }) => items }),
  );
  const quick = record(
    ...dispatch({ [LIST]: () => 1, [BATCH]: () => 1 }),
    ...pages({ [LIST]: () => 1, [BATCH]: () => 1 }),
  );
  assert.deepEqual(nPlusOneUnits(slow, quick), [
    {
      unit: 'dispatch',
      found: { before: 2, after: 0 },
      queries: { before: 1 + 64 + 50, after: 2 }, // the list, 64 clients, 50 drivers
      size: '64 bookings',
    },
    {
      unit: 'GET /api/v1/bookings',
      found: { before: 1, after: 0 },
      queries: { before: 1 + 64, after: 2 },
      size: '64 items',
    },
  ]);
});

test('a unit that one of them has not measured is left out', () => {
  const both = record(...pages({ [LIST]: () => 1 }));
  const units = nPlusOneUnits(record(...dispatch({ [LIST]: () => 1 }), ...pages({ [LIST]: () => 1 })), both);
  assert.deepEqual(
    units.map(({ unit }) => unit),
    ['GET /api/v1/bookings'],
  );
});
