import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { type K6ProcessRequest, runK6Process } from './k6-process.ts';

/** Node in the place of k6: what a process does with signals can be told exactly. */
async function withProgram(
  script: string,
  work: (request: K6ProcessRequest, stop: AbortController) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rushhour-process-'));
  const stop = new AbortController();
  const logFile = path.join(folder, 'log');
  const { signal } = stop;
  const env = { PATH: process.env.PATH };
  try {
    await work({ path: process.execPath, args: ['-e', script], env, folder, logFile, signal }, stop);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Ends when the program has written its first line to the log. */
async function untilLogged(logFile: string): Promise<string> {
  for (;;) {
    const text = await readFile(logFile, 'utf8').catch(() => '');
    if (text.endsWith('\n')) return text.trim();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const STUBBORN = "process.on('SIGINT', () => {}); setInterval(() => {}, 1e6); console.error('ready');";
const ONCE = `
  let interrupts = 0;
  setInterval(() => {}, 1e6);
  process.on('SIGINT', () => { interrupts += 1; setTimeout(() => process.exit(interrupts), 100); });
  console.error('ready');`;

test('a process that ends by itself gives its exit code, and its messages are in the log', async () => {
  await withProgram("console.error('said'); process.exit(7);", async (request) => {
    const end = await runK6Process(request);
    assert.deepEqual(
      { ...end, cpuMs: null },
      { exitCode: 7, signal: null, stoppedByUs: false, killed: false, cpuMs: null },
    );
    assert.equal(await readFile(request.logFile, 'utf8'), 'said\n');
  });
});

test('an abort sends one SIGINT, since a second one makes k6 leave without results', async () => {
  await withProgram(ONCE, async (request, stop) => {
    const running = runK6Process(request);
    await untilLogged(request.logFile);
    stop.abort();
    const { exitCode, stoppedByUs, killed } = await running;
    assert.deepEqual([exitCode, stoppedByUs, killed], [1, true, false]);
  });
});

test('a process that does not stop is killed when its time is up', async () => {
  await withProgram(STUBBORN, async (request, stop) => {
    const running = runK6Process({ ...request, stopLimitMs: 50 });
    await untilLogged(request.logFile);
    stop.abort();
    const { signal, stoppedByUs, killed } = await running;
    assert.deepEqual([signal, stoppedByUs, killed], ['SIGKILL', true, true]);
  });
});

test('a program that is not there is an error with its path', async () => {
  await withProgram('', async (request) => {
    const missing = { ...request, path: path.join(request.folder, 'no-such-k6') };
    await assert.rejects(runK6Process(missing), /could not be started: .*no-such-k6: ENOENT/);
  });
});

test('nothing of the environment is passed on but what is given', async () => {
  const script = 'console.error(Object.keys(process.env).filter((name) => !name.startsWith("__")).join());';
  await withProgram(script, async (request) => {
    await runK6Process({ ...request, env: { ONLY: '1' } });
    assert.equal(await readFile(request.logFile, 'utf8'), 'ONLY\n');
  });
});

test('a harness that ends takes the process with it', async () => {
  await withProgram('', async ({ folder, logFile }) => {
    const module = new URL('./k6-process.ts', import.meta.url).href;
    const request = {
      path: process.execPath,
      args: ['-e', `${STUBBORN} console.error(process.pid)`],
      folder,
      logFile,
    };
    const script = `
      import { existsSync, readFileSync } from 'node:fs';
      const { runK6Process } = await import(${JSON.stringify(module)});
      const { signal } = new AbortController();
      void runK6Process({ ...${JSON.stringify(request)}, env: {}, signal });
      setInterval(() => {
        const said = existsSync(${JSON.stringify(logFile)}) ? readFileSync(${JSON.stringify(logFile)}, 'utf8') : '';
        if (/^ready\\n\\d+\\n$/.test(said)) process.exit(0);
      }, 10);`;
    const options = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script];
    const harness = spawn(process.execPath, options, { stdio: 'ignore' });
    assert.deepEqual(await once(harness, 'exit'), [0, null]);
    const pid = Number((await readFile(logFile, 'utf8')).split('\n')[1]);
    await untilGone(pid);
  });
});

/** Ends when the process is gone; one that lives on lets the test run into its time limit. */
async function untilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    // Its parent is gone, so nobody may have collected it: a zombie has ended as well.
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (/\) Z /.test(stat)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
