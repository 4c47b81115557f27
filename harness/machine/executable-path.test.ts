import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { findOnPath, programFile } from './executable-path.ts';

async function folderWith(t: { after(fn: () => Promise<void>): void }, files: Record<string, number>) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'rushhour-path-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [name, mode] of Object.entries(files)) {
    const file = path.join(folder, programFile(name));
    await writeFile(file, '');
    await chmod(file, mode);
  }
  return folder;
}

test('programs are found in the order of PATH, each folder once', async (t) => {
  const first = await folderWith(t, { tool: 0o755 });
  const second = await folderWith(t, { tool: 0o755 });
  const found = await findOnPath('tool', { PATH: [second, first, second].join(path.delimiter) });
  assert.deepEqual(found, [path.join(second, programFile('tool')), path.join(first, programFile('tool'))]);
});

test('folders and files that may not be run are passed over', async (t) => {
  const plain = await folderWith(t, { tool: 0o644 });
  const folder = await folderWith(t, {});
  await mkdir(path.join(folder, programFile('tool')));
  assert.deepEqual(await findOnPath('tool', { PATH: [plain, folder].join(path.delimiter) }), []);
});

test('the working folder is never searched, and no PATH finds nothing', async (t) => {
  const folder = await folderWith(t, { tool: 0o755 });
  const relative = path.relative(process.cwd(), folder);
  assert.deepEqual(await findOnPath('tool', { PATH: ['', '.', relative].join(path.delimiter) }), []);
  assert.deepEqual(await findOnPath('tool', {}), []);
});

test('the variable is also found when it is written Path, as on Windows', async (t) => {
  const folder = await folderWith(t, { tool: 0o755 });
  assert.equal((await findOnPath('tool', { Path: folder })).length, 1);
});
