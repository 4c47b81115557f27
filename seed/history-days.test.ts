import assert from 'node:assert/strict';
import { test } from 'node:test';
import { weekdayOf } from './calendar.ts';
import { historyDays } from './history-days.ts';
import { resolveShape } from './profiles.ts';

const countsOf = (history: number) => [...historyDays(resolveShape('load', { history }))];

test('days follow one another without a gap and hold exactly the history', () => {
  for (const history of [0, 1, 179, 100_000, 999_999_999]) {
    const days = countsOf(history);
    assert.equal(days.length, 180);
    assert.deepEqual([days[0]?.day, days.at(-1)?.day], [-180, -1]);
    let next = 0;
    for (const { first, count } of days) {
      assert.equal(first, next);
      next += count;
    }
    assert.equal(next, history);
  }
});

test('the week has its rhythm: Friday is the busiest day, Sunday the quietest', () => {
  const byWeekday = new Array<number>(7).fill(0);
  for (const { day, count } of countsOf(100_000)) {
    byWeekday[weekdayOf(day)] = (byWeekday[weekdayOf(day)] ?? 0) + count;
  }
  assert.equal(byWeekday.indexOf(Math.max(...byWeekday)), 4);
  assert.equal(byWeekday.indexOf(Math.min(...byWeekday)), 6);
});
