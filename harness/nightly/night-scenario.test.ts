import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildComparison, buildTiming } from '../../test/support/comparison-builders.ts';
import { buildExperiment } from '../../test/support/experiment-builders.ts';
import { buildScenario } from '../../test/support/night-builders.ts';
import { EXIT } from '../errors.ts';
import type { Comparison, ExperimentRecord, Verdict } from '../experiment-record.ts';
import type { NightVerdict } from '../night-record.ts';
import { nightExit } from './night-lines.ts';
import { besideStored, scenarioOf, verdictOfExperiment, worstVerdict } from './night-scenario.ts';

function experimentOf(
  comparison: Partial<Comparison>,
  more: Partial<ExperimentRecord> = {},
): ExperimentRecord {
  const comparisons = [buildComparison('optimised', 6, { refusals: [], equalOutcome: true, ...comparison })];
  return { ...buildExperiment().experiment, ...more, comparisons };
}

const PLAIN: readonly [Verdict, NightVerdict][] = [
  ['regressed', 'regressed'],
  ['slower', 'slower'],
  ['equivalent', 'fine'],
  ['faster', 'faster'],
  ['improved', 'improved'],
];
for (const [verdict, night] of PLAIN)
  test(`an experiment that says ${verdict} makes a night that says ${night}`, () => {
    assert.equal(verdictOfExperiment(experimentOf({ verdict })), night);
  });

test('undecided is too noisy only where a metric that decides could not have shown the change', () => {
  const gate = (tooNoisy: boolean) =>
    experimentOf({
      verdict: 'inconclusive',
      timings: [buildTiming('dispatch time', [1, 1.1], { role: 'gate', tooNoisy, verdict: 'inconclusive' })],
    });
  assert.equal(verdictOfExperiment(gate(false)), 'inconclusive');
  assert.equal(verdictOfExperiment(gate(true)), 'too-noisy');
});

test('unequal work is not comparable, even in an experiment that broke off', () => {
  const refused = experimentOf({ refusals: ['the assignments differ'] }, { state: 'failed' });
  assert.equal(verdictOfExperiment(refused), 'not-comparable');
  assert.equal(verdictOfExperiment(experimentOf({ verdict: 'improved' }, { state: 'failed' })), 'failed');
});

test('a capacity is turned over, so that more than 1 is slower in every metric of a night', () => {
  const capacity = buildTiming('trips capacity', [0.5], {
    ...{ higherIsBetter: true, ratio: 0.5, low: 0.4, high: 0.8 },
  });
  const [timing] = scenarioOf({ experiment: experimentOf({ timings: [capacity] }), runs: [] }, 1).timings;
  // 1 ÷ 0.5, and from 1 ÷ 0.8 to 1 ÷ 0.4
  assert.deepEqual([timing?.ratio, timing?.low, timing?.high], [2, 1.25, 2.5]);
});

test('a confirmed slowdown since last night makes a night regressed that is better than its reference', () => {
  const { stored, sinceLastNight: _none, ...measured } = buildScenario(1, { verdict: 'improved' });
  const since = { night: 'n', commit: 'c', headline: '+9 %', resultId: 'r' };
  const night = (verdict: NightVerdict) => besideStored(measured, stored, { ...since, verdict });
  assert.equal(night('regressed').verdict, 'regressed');
  assert.match(night('regressed').headline, /^since last night \+9 %; against the reference /);
  assert.equal(night('inconclusive').verdict, 'improved');
});

test('a night is as bad as the worst of its scenarios, and only a regression fails the gate', () => {
  assert.equal(worstVerdict(['fine', 'too-noisy', 'inconclusive']), 'too-noisy');
  assert.equal(worstVerdict(['failed', 'regressed', 'fine']), 'regressed');
  assert.equal(nightExit('regressed', false), EXIT.thresholdsFailed);
  assert.equal(nightExit('failed', true), EXIT.failure);
  assert.equal(nightExit('not-comparable', true), EXIT.notComparable);
  for (const verdict of ['too-noisy', 'inconclusive'] as const) {
    assert.equal(nightExit(verdict, false), EXIT.fine);
    assert.equal(nightExit(verdict, true), EXIT.thresholdsFailed);
  }
  for (const verdict of ['slower', 'fine', 'faster', 'improved'] as const)
    assert.equal(nightExit(verdict, true), EXIT.fine);
});
