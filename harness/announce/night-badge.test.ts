import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FINE, nightOf, nightScenario } from '../../test/support/announced-nights.ts';
import { VERDICT_LOOK } from '../report/verdict-words.ts';
import { nightBadge } from './night-badge.ts';

test('a regression is an error with its change, in the colour of the verdict', () => {
  assert.deepEqual(nightBadge(nightOf([nightScenario()])), {
    schemaVersion: 1,
    label: 'planner nightly',
    message: 'regressed +10.0 %',
    color: VERDICT_LOOK.regressed.light.replace('#', ''),
    isError: true,
  });
});

test('a night that proves nothing names no change, and is no error', () => {
  const { message, isError } = nightBadge(nightOf([nightScenario({ verdict: 'too-noisy' })]));
  assert.deepEqual([message, isError], ['too noisy', false]);
  assert.equal(nightBadge(nightOf([FINE])).message, 'fine');
  assert.deepEqual(nightBadge(nightOf([])).message, 'failed');
});
