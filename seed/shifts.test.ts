import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROFILES, resolveShape } from './profiles.ts';
import { onShiftByHour, shiftOf } from './shifts.ts';

test('every shift lasts nine hours, begins on the service day and ends by one hour after it', () => {
  for (let position = 0; position < 100; position++) {
    const { startMinute, endMinute } = shiftOf(position);
    assert.equal(endMinute - startMinute, 9 * 60);
    assert.ok(startMinute >= 0 && endMinute <= 25 * 60 + 30, `${startMinute} to ${endMinute}`);
  }
});

test('ten drivers cover the day, most of them the evening peak', () => {
  const minutes = Array.from({ length: 24 * 12 }, (_, index) => index * 5);
  const shifts = Array.from({ length: PROFILES.smoke.drivers }, (_, position) => shiftOf(position));
  const onShift = minutes.map(
    (minute) =>
      shifts.filter(({ startMinute, endMinute }) => startMinute <= minute && minute < endMinute).length,
  );
  assert.ok(Math.min(...onShift) >= 1);
  assert.equal(onShift[17 * 12], 6); // 14–23, 16–25, 11–20, 13–22, 12–21, 9–18
  assert.ok((onShift[8 * 12] ?? 0) >= 4);
});

test('the drivers listed for an hour work all of it', () => {
  for (const [hour, positions] of onShiftByHour(PROFILES.load).entries()) {
    assert.ok(positions.length > 0);
    for (const position of positions) {
      const { startMinute, endMinute } = shiftOf(position);
      assert.ok(startMinute <= hour * 60 && endMinute >= (hour + 1) * 60, `driver ${position} at ${hour} h`);
    }
  }
});

test('with a single driver every hour has somebody', () => {
  assert.ok(
    onShiftByHour(resolveShape('smoke', { drivers: 1 })).every((positions) => positions.length === 1),
  );
});
