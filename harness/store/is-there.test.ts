import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { isThere } from './is-there.ts';

test('a file and a folder are there; what has no entry, or a file for a folder above it, is not', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'rushhour-is-there-'));
  try {
    const file = path.join(folder, 'pin.json');
    await writeFile(file, '');
    const asked = [folder, file, path.join(folder, 'other'), path.join(file, 'below')];
    assert.deepEqual(await Promise.all(asked.map(isThere)), [true, true, false, false]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
