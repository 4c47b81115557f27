import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFinalRows } from './final-rows.ts';

/** Rows and stillness as they are looked at, one after another; the last one stays. */
function finalRows(open: readonly number[], still: readonly boolean[], boundMs = 60_000) {
  const next = <T>(values: readonly T[]) => {
    let at = 0;
    return () => values[Math.min(at++, values.length - 1)] as T;
  };
  const [nextOpen, nextStill] = [next(open), next(still)];
  return readFinalRows({
    readRows: async () => ({ open: nextOpen(), assigned: 0, unassigned: 0 }),
    stillness: { isStill: async () => nextStill(), moving: () => [] },
    ...{ boundMs, everyMs: 1, deadlineAt: performance.now() + 60_000, signal: new AbortController().signal },
  });
}

test('rows that are there at once were not written later, and quiet is waited for', async () => {
  assert.deepEqual(await finalRows([0], [false, false, true]), {
    ...{ rows: { open: 0, assigned: 0, unassigned: 0 }, changedAt: null, settled: true },
  });
});

test('rows that come later are waited for, and when they came is known', async () => {
  const final = await finalRows([6, 6, 2, 0], [false, false, false, true]);
  assert.equal(final.rows.open, 0);
  assert.notEqual(final.changedAt, null);
});

test('bookings that stay open are no change', async () => {
  const { rows, changedAt } = await finalRows([2], [false, true]);
  assert.deepEqual([rows.open, changedAt], [2, null]);
});

test('a service that never is quiet is not waited for any longer', async () => {
  assert.equal((await finalRows([0], [false], 5)).settled, false);
});
