import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { withinLimit } from './within-limit.ts';

const forEver = (signal: AbortSignal) => wait(3_600_000, undefined, { signal });
const never = new AbortController().signal;

test('a piece of work that takes too long is given up, and said to be', async () => {
  assert.equal(await withinLimit(never, 5, forEver), 'limit');
  const second = withinLimit(never, 5, async (signal, begin) => {
    begin();
    await forEver(signal);
  });
  assert.equal(await second, 'limit');
});

test('what ends in time is given back, and what fails is thrown', async () => {
  assert.equal(await withinLimit(never, 60_000, async () => 7), 7);
  const broken = withinLimit(never, 60_000, async () => Promise.reject(new Error('broken')));
  await assert.rejects(broken, /broken/);
});

test('an interruption from outside is no limit', async () => {
  const outside = new AbortController();
  const work = withinLimit(outside.signal, 60_000, forEver);
  outside.abort(new Error('Ctrl-C'));
  await assert.rejects(work, (error: Error) => error.name === 'AbortError');
});
