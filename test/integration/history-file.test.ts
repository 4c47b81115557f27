import assert from 'node:assert/strict';
import { appendFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { execa } from 'execa';
import { HarnessError } from '../../harness/errors.ts';
import { appendNight, readHistory } from '../../harness/history/history-file.ts';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import { scratchFolder } from '../support/command.ts';
import { buildNight } from '../support/night-builders.ts';
import { mountSmallDisk, PAGE_BYTES } from '../support/small-disk.ts';

const idsOf = async (file: string) => (await readHistory(file)).nights.map(({ id }) => id);

describe('the history file', () => {
  test('without a file there is no night and no problem; the first night makes it and its folder', async (t) => {
    const file = path.join(await scratchFolder(t), 'nightly', 'history.ndjson');
    assert.deepEqual(await readHistory(file), { nights: [], problems: [] });
    await appendNight(file, buildNight(1));
    assert.deepEqual(await readHistory(file), { nights: [buildNight(1)], problems: [] });
  });

  test('a folder in its place is told as that', async (t) => {
    const folder = await scratchFolder(t);
    await assert.rejects(readHistory(folder), (error: unknown) => {
      assert.ok(error instanceof HarnessError);
      assert.equal(error.code, 'BAD_RESULT_FILE');
      assert.ok(error.message.startsWith(`${folder}: expected a history, got EISDIR`), error.message);
      return true;
    });
  });

  test('nights come oldest first whatever their order in the file, and reading changes nothing', async (t) => {
    const file = path.join(await scratchFolder(t), 'history.ndjson');
    for (const number of [3, 1, 2]) await appendNight(file, buildNight(number));
    await truncate(file, (await stat(file)).size - 40);
    const before = await readFile(file);
    assert.deepEqual(await idsOf(file), ['night-001', 'night-003']); // 2 was last and is cut
    assert.deepEqual(await readFile(file), before);
  });

  test('a night that is appended after a cut at any of many bytes is read, and nothing is taken away', async (t) => {
    const file = path.join(await scratchFolder(t), 'history.ndjson');
    const line = Buffer.from(JSON.stringify(buildNight(2)));
    const first = `${JSON.stringify(buildNight(1))}\n`;
    for (let cut = 0; cut < line.length; cut += 61) {
      await writeFile(file, first);
      await appendFile(file, line.subarray(0, cut));
      const before = await readFile(file);
      await appendNight(file, buildNight(3));
      assert.deepEqual(await idsOf(file), ['night-001', 'night-003'], `cut after ${cut} bytes`);
      assert.deepEqual((await readFile(file)).subarray(0, before.length), before);
    }
  });

  test('four processes that append at once lose no night and mix no lines', async (t) => {
    const file = path.join(await scratchFolder(t), 'history.ndjson');
    const script = path.join(PROJECT_ROOT, 'test', 'support', 'append-nights.ts');
    await Promise.all(
      [0, 1, 2, 3].map((first) =>
        execa(process.execPath, ['--import', 'tsx', script, file, `${first * 25 + 1}`, '25'], {
          cwd: PROJECT_ROOT,
        }),
      ),
    );
    const { nights, problems } = await readHistory(file);
    assert.deepEqual(problems, []);
    assert.equal(nights.length, 100); // 4 × 25
    assert.equal((await readFile(file, 'utf8')).split('\n').length, 101); // and what follows the last line feed
  });

  test('a full disk takes nothing from the nights before, and the next night is whole', async (t) => {
    const disk = await mountSmallDisk(8 * PAGE_BYTES);
    if ('skip' in disk) return t.skip(disk.skip);
    t.after(() => disk.remove());
    const file = path.join(disk.folder, 'history.ndjson');
    await appendNight(file, buildNight(1));
    await appendNight(file, buildNight(2));
    const before = await readFile(file, 'utf8');
    await disk.fill();
    const large = buildNight(3, { headline: 'x'.repeat(PAGE_BYTES) });
    await assert.rejects(appendNight(file, large), /Cannot write .*history\.ndjson: ENOSPC/);
    assert.equal(await readFile(file, 'utf8'), before);
    await disk.free();
    await appendNight(file, large);
    assert.deepEqual(await idsOf(file), ['night-001', 'night-002', 'night-003']);
  });
});

describe('a history that two branches have appended to', () => {
  const git = (cwd: string, ...args: string[]) =>
    execa('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.org', ...args], {
      cwd,
      reject: false,
    });

  async function mergedHistory(t: TestContext, attributes: string | null) {
    const folder = await scratchFolder(t);
    const file = path.join(folder, 'history.ndjson');
    const commit = async (...numbers: number[]) => {
      for (const number of numbers) await appendNight(file, buildNight(number));
      await git(folder, 'add', '.');
      await git(folder, 'commit', '-q', '-m', `nights ${numbers}`);
    };
    await git(folder, 'init', '-q', '-b', 'main');
    if (attributes !== null) await writeFile(path.join(folder, '.gitattributes'), attributes);
    await commit(1, 2);
    await git(folder, 'checkout', '-q', '-b', 'release');
    await commit(4, 6);
    await git(folder, 'checkout', '-q', 'main');
    await commit(3, 5);
    const merge = await git(folder, 'merge', '-q', '-m', 'merge', 'release');
    return { merge, ...(await readHistory(file)) };
  }

  const ALL = [1, 2, 3, 4, 5, 6].map((number) => buildNight(number));

  test('with merge=union git merges it without a conflict, and all nights are there', async (t) => {
    const { merge, nights, problems } = await mergedHistory(t, 'history.ndjson merge=union\n');
    assert.equal(merge.exitCode, 0, merge.stdout);
    assert.deepEqual([nights, problems], [ALL, []]);
  });

  test('without it the conflict that git leaves in the file is told, and all nights are there', async (t) => {
    const { merge, nights, problems } = await mergedHistory(t, null);
    assert.equal(merge.exitCode, 1, merge.stdout);
    assert.deepEqual(nights, ALL);
    assert.deepEqual(
      problems.map(({ kind }) => kind),
      ['conflict', 'conflict', 'conflict'],
    ); // <<<<<<< ======= >>>>>>>
  });
});
