import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildNight, buildScenario, commitOf, nightsOf } from '../../test/support/night-builders.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import type { NightRecord } from '../night-record.ts';
import { changePoints } from './change-points.ts';
import { nightSeries } from './night-series.ts';

/** Ratios around the levels, with a spread of 1 %. */
function ratios(...levels: readonly (readonly [level: number, nights: number])[]): number[] {
  const random = seededRandom(42);
  return levels.flatMap(([level, nights]) =>
    Array.from({ length: nights }, () => level * Math.exp(0.01 * random.normal())),
  );
}

const pointsOf = (nights: readonly NightRecord[]) => nightSeries(nights).flatMap(changePoints);
const repinned = { ref: 'v2', commit: 'b'.repeat(40), lockfile: null };

describe('change points of nights', () => {
  test('a slowdown names its night, the commits between, both means and the command that finds the commit', () => {
    const [point, ...others] = pointsOf(nightsOf(ratios([1, 12], [1.1, 10])));
    assert.deepEqual(others, []);
    assert.ok(point);
    assert.equal(point.night, 'night-013'); // the first after 12
    assert.deepEqual([point.before.nights, point.after.nights], [12, 10]);
    // Means of 12 and 10 nights with a spread of 1 % are within 1 % of the levels.
    assert.ok(Math.abs(point.before.ratio - 1) < 0.01 && Math.abs(point.after.ratio - 1.1) < 0.01);
    assert.equal(point.change, point.after.ratio / point.before.ratio);
    assert.ok(point.pValue <= 0.001);
    assert.deepEqual(point.commits, { from: commitOf(12), to: commitOf(13) });
    assert.equal(
      point.bisect,
      `rushhour bisect --good ${commitOf(12).slice(0, 12)} --bad ${commitOf(13).slice(0, 12)} --scenario load`,
    );
  });

  test('another reference begins a new segment: the jump of its ratios is no change', () => {
    const nights = nightsOf(ratios([1.3, 12], [1, 12])).map((night, index) =>
      index < 12 ? night : { ...night, reference: repinned },
    );
    assert.deepEqual(pointsOf(nights), []);
    assert.equal(pointsOf(nightsOf(ratios([1.3, 12], [1, 12]))).length, 1); // the same with one reference
  });

  test('without another candidate no commit can have done it, and there is nothing to bisect', () => {
    const candidate = { ref: 'HEAD', commit: commitOf(1), lockfile: null };
    const [point] = pointsOf(nightsOf(ratios([1, 12], [1.1, 10])).map((night) => ({ ...night, candidate })));
    assert.equal(point?.bisect, null);
  });

  test('branches are not mixed', () => {
    const other = nightsOf(ratios([1.5, 24])).map((night) => ({
      ...night,
      id: `${night.id}-b`,
      branch: 'b',
    }));
    const all = [...nightsOf(ratios([1, 24])), ...other].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    assert.deepEqual(pointsOf(all), []);
  });
});

describe('series of nights', () => {
  test('nights that failed, may not be compared, or are missing are gaps with their reason', () => {
    const nights = [1, 2, 3, 4, 5, 8].map((number) => buildNight(number));
    nights[1] = buildNight(2, {
      scenarios: [
        buildScenario(1, { state: 'failed', failure: 'no server', verdict: 'failed', timings: [] }),
      ],
    });
    nights[2] = buildNight(3, {
      scenarios: [buildScenario(1, { verdict: 'not-comparable', refusals: ['the assignments differ'] })],
    });
    const [series] = nightSeries(nights);
    assert.deepEqual(
      series?.points.map(({ night }) => night),
      ['night-001', 'night-004', 'night-005', 'night-008'],
    );
    assert.deepEqual(
      series?.gaps.map(({ night, reason }) => [night, reason.replace(/^.*there is no night; /, '')]),
      [
        ['night-002', 'no server'],
        ['night-003', 'the assignments differ'],
        [null, 'by the rhythm of the others an estimated 2 nights are missing'], // 6 and 7
      ],
    );
  });

  test('ratios are chained over a re-pin by the night that measured both references side by side', () => {
    const released = buildNight(2, { candidate: repinned, scenarios: [buildScenario(0.8)] });
    const after = buildNight(3, { reference: repinned, scenarios: [buildScenario(0.5)] });
    const [series] = nightSeries([buildNight(1), released, after]);
    assert.deepEqual(
      series?.repins.map(({ night, link }) => [night, link]),
      [['night-003', 0.8]],
    );
    assert.deepEqual(
      series?.points.map(({ chainedRatio }) => chainedRatio),
      [1, 0.8, 0.8 * 0.5], // new ÷ old reference is 0.8, candidate ÷ new one 0.5
    );
  });

  test('over a re-pin that no night has measured nothing is chained', () => {
    const [series] = nightSeries([buildNight(1), buildNight(2, { reference: repinned })]);
    assert.deepEqual(
      series?.points.map(({ chainedRatio }) => chainedRatio),
      [1, null],
    );
    assert.equal(series?.repins[0]?.link, null);
  });

  test('each metric, scenario and target has a series of its own', () => {
    const night = buildNight(1, { scenarios: [buildScenario(), buildScenario(1, { scenario: 'stress' })] });
    assert.deepEqual(
      nightSeries([night, buildNight(2, { target: 'vans' })]).map(({ target, scenario, metric }) => [
        target,
        scenario,
        metric,
      ]),
      [
        ['shop', 'load', 'dispatch time'],
        ['shop', 'stress', 'dispatch time'],
        ['vans', 'load', 'dispatch time'],
      ],
    );
  });
});
