import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayText, timestampText, weekdayOf, writeTimestamp } from './calendar.ts';
import { CopyBuffer } from './copy-buffer.ts';

test('days count from Monday, 2 March 2026', () => {
  assert.equal(dayText(0), '2026-03-02');
  assert.equal(dayText(-1), '2026-03-01');
  assert.equal(dayText(-180), '2025-09-03'); // 1 + 28 + 31 + 31 + 30 + 31 + 28: back over Feb … Sep 2025
  assert.equal(dayText(19), '2026-03-21');
  for (const [day, weekday] of [
    [0, 0],
    [6, 6],
    [7, 0],
    [-1, 6],
    [-180, 2],
  ] as const) {
    assert.equal(weekdayOf(day), weekday);
    assert.equal(new Date(`${dayText(day)}T00:00:00Z`).getUTCDay(), (weekday + 1) % 7); // getUTCDay: 0 is Sunday
  }
});

test('timestamps are UTC and cross midnight and the anchor', () => {
  assert.equal(timestampText(0), '2026-03-02 00:00:00+00');
  assert.equal(timestampText(1_439), '2026-03-02 23:59:00+00');
  assert.equal(timestampText(1_440), '2026-03-03 00:00:00+00');
  assert.equal(timestampText(-1), '2026-03-01 23:59:00+00');
});

test('the written timestamp is the text', () => {
  // From the oldest history with its lead time to the last open day a shape may have, and a trip that ends after it.
  for (const minute of [0, -1, -194 * 1_440, 50_000, 3_651 * 1_440]) {
    const out = new CopyBuffer(100);
    writeTimestamp(minute, out);
    assert.equal(out.take().toString(), timestampText(minute));
  }
});

test('a timestamp far outside a dataset is an error, never a wrong day', () => {
  assert.throws(() => writeTimestamp(-1_000 * 1_440, new CopyBuffer(100)), RangeError);
});
