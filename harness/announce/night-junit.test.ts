import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  EQUAL_TIMING,
  FINE,
  nightOf,
  nightScenario,
  nightTiming,
} from '../../test/support/announced-nights.ts';
import type { NightScenario } from '../night-record.ts';
import { nightJUnit } from './night-junit.ts';

/** Name and outcome of each test case, as "queries failure". */
function outcomes(scenario: NightScenario): string[] {
  const xml = nightJUnit(nightOf([scenario]));
  return [...xml.matchAll(/<testcase name="([^"]*)"[^>]*?(\/>|>\s*<(\w+))/g)].map(
    ([, name, , outcome]) => `${name} ${outcome ?? 'passed'}`,
  );
}

test('a confirmed regression fails its verdict and its metric; counts that explain it do not fail as well', () => {
  assert.deepEqual(outcomes(nightScenario()), [
    'verdict failure',
    'dispatch time failure',
    'queries passed',
    'rows passed',
    'WAL bytes skipped', // its repeats did not agree
  ]);
});

test('where exact counters alone decide, those that grew fail', () => {
  const scenario = nightScenario({ timings: [nightTiming(EQUAL_TIMING)] });
  assert.deepEqual(outcomes(scenario).slice(0, 4), [
    'verdict failure',
    'dispatch time passed',
    'queries failure',
    'rows passed',
  ]);
});

test('a count that grew since the last night fails although the reference has it too', () => {
  const stored = {
    state: 'changed' as const,
    night: 'n1',
    reason: null,
    changes: [{ metric: 'rows', unit: 'rows', before: 30, now: 40 }],
  };
  const cases = outcomes(nightScenario({ timings: [nightTiming(EQUAL_TIMING)], stored }));
  assert.ok(cases.includes('rows failure'));
});

test('a regression that was not confirmed is skipped, and so is what could not be judged', () => {
  assert.deepEqual(outcomes(nightScenario({ verdict: 'inconclusive', counters: [] })), [
    'verdict skipped',
    'dispatch time skipped',
  ]);
  const noisy = nightTiming({ verdict: 'inconclusive', tooNoisy: true });
  const xml = nightJUnit(nightOf([nightScenario({ verdict: 'too-noisy', timings: [noisy] })]));
  assert.match(xml, /<skipped message="too noisy: dispatch time \+10\.0 % .*would have told a 2 % change/);
});

test('what failed is an error with its reason, what is not comparable is skipped with its reason', () => {
  const failed = nightScenario({
    verdict: 'failed',
    failure: 'the service ended',
    timings: [],
    counters: [],
  });
  assert.match(nightJUnit(nightOf([failed])), /<error message="failed: the service ended" type="error"\/>/);
  const refused = nightScenario({ verdict: 'not-comparable', refusals: ['other data'] });
  assert.match(nightJUnit(nightOf([refused])), /<skipped message="not comparable: other data"\/>/);
  assert.deepEqual(
    outcomes(refused).map((one) => one.split(' ').at(-1)),
    Array(5).fill('skipped'),
  );
});

test('a suite counts its cases', () => {
  const xml = nightJUnit(nightOf([nightScenario(), FINE]));
  // verdict, dispatch time, and three counters, of which one did not repeat
  assert.match(
    xml,
    /<testsuite name="smoke"[^>]* tests="5" failures="2" errors="0" skipped="1" time="61.500">/,
  );
  assert.match(xml, /<testsuite name="calm"[^>]* tests="3" failures="0" errors="0" skipped="0"/);
});
