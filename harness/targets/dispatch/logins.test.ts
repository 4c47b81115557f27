import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitBeforeLogin } from './logins.ts';

test('a login waits until the one so many before it is a minute old', () => {
  assert.equal(waitBeforeLogin([0, 10_000], 20_000, undefined), 0);
  assert.equal(waitBeforeLogin([0, 10_000], 20_000, 3), 0);
  assert.equal(waitBeforeLogin([0, 10_000], 20_000, 2), 40_000); // the first is a minute old at 60 s
  assert.equal(waitBeforeLogin([0, 10_000, 20_000], 25_000, 2), 45_000); // here it is the second
  assert.equal(waitBeforeLogin([0, 10_000], 70_000, 2), 0);
});
