import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addedSwitches, ladderPairs } from './ladder-steps.ts';

test('of a whole ladder every step that turns on one switch is compared, and the first with the last', () => {
  const all = [
    ...['baseline', 'indexes', 'bulk-apply', 'eager-loading'],
    ...['indexes+bulk-apply', 'indexes+eager-loading', 'bulk-apply+eager-loading', 'optimised'],
  ];
  // 3 switches make a cube of 8 corners and 12 edges; its long diagonal is the whole week.
  assert.equal(ladderPairs(all).length, 12 + 1);
  assert.deepEqual(ladderPairs(all).at(-1), { from: 'baseline', to: 'optimised' });
});

test('two variants are one comparison', () => {
  assert.deepEqual(ladderPairs(['baseline', 'indexes']), [{ from: 'baseline', to: 'indexes' }]);
});

test('a switch that goes off is no step up', () => {
  assert.deepEqual(addedSwitches('indexes', 'bulk-apply'), []);
  assert.deepEqual(addedSwitches('indexes', 'optimised'), ['bulk-apply', 'eager-loading']);
});
