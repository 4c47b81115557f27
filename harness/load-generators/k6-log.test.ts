import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { digestK6Log } from './k6-log.ts';

const recorded = async (name: string) =>
  digestK6Log(
    (await readFile(new URL(`../../test/fixtures/k6/${name}/k6-log.jsonl`, import.meta.url), 'utf8')).split(
      '\n',
    ),
  );

test('the exceptions of a recorded run are counted by scenario, and the first is quoted without its stack', async () => {
  const { firstException, exceptionsByScenario, lastError } = await recorded('throwing-1.8.1');
  assert.equal(firstException, 'nothing works');
  assert.deepEqual(Object.fromEntries(exceptionsByScenario), { 'warm-up': 2, 'step-1': 12 });
  assert.equal(lastError, null);
});

test('failed requests and missing VUs are warnings, no errors', async () => {
  for (const name of ['faults-1.8.1', 'scarce-vus-1.8.1']) {
    const { firstException, lastError } = await recorded(name);
    assert.deepEqual([firstException, lastError], [null, null]);
  }
});

test('an exception outside an iteration is why the run broke off', async () => {
  const msg = 'Uncaught Error: Login of company 1 failed\n\tat openSessions (file:///s.ts:1:2(3))\n';
  const { lastError, firstException } = await digestK6Log([
    JSON.stringify({ level: 'error', msg, source: 'stacktrace' }),
  ]);
  assert.deepEqual([lastError, firstException], ['Login of company 1 failed', null]);
});

test('a line that is not JSON is the crash of k6 itself', async () => {
  const { lastError } = await digestK6Log(['fatal error: out of memory', '']);
  assert.equal(lastError, 'fatal error: out of memory');
});
