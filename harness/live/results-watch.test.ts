import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { SO_FAR_FILE } from '../store/experiment-folder.ts';
import { EVENTS_FILE, EXPERIMENT_FILE } from '../store/result-folder.ts';
import { LIVE_FILE } from './live-feed.ts';
import { watchResults } from './results-watch.ts';

test('a result has come when nothing tells of it any more, with a report or, as of a calibration, without', async (t) => {
  const root = await mkdtemp(path.join(tmpdir(), 'rushhour-watch-'));
  t.after(() => rm(root, { recursive: true }));
  const look = watchResults(root);
  const folder = path.join(root, '20261126-120000-calibrate-smoke-aaaa');
  const keep = (name: string, text = '{}') => writeFile(path.join(folder, name), text);
  await mkdir(folder);
  await keep(EVENTS_FILE, '');
  const before = await look();
  await keep(SO_FAR_FILE); // written after each pair
  assert.equal((await look()).mark, before.mark);
  await keep(LIVE_FILE, JSON.stringify({ pid: process.pid, step: 'pair 3 of 8', reading: null }));
  await keep(EXPERIMENT_FILE);
  const drawing = await look();
  assert.equal(drawing.mark, before.mark);
  assert.deepEqual(
    drawing.running.map(({ step, brokeOff }) => [step, brokeOff]),
    [['pair 3 of 8', false]],
  );
  await rm(path.join(folder, LIVE_FILE));
  const after = await look();
  assert.deepEqual(after.running, []);
  assert.notEqual(after.mark, before.mark);
});
