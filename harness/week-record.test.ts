import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildWeek, withFacts } from '../test/support/week-builders.ts';
import { NO_FACTS, WeekRecord } from './week-record.ts';

test('a whole week and one without a single fact are valid, and survive JSON unchanged', () => {
  for (const week of [buildWeek(), withFacts(buildWeek(), NO_FACTS)]) {
    assert.deepEqual(WeekRecord.parse(JSON.parse(JSON.stringify(week))), week);
  }
});
