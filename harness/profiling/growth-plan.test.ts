import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growthSteps, isLargest } from './growth-plan.ts';

test('each dimension has one largest size, the last of its sweep', () => {
  const steps = growthSteps(1);
  const largest = steps.filter((step) => isLargest(step, steps)).map(({ title }) => title);
  assert.deepEqual(largest, ['128 bookings', '48 drivers', '8 companies']);
});
