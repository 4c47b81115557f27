import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FINE, hostileNight, nightOf, nightScenario } from '../../test/support/announced-nights.ts';
import { annotationFlavour, codeQuality, nightAnnotations } from './night-annotations.ts';

test('the environment says which CI it is', () => {
  assert.equal(annotationFlavour({ GITHUB_ACTIONS: 'true' }), 'github');
  assert.equal(annotationFlavour({ GITLAB_CI: 'true' }), 'gitlab');
  assert.equal(annotationFlavour({ CI: 'true' }), 'plain');
});

test('a scenario that is fine is not told; the others are, the worst first, by how bad they are', () => {
  const slower = nightScenario({ scenario: 'mixed', verdict: 'slower', headline: 'a, b: 100%' });
  const night = nightOf([FINE, slower, nightScenario({ headline: 'dispatch time +10.0 %' })]);
  assert.deepEqual(nightAnnotations(night, 'github'), [
    '::error title=planner smoke%3A regressed::dispatch time +10.0 %25',
    '::warning title=planner mixed%3A slower::a, b: 100%25', // commas and colons end a property, not the message
  ]);
  assert.deepEqual(nightAnnotations(night, 'plain'), [
    'ERROR planner smoke: regressed: dispatch time +10.0 %',
    'WARNING planner mixed: slower: a, b: 100%',
  ]);
});

test('no text of others begins a line, and so no command, of its own', () => {
  for (const flavour of ['github', 'gitlab', 'plain'] as const) {
    const lines = nightAnnotations(hostileNight(), flavour);
    assert.equal(lines.length, 3);
    for (const line of lines) assert.doesNotMatch(line, /[\r\n]/);
  }
});

test('of more than GitHub shows of a level, the last line says how many are left', () => {
  const scenarios = Array.from({ length: 12 }, (_, n) => nightScenario({ scenario: `s${n}` }));
  const lines = nightAnnotations(nightOf(scenarios), 'github');
  assert.equal(lines.length, 10);
  assert.equal(lines.at(-1), '::error title=planner::3 more scenarios are told in the summary'); // 12 − 9
  assert.equal(nightAnnotations(nightOf(scenarios), 'plain').length, 12);
});

test('an issue of a code quality report has the same fingerprint the next night, and another when the verdict is another', () => {
  const print = (verdict: 'regressed' | 'slower', id: string) =>
    codeQuality(nightOf([nightScenario({ verdict })], { id }), 'rushhour.config.ts')[0]?.fingerprint;
  assert.equal(print('regressed', 'n1'), print('regressed', 'n2'));
  assert.notEqual(print('regressed', 'n1'), print('slower', 'n1'));
  assert.deepEqual(codeQuality(nightOf([FINE]), 'rushhour.config.ts'), []);
});
