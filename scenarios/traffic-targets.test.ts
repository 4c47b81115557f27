import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PairedTrafficPlan, TrafficPlan } from './traffic-plan.ts';
import { findTargetFaults, targetsOf } from './traffic-targets.ts';

const target = (name: string) => ({ name, baseUrl: `http://127.0.0.1:1/${name}` });

test('a plan for one service has one target without a name', () => {
  const plan = { baseUrl: 'http://127.0.0.1:1' } as TrafficPlan;
  assert.deepEqual(targetsOf(plan), [{ name: null, baseUrl: 'http://127.0.0.1:1' }]);
  const targets = [target('a'), target('b')];
  assert.deepEqual(targetsOf({ targets } as unknown as PairedTrafficPlan), targets);
});

test('names of variants and of repeated arms can be targets', () => {
  assert.deepEqual(findTargetFaults([target('indexes+bulk-apply'), target('baseline (again)')]), []);
});

test('every fault of the targets is told at once', () => {
  assert.deepEqual(findTargetFaults([target('a')]), ['it takes two targets to compare, got 1']);
  assert.deepEqual(findTargetFaults([target('a=b'), target('a=b'), target('')]), [
    'two targets have one name',
    'the name of a target must hold something, and none of , & = { } ": got "a=b"',
    'the name of a target must hold something, and none of , & = { } ": got "a=b"',
    'the name of a target must hold something, and none of , & = { } ": got ""',
  ]);
});
