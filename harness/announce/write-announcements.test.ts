import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { FINE, nightOf, nightScenario } from '../../test/support/announced-nights.ts';
import { scratchFolder } from '../../test/support/command.ts';
import { rememberSecret } from '../secrets.ts';
import { SUMMARY_BYTES } from './night-markdown.ts';
import { writeAnnouncements } from './write-announcements.ts';

test('the four files are written into a folder that was not there, and only GitHub gets a summary', async (t) => {
  const folder = path.join(await scratchFolder(t), 'made', 'here');
  const { annotations } = await writeAnnouncements(nightOf([nightScenario()]), folder, { environment: {} });
  assert.deepEqual((await readdir(folder)).sort(), [
    'badge.json',
    'gl-code-quality.json',
    'nightly.junit.xml',
    'nightly.md',
  ]);
  assert.match(annotations[0] ?? '', /^ERROR planner smoke: regressed/);
});

test('the summary is added to what is there already, and both together are not longer than GitHub shows', async (t) => {
  const folder = await scratchFolder(t);
  const summary = path.join(folder, 'summary.md');
  const before = 'x'.repeat(SUMMARY_BYTES - 3000); // what is left is enough for the verdict, and not for all of 40 scenarios
  await writeFile(summary, before);
  const scenarios = Array.from({ length: 40 }, () => FINE);
  const environment = { GITHUB_STEP_SUMMARY: summary, GITHUB_ACTIONS: 'true' };
  await writeAnnouncements(nightOf(scenarios), folder, { environment });
  const text = await readFile(summary, 'utf8');
  assert.ok(text.startsWith(`${before}\n**= FINE**`));
  assert.match(text, /Left out because/);
  assert.ok(Buffer.byteLength(text) <= SUMMARY_BYTES);
});

test('a secret in a text of others is in no file and no annotation', async (t) => {
  const folder = await scratchFolder(t);
  t.after(rememberSecret('correct-horse-battery'));
  const failed = nightScenario({ verdict: 'failed', failure: 'refused: correct-horse-battery' });
  const summary = path.join(folder, 'summary.md');
  const environment = { GITHUB_STEP_SUMMARY: summary };
  const { annotations } = await writeAnnouncements(nightOf([failed]), folder, { environment });
  const texts = await Promise.all(
    (await readdir(folder)).map((name) => readFile(path.join(folder, name), 'utf8')),
  );
  assert.equal(texts.length, 5);
  for (const text of [...texts, ...annotations]) assert.doesNotMatch(text, /correct-horse/);
  assert.match(annotations.join(), /refused: \[secret\]/);
});
