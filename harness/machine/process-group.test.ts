import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProcess } from './process-group.ts';

const run = (
  script: string,
  options: { timeLimitMs?: number; signal?: AbortSignal; onLine?(line: string): void } = {},
) =>
  runProcess({
    file: process.execPath,
    args: ['-e', script],
    env: process.env,
    timeLimitMs: 60_000,
    ...options,
  });

test('an ended program gives its exit code and both outputs, stdout also apart', async () => {
  const outcome = await run('console.log("out"); console.error("err"); process.exitCode = 3');
  assert.equal(outcome.end, 'exited');
  assert.equal(outcome.exitCode, 3);
  assert.deepEqual(outcome.output.split('\n').sort(), ['err', 'out']);
  assert.equal(outcome.stdout, 'out');
});

test('lines are told as they come', async () => {
  const lines: string[] = [];
  await run('console.log("first"); console.error("second")', { onLine: (line) => lines.push(line) });
  assert.deepEqual(lines.sort(), ['first', 'second']);
});

test('only the given environment is passed on', async () => {
  const outcome = await runProcess({
    file: process.execPath,
    args: ['-e', 'console.log(process.env.HOME, process.env.ONLY)'],
    env: { ONLY: 'this' },
    timeLimitMs: 60_000,
  });
  assert.equal(outcome.output, 'undefined this');
});

test('the time limit ends a program together with a child that holds its output open', async () => {
  // Without the group, the child would keep the pipe, and so the wait, for ten minutes.
  const outcome = await run(
    `require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600_000)'], { stdio: 'inherit' });`,
    { timeLimitMs: 500 },
  );
  assert.equal(outcome.end, 'time-limit');
  assert.equal(outcome.reason, 'no end within 0.5 s');
});

test('an abort ends the program', async () => {
  const stop = new AbortController();
  const outcome = await run('console.log("up"); setTimeout(() => {}, 600_000)', {
    signal: stop.signal,
    onLine: () => stop.abort(),
  });
  assert.equal(outcome.end, 'aborted');
});

test('nothing is started after an abort', async () => {
  const outcome = await run('console.log("up")', { signal: AbortSignal.abort() });
  assert.equal(outcome.end, 'aborted');
  assert.equal(outcome.output, '');
});

test('a file that is not there is told by its code', async () => {
  const outcome = await runProcess({ file: '/nowhere/k6', args: [], env: {}, timeLimitMs: 60_000 });
  assert.equal(outcome.end, 'not-started');
  assert.equal(outcome.reason, 'ENOENT');
});
