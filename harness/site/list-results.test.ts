import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { buildRun } from '../../test/support/run-builders.ts';
import { RUN_FILE, writeRun } from '../store/result-folder.ts';
import { listResults } from './list-results.ts';
import { DATA_FOLDER } from './page-shell.ts';

const idOf = (n: number) =>
  `20261126-1200${String(n).padStart(2, '0')}-run-smoke-${String(n).padStart(4, '0')}`;

async function resultsFolder(t: TestContext): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'rushhour-list-'));
  t.after(() => rm(root, { recursive: true }));
  await mkdir(path.join(root, DATA_FOLDER), { recursive: true });
  return root;
}

async function keepRuns(root: string, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n++) {
    await mkdir(path.join(root, idOf(n)));
    await writeRun(path.join(root, idOf(n)), buildRun());
  }
}

/** What a list for one result says, and which results it has read for it. */
async function listedFor(root: string, about?: string) {
  const read: string[] = [];
  const onRead = async ({ id }: { readonly id: string }) => void read.push(id);
  const { listed, unread } = await listResults(root, { about, onRead });
  return { listed: listed.length, unread, read: read.length };
}

test('for one result, more than twenty others that nobody has read are left to the list of all', async (t) => {
  const root = await resultsFolder(t);
  await keepRuns(root, 0, 22);
  assert.deepEqual(await listedFor(root, idOf(3)), { listed: 1, unread: 21, read: 1 });
  assert.deepEqual(await listedFor(root), { listed: 22, unread: 0, read: 21 });
  await keepRuns(root, 22, 24);
  assert.deepEqual(await listedFor(root, idOf(22)), { listed: 24, unread: 0, read: 2 });
});

test('what has changed stays listed as it was until all are read', async (t) => {
  const root = await resultsFolder(t);
  await keepRuns(root, 0, 22);
  await listedFor(root);
  for (let n = 0; n < 22; n++) await utimes(path.join(root, idOf(n), RUN_FILE), 0, n + 1);
  assert.deepEqual(await listedFor(root, idOf(3)), { listed: 22, unread: 21, read: 1 });
  assert.deepEqual(await listedFor(root, idOf(3)), { listed: 22, unread: 21, read: 0 });
  assert.deepEqual(await listedFor(root), { listed: 22, unread: 0, read: 21 });
});

test('results that cannot be read are looked at again in the list of all, and hold up no list for one', async (t) => {
  const root = await resultsFolder(t);
  await keepRuns(root, 0, 1);
  for (let n = 1; n < 30; n++) await mkdir(path.join(root, idOf(n)));
  assert.deepEqual(await listedFor(root), { listed: 30, unread: 0, read: 1 });
  assert.deepEqual(await listedFor(root, idOf(0)), { listed: 30, unread: 0, read: 0 });
});
