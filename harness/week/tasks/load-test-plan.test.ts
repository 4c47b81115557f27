import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveShape } from '../../../seed/profiles.ts';
import type { LoadGenerator } from '../../load-generators/load-generator.ts';
import { scriptedGenerator } from '../../load-generators/scripted.ts';
import { ALL_DAYS, planWeek } from '../plan-week.ts';
import { type LoadTest, loadTest, stressTest } from './load-test-plan.ts';

const named = (name: LoadGenerator['name']): LoadGenerator => ({ ...scriptedGenerator(), name });

const week = (mode: 'quick' | 'full', names: readonly LoadGenerator['name'][] = ['k6', 'autocannon']) => ({
  plan: planWeek({
    ...{ mode, days: ALL_DAYS, randomSeed: 1, generators: names },
    shape: resolveShape('load'),
  }),
  generators: names.map(named),
  skippedLoads: names.includes('k6') ? [] : [{ generator: 'k6', reason: 'it is not here' }],
});

const drivenBy = ({ runs }: LoadTest) =>
  runs.map(({ variant, generators }) => [variant, ...generators.map(({ name }) => name)]);

test('the load test is of both variants, by every generator there is', () => {
  assert.deepEqual(drivenBy(loadTest(week('quick'))), [
    ['baseline', 'k6', 'autocannon'],
    ['optimised', 'k6', 'autocannon'],
  ]);
});

test('the stress test is of the optimised service, in steps alone where it is to be quick', () => {
  const { runs, shape } = stressTest(week('quick'));
  assert.equal(shape.bookings, 1_000);
  assert.deepEqual(drivenBy(stressTest(week('quick'))), [['optimised', 'k6']]);
  assert.deepEqual(runs[0]?.skippedLoads, [
    { generator: 'autocannon', reason: 'the quick week stresses at arrival rates alone' },
  ]);
});

test('the full week stresses the baseline too, without what would take too long there', () => {
  const test = stressTest(week('full'));
  assert.deepEqual(drivenBy(test), [
    ['baseline', 'k6'],
    ['optimised', 'k6', 'autocannon'],
  ]);
  assert.deepEqual(
    test.runs.map(({ probe }) => probe.dispatches),
    [0, 1],
  );
});

test('without k6 nothing is left to stress with in a quick week, and each reason is told', () => {
  const { runs } = stressTest(week('quick', ['autocannon']));
  assert.deepEqual(
    runs.map(({ generators, skippedLoads }) => [
      generators.length,
      skippedLoads.map(({ generator }) => generator),
    ]),
    [[0, ['k6', 'autocannon']]],
  );
});
