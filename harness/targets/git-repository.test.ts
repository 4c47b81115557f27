import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearNames } from './git-repository.ts';

test('names that differ by a letter, or hold what was asked for, come first', () => {
  const names = ['origin/main', 'main', 'v1.0', 'v1.1', 'feature/bulk-apply', 'zebra', 'yak'];
  assert.equal(nearNames('mian', names)[0], 'main'); // two letters; origin/main as well, which is later in the alphabet
  assert.equal(nearNames('bulk-apply', names)[0], 'feature/bulk-apply');
  assert.deepEqual(nearNames('v1.2', names).slice(0, 2), ['v1.0', 'v1.1']);
  assert.equal(nearNames('v1.2', names).length, 5);
  assert.deepEqual(nearNames('main', []), []);
});
