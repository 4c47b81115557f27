import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildNight, buildScenario, nightsOf } from '../../test/support/night-builders.ts';
import { changePoints } from '../history/change-points.ts';
import { type NightSeries, nightSeries } from '../history/night-series.ts';
import type { NightRecord } from '../night-record.ts';
import { nightRatioChart } from './charts/night-ratio.ts';
import { levelMarks, nightMarks } from './night-marks.ts';

const seriesOf = (nights: readonly NightRecord[]) => nightSeries(nights)[0] as NightSeries;

test('a night that may not be compared, a missing one and another reference each begin a new stretch of line', () => {
  const pinned = { ref: 'v2', commit: 'b'.repeat(40), lockfile: null };
  const refused = [buildScenario(1, { verdict: 'not-comparable', refusals: ['the dataset differs'] })];
  // Night 3 is refused, night 6 is not there, from night 9 on another reference is pinned.
  const nights = [1, 2, 3, 4, 5, 7, 8, 9, 10].map((number) =>
    buildNight(number, {
      ...(number === 3 ? { scenarios: refused } : {}),
      ...(number >= 9 ? { reference: pinned } : {}),
    }),
  );
  const marks = nightMarks(seriesOf(nights), new Set());
  assert.deepEqual(
    marks.map(({ stretch }) => stretch),
    // nights 1, 2 | 4, 5 | 7, 8 | 9, 10
    [0, 0, 1, 1, 2, 2, 3, 3],
  );
});

test('up to 200 nights each is drawn, beyond they are drawn by week, and the chart says so', () => {
  const chartOf = (nights: number) =>
    nightRatioChart({
      series: seriesOf(nightsOf(Array.from({ length: nights }, () => 1))),
      ...{ changes: [], recorded: new Set<string>(), name: 'x' },
    });
  assert.ok(!chartOf(200).context.includes('week'));
  assert.match(chartOf(201).context, /^201 nights, drawn by week/);
});

test('a week is drawn by its middle ratio and the whole range of its intervals', () => {
  // The first night is a Thursday (1 Oct 2026), so the first week has 4 nights: 1.01 to 1.04.
  const ratios = Array.from({ length: 201 }, (_, index) => (index < 4 ? 1.01 + index / 100 : 1));
  const [week, next] = nightMarks(seriesOf(nightsOf(ratios)), new Set());
  assert.equal(week?.nights, 4);
  assert.equal(week.at, '2026-09-28T00:00:00.000Z'); // its Monday
  assert.ok(Math.abs(week.ratio - 1.025) < 1e-12); // between 1.02 and 1.03
  assert.equal(week.low, 1.01 * 0.98); // the builder's intervals are ±2 %
  assert.equal(week.high, 1.04 * 1.02);
  assert.equal(next?.nights, 7);
});

test('a level goes from one change point to the next, at the geometric mean of its nights', () => {
  const wobble = (index: number) => 1 + 0.004 * Math.sin(index * 2.4);
  const series = seriesOf(
    nightsOf(Array.from({ length: 40 }, (_, index) => (index < 20 ? 1 : 1.2) * wobble(index))),
  );
  const changes = changePoints(series);
  const levels = levelMarks(series, changes);
  assert.deepEqual(
    levels.map(({ nights }) => nights),
    [20, 20],
  );
  const mean = (from: number) =>
    Math.exp(series.points.slice(from, from + 20).reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / 20);
  assert.deepEqual(
    levels.map(({ ratio }) => ratio),
    [mean(0), mean(20)],
  );
});
