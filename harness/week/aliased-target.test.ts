import assert from 'node:assert/strict';
import { test } from 'node:test';
import { weekService } from '../../test/support/configured-week.ts';
import { configuredTarget } from '../targets/configured-target.ts';
import { referenceTarget } from '../targets/reference-target.ts';
import { aliasedTarget } from './aliased-target.ts';

const NAMES = [
  { name: 'baseline', variant: 'before' },
  { name: 'optimised', variant: 'after' },
];

test('variants go by the names of the week, and what is asked of one is asked of the variant it stands for', async () => {
  const { signal } = new AbortController();
  const asked: string[] = [];
  const target = aliasedTarget(
    {
      ...configuredTarget(await weekService()),
      identityOf: async (variant) => {
        asked.push(variant);
        return { name: 'any', configDigest: null, sourceCommit: null };
      },
      deafTo: (variant) => `deaf to ${variant}`,
    },
    NAMES,
  );
  await target.identityOf('optimised', signal);
  assert.deepEqual(asked, ['after']);
  assert.equal(target.deafTo('baseline'), 'deaf to before');
  assert.deepEqual(target.variants, ['baseline', 'optimised']);
  assert.equal(target.variantName('baseline'), 'baseline');
  assert.throws(
    () => target.variantName('before'),
    /--variant: expected one of baseline, optimised; got 'before'/,
  );
});

test('every member of a target that takes a variant is given the one it stands for', () => {
  const target = referenceTarget();
  const aliased = aliasedTarget(target, NAMES);
  // Those that take no variant are the target's own.
  const own = ['name', 'scenarios', 'expectedOffers', 'waitsForDatabase', 'openDispatcher', 'readAnswers'];
  const more = [
    'readOutcome',
    'scales',
    'dispatchesAgain',
    'driversOf',
    'openLists',
    'doEverything',
    'trafficOf',
  ];
  const kept = Object.keys(target).filter(
    (member) => aliased[member as keyof typeof aliased] === target[member as keyof typeof target],
  );
  assert.deepEqual(kept.sort(), [...own, ...more].sort());
});
