import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildNight, buildScenario } from '../../test/support/night-builders.ts';
import { counterSteps } from './counter-steps.ts';

const counter = (candidate: number, repeatsAgree = true) => ({
  ...{ metric: 'queries per dispatch', unit: 'statements', reference: 7, candidate, repeatsAgree },
});

test('a counter has a step at the night from which it is another; one whose repeats disagree says nothing', () => {
  const counts = [counter(7), counter(7), counter(8, false), counter(9), counter(9)];
  const nights = counts.map((one, index) =>
    buildNight(index + 1, { scenarios: [buildScenario(1, { counters: [one] })] }),
  );
  const [steps] = counterSteps(nights, 'load');
  assert.equal(steps?.nights, 4); // five nights without the near-exact one
  assert.deepEqual(
    steps.changes.map(({ night, before, now }) => [night, before, now]),
    [['night-004', 7, 9]],
  );
  // Its beginning, its step and its end.
  assert.deepEqual(
    steps.points.map(({ value }) => value),
    [7, 9, 9],
  );
});

test('bytes that are written alike are no step', () => {
  const nights = [74_624.5, 74_624, 74_624.5, 75_300].map((candidate, index) => {
    const bytes = { ...counter(candidate), metric: 'WAL bytes per dispatch', unit: 'bytes' };
    return buildNight(index + 1, { scenarios: [buildScenario(1, { counters: [bytes] })] });
  });
  const [steps] = counterSteps(nights, 'load');
  assert.deepEqual(
    steps?.changes.map(({ night, before, now }) => [night, before, now]),
    [['night-004', 74_624.5, 75_300]], // 74.6 kB three times, then 75.3 kB
  );
});
