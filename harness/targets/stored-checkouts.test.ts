import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { lock } from 'proper-lockfile';
import { findCheckouts } from './stored-checkouts.ts';

test('checkouts are found by their name, whole or not; whatever else is there belongs to somebody', async (t) => {
  const cache = await mkdtemp(path.join(tmpdir(), 'rushhour-checkouts-'));
  t.after(() => rm(cache, { recursive: true, force: true }));
  assert.deepEqual(await findCheckouts(cache), []);
  const place = (name: string) => path.join(cache, 'sources', name);
  const [whole, half, making] = ['a', 'b', 'c'].map((digit) => `${digit.repeat(12)}-${'0'.repeat(16)}`) as [
    string,
    string,
    string,
  ];
  for (const name of [whole, half, making, 'mine']) await mkdir(place(name), { recursive: true });
  await writeFile(path.join(place(whole), 'complete.json'), '{"commit":"aa","repository":"/home/me/shop"}');
  const release = await lock(place(making), { realpath: false });
  t.after(() => release());
  const found = await findCheckouts(cache);
  assert.deepEqual(
    found.map(({ what, inTheMaking }) => [what, inTheMaking]),
    [
      ['checkout of aaaaaaaaaaaa, /home/me/shop', false],
      ['checkout of bbbbbbbbbbbb, unfinished', false],
      ['checkout of cccccccccccc, in the making', true],
    ],
  );
});
