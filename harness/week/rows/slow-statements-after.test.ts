import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProfileFact } from '../../week-record.ts';
import { slowAfter } from './slow-statements-after.ts';

type Times = ProfileFact['statementTimes'];
const profile = (statementTimes: Times) => ({ statementTimes });
const takes = (statement: string, msPerDispatch: number | null, slow: Times[number]['slow'] = []) => ({
  ...{ statement, msPerDispatch, slow },
});

// 600 + 390 + 10 = 1,000 ms a dispatch, of which a tenth is 100 ms
const BEFORE = profile([takes('a', 600, ['share']), takes('b', 390, ['share']), takes('c', 10)]);

test('most of a dispatch that takes little is not slow by the time of before the week', () => {
  // 8 of 9 ms are 89 % of its own dispatch, and 0.8 % of the one before
  assert.deepEqual(slowAfter(BEFORE, profile([takes('a', 8, ['share']), takes('b', 1, ['share'])])), []);
});

test('a tenth of the time before is slow, also where it is little of its own total', () => {
  const after = profile([takes('a', 5_000, ['share']), takes('b', 100), takes('c', 99.9)]);
  assert.deepEqual(slowAfter(BEFORE, after), ['a', 'b']);
});

test('what runs often or long is slow whatever its share', () => {
  const after = profile([takes('a', 60, ['often']), takes('b', 50, ['long', 'share']), takes('c', 40)]);
  assert.deepEqual(slowAfter(BEFORE, after), ['a', 'b']);
});

test('without any time of before only the definitions that need none are left', () => {
  const unseen = profile([takes('a', null), takes('b', null)]);
  assert.deepEqual(slowAfter(unseen, profile([takes('a', 5, ['share']), takes('b', 5, ['long'])])), ['b']);
  assert.deepEqual(slowAfter(BEFORE, profile([takes('a', null)])), []);
});
