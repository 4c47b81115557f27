import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveShape } from '../../seed/profiles.ts';
import { WeekPlan } from '../week-record.ts';
import { ALL_DAYS, planWeek, type WeekRequest } from './plan-week.ts';

function planned(request: Partial<WeekRequest> = {}): WeekPlan {
  return planWeek({
    mode: 'full',
    days: ALL_DAYS,
    shape: resolveShape('load'),
    randomSeed: 1,
    generators: ['k6'],
    ...request,
  });
}

test('a plan is what its schema says', () => {
  assert.deepEqual(WeekPlan.parse(planned()), planned());
  assert.deepEqual(WeekPlan.parse(planned({ mode: 'quick' })), planned({ mode: 'quick' }));
});

test('the full week measures all eight variants, so every order of three switches is there', () => {
  assert.equal(planned().ladder.variants.length, 2 ** 3);
});

test('the quick week measures the order of the week and its reverse: two paths that share only their ends', () => {
  assert.deepEqual(planned({ mode: 'quick' }).ladder.variants, [
    ...[
      'baseline',
      'indexes',
      'eager-loading',
      'indexes+bulk-apply',
      'bulk-apply+eager-loading',
      'optimised',
    ],
  ]);
});

test('one day alone measures only the variants that its rows need', () => {
  assert.deepEqual(planned({ days: [2] }).ladder.variants, ['baseline', 'indexes']);
  assert.deepEqual(planned({ days: [3] }).ladder.variants, ['indexes', 'indexes+bulk-apply']);
  assert.deepEqual(planned({ days: [4] }).ladder.variants, ['indexes+bulk-apply', 'optimised']);
  assert.deepEqual(planned({ days: [1] }).ladder.variants, []);
});

test('bookings of a dispatch grow from 10 to 1,000, and history at the bookings of the dataset', () => {
  const { sizes } = planned().growth;
  const of = (varied: string) => sizes.filter((one) => one.varied === varied);
  assert.deepEqual([of('bookings')[0]?.size, of('bookings').at(-1)?.size], [10, 1_000]);
  assert.ok(of('history').every(({ shape, size }) => shape.history === size && shape.bookings === 100));
});
