import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { CommandConfig, ServiceConfig, VariantConfig } from '../../harness/config/rushhour-config.ts';
import { HarnessError } from '../../harness/errors.ts';
import { findOnPath } from '../../harness/machine/executable-path.ts';
import { readProcess } from '../../harness/machine/process-identity.ts';
import { startConfiguredService } from '../../harness/targets/configured-service.ts';
import type { RunningService, StartRequest } from '../../harness/targets/target.ts';
import { eventually, scratchFolder } from '../support/command.ts';
import { configOf, ODD_SERVICES, oddService, PASSWORD, startRequest } from '../support/odd-services.ts';
import { startedWith } from '../support/started-processes.ts';

const CACHE = process.env.RUSHHOUR_CACHE ?? '';
const skip = process.platform === 'linux' ? false : 'processes are told by /proc';
const python = (await findOnPath('python3', process.env))[0];

interface Part {
  readonly variant?: Partial<VariantConfig>;
  readonly service?: Partial<ServiceConfig>;
  readonly request?: Partial<StartRequest>;
  readonly stopGraceMs?: number;
}

/** Brings a service up; it is stopped after the test, which fails when anything of it is left. */
async function bringUp(t: TestContext, start: CommandConfig, part: Part = {}): Promise<RunningService> {
  const loaded = configOf({
    variants: { odd: { start, ...part.variant } },
    ...(part.service ? { service: part.service } : {}),
  });
  const service = await startConfiguredService(loaded, startRequest(part.request), {
    stopGraceMs: part.stopGraceMs ?? 15_000,
  });
  t.after(() => service.stop());
  return service;
}

/** The error of a service that does not come up. Nothing of it may be left. */
async function failsToStart(start: CommandConfig, part: Part = {}): Promise<HarnessError> {
  const before = startedPids();
  const loaded = configOf({
    variants: { odd: { start, ...part.variant } },
    ...(part.service ? { service: part.service } : {}),
  });
  const error = await startConfiguredService(loaded, startRequest(part.request), {
    stopGraceMs: 15_000,
  }).then(
    (service) => service.stop().then(() => assert.fail('it came up')),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof HarnessError, String(error));
  assert.deepEqual(startedPids(), before);
  return error;
}

/** Pids of what this process has started and not yet seen end. */
function startedPids(): number[] {
  return startedWith(CACHE, process.pid).map((note) => note.process.pid);
}

/** One that has ended and was not yet waited for by whoever adopted it does not run. */
const isRunning = (pid: number) => readProcess(pid) !== null;

interface Self {
  readonly pid: number;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
}

async function self(service: RunningService): Promise<Self> {
  return (await (await fetch(`${service.baseUrl}/self`)).json()) as Self;
}

test('a service comes up with its database in the environment, in its folder, and is gone when it is stopped', {
  skip,
}, async (t) => {
  const service = await bringUp(
    t,
    oddService('plain', {
      folder: '..',
      environment: {
        URL: '{databaseUrl}',
        WHO: '{databaseUser}/{databaseName}/{variant}',
        PORT: '{port}',
        SIGN: '{secret}',
      },
    }),
    { request: { secret: 'x'.repeat(32) } },
  );
  const { pid, environment, folder } = await self(service);
  assert.deepEqual(service.pids, [pid]);
  assert.equal(environment.URL, startRequest().databaseUrl);
  assert.equal(environment.WHO, 'app/rushhour_run_odd/odd');
  assert.equal(environment.SIGN, 'x'.repeat(32));
  assert.equal(environment.DATABASE_URL, undefined); // it was asked for under another name
  assert.equal(folder, path.dirname(ODD_SERVICES));
  assert.deepEqual(
    startedWith(CACHE, process.pid).map((note) => note.process.pid),
    [pid],
  );
  assert.equal(service.failure?.(), null);
  await service.stop();
  assert.equal(isRunning(pid), false);
  assert.deepEqual(startedWith(CACHE, process.pid), []);
});

test('nothing of the harness environment that names a database reaches the service', { skip }, async (t) => {
  const forgotten = {
    DATABASE_URL: 'postgres://prod/shop',
    PGHOST: 'prod',
    PGPASSWORD: 'p',
    PGSERVICE: 'prod',
    REPLICA: 'postgresql://prod/shop',
  };
  Object.assign(process.env, forgotten);
  t.after(() => {
    for (const name of Object.keys(forgotten)) delete process.env[name];
  });
  const { environment } = await self(await bringUp(t, oddService('plain')));
  assert.equal(environment.DATABASE_URL, startRequest().databaseUrl);
  assert.deepEqual(
    Object.keys(environment).filter((name) => /^PG|REPLICA/.test(name)),
    [],
  );
  assert.doesNotMatch(JSON.stringify(environment), /prod\/shop|"prod"/);
});

test('no argument of the service holds a password, and a config that would put it there is refused', {
  skip,
}, async (t) => {
  const service = await bringUp(
    t,
    oddService('plain', { command: [...oddService('plain').command, '--db', '{databaseName}'] }),
  );
  const [pid] = service.pids;
  const argv = await readFile(`/proc/${pid}/cmdline`, 'utf8');
  assert.match(argv, /--db\0rushhour_run_odd/);
  assert.doesNotMatch(argv, new RegExp(PASSWORD));
  for (const placeholder of ['{databaseUrl}', '{databasePassword}', '{secret}']) {
    const error = await failsToStart(oddService('plain', { command: ['node', placeholder] }), {}).catch(
      (thrown: Error) => thrown,
    );
    assert.match(error.message, /^variants\.odd\.start\.command\[1\]: \{\w+\} is a secret/);
  }
});

test('an environment that names a database of its own is refused', async () => {
  const error = await failsToStart(
    oddService('plain', { environment: { DATABASE_URL: 'postgres://prod/shop' } }),
  );
  assert.equal(error.code, 'BAD_CONFIG');
  assert.match(error.message, /^variants\.odd\.start\.environment\.DATABASE_URL: expected \{databaseUrl\}/);
  assert.doesNotMatch(error.message, /prod/);
});

test('a service that dies at its start is told with its exit code and last words, without the password', async () => {
  const error = await failsToStart(oddService('dies at start'));
  assert.equal(error.code, 'SERVICE_START_FAILED');
  assert.match(
    error.message,
    /"odd" ended with exit code 3 before it answered at http:\/\/127\.0\.0\.1:\d+\./,
  );
  assert.match(error.message, /cannot connect with \*\*\*$/);
});

test('a service that never answers is told by the path, the time and what it printed', async () => {
  const service = { startTimeoutSeconds: 5 };
  const error = await failsToStart(oddService('never answers', { environment: { PORT: '{port}' } }), {
    service,
  });
  assert.match(
    error.message,
    /did not answer at http:\/\/127\.0\.0\.1:\d+\/health within 5 s \(ECONNREFUSED\)\. Its last lines:\nthinking$/,
  );
  const deaf = await failsToStart(oddService('never answers'), { service });
  assert.match(deaf.message, /Nothing in its command asks for \{port\}/);
});

for (const [mode, status, hint] of [
  ['answers 500', 500, /schema/],
  ['answers 404', 404, /service\.health is another path/],
  ['redirects to its login', 302, /redirects/],
] as const) {
  test(`a service that ${mode} is not taken for healthy, and the status is told`, async () => {
    const error = await failsToStart(oddService(mode), { service: { startTimeoutSeconds: 5 } });
    assert.match(error.message, new RegExp(`/health gave ${status} within 5 s, expected 2xx`));
    assert.match(error.hint ?? '', hint);
  });
}

test('a program or a folder that is not there is told by its name', async () => {
  const missing = await failsToStart({ command: ['no-such-program', 'serve'] });
  assert.match(
    missing.message,
    /^variants\.odd\.start: expected a program "no-such-program" on PATH \(.*\), found none\.$/,
  );
  const file = await failsToStart({ command: ['./run.sh'] });
  assert.match(file.message, /expected a program "\.\/run\.sh" at .*odd-services\/run\.sh, found none/);
  const folder = await failsToStart(oddService('plain', { folder: 'nowhere' }));
  assert.match(
    folder.message,
    /^variants\.odd\.start: expected a folder at .*odd-services\/nowhere, got none\.$/,
  );
});

test('a service that loses its port is started again on another, and one with a fixed port is told why', async (t) => {
  const flag = path.join(await scratchFolder(t), 'flag');
  const start = oddService('loses its port once', {
    environment: { PORT: '{port}', HOST: '{host}', FLAG: flag },
  });
  const service = await bringUp(t, start);
  const lost = await readFile(flag, 'utf8');
  assert.notEqual(new URL(service.baseUrl).port, lost);
  await service.stop();

  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  t.after(() => holder.close());
  const taken = (holder.address() as { port: number }).port;
  const error = await failsToStart(
    oddService('plain', { environment: { PORT: String(taken), AT: '{port}' } }),
  );
  assert.match(error.message, /EADDRINUSE/);
  assert.match(error.hint ?? '', /It has to listen at \{port\}/);
});

test('a service that ignores SIGTERM is killed, and that is told', { skip }, async (t) => {
  const oddities: string[] = [];
  const service = await bringUp(t, oddService('ignores SIGTERM'), {
    stopGraceMs: 200,
    request: { onOddity: (sentence) => oddities.push(sentence) },
  });
  const [pid = 0] = service.pids;
  await service.stop();
  assert.equal(isRunning(pid), false);
  assert.deepEqual(oddities, ['variants.odd.start did not end within 0.2 s of SIGTERM and was killed.']);
});

test('children that ignore SIGTERM end with the service, also those that have left its process group', {
  skip,
}, async (t) => {
  let listening = 0; // by then it ignores the signal
  const onMessage = (line: string) => {
    if (line === 'listening') listening++;
  };
  const service = await bringUp(t, oddService('leaves children behind'), {
    stopGraceMs: 200,
    request: { onMessage },
  });
  assert.ok(await eventually(async () => listening === 3));
  const pids = [...service.pids];
  assert.equal(pids.length, 3);
  await service.stop();
  assert.deepEqual(pids.filter(isRunning), []);
});

test('a child that its supervisor starts anew is among the pids, and what was measured meanwhile does not count', {
  skip,
}, async (t) => {
  const service = await bringUp(t, oddService('starts its child anew'));
  const { pid } = await self(service);
  assert.equal(service.pids.length, 2);
  assert.equal(service.failure?.(), null);
  process.kill(pid, 'SIGKILL');
  const isBack = async () => (await fetch(`${service.baseUrl}/health`).catch(() => null))?.ok ?? false;
  assert.ok(await eventually(async () => !isRunning(pid) && (await isBack())));
  const again = await self(service);
  assert.notEqual(again.pid, pid);
  assert.ok(service.pids.includes(again.pid));
  const failure = service.failure?.();
  assert.equal(failure?.code, 'SERVICE_ENDED');
  assert.match(
    failure?.message ?? '',
    new RegExp(
      `started anew while it was measured: the process\\(es\\) that served it \\(pid ${pid}\\) have ended`,
    ),
  );
});

test('a forking master whose only worker was replaced has been started anew', {
  skip: skip || (python ? false : 'no python3'),
}, async (t) => {
  const start = { command: [python ?? '', 'forking_service.py'] };
  const service = await bringUp(t, start);
  const worker = Number(await (await fetch(`${service.baseUrl}/`)).text());
  assert.equal(service.pids.length, 2);
  assert.notEqual(service.pids[0], worker);
  assert.equal(service.failure?.(), null);
  process.kill(worker, 'SIGKILL');
  assert.ok(await eventually(async () => !isRunning(worker)));
  assert.match(service.failure?.()?.message ?? '', /started anew/);
});

test('a service that puts itself into the background is told to stay, and is ended', { skip }, async () => {
  const error = await failsToStart(oddService('goes into the background'));
  assert.match(
    error.message,
    /put itself into the background: its command ended with exit code 0 and left 1 process\(es\) behind/,
  );
  assert.match(error.hint ?? '', /Run it in the foreground/);
});

test('a service that has taken another name is noted under that name, so that a later start would know it', {
  skip,
}, async (t) => {
  await bringUp(t, oddService('renames itself'));
  assert.deepEqual(
    startedWith(CACHE, process.pid).map((note) => note.process.command.slice(0, 15)),
    ['renamed-service'],
  );
});

test('workers run beside the service and end with it; one that ends before is told with its last words', {
  skip,
}, async (t) => {
  const flag = path.join(await scratchFolder(t), 'flag');
  const worker = oddService('works until told', { environment: { FLAG: flag } });
  const service = await bringUp(t, oddService('plain'), {
    variant: { workers: [oddService('works'), worker] },
  });
  const pids = [...service.pids];
  assert.equal(pids.length, 3);
  assert.equal(service.failure?.(), null);
  await writeFile(flag, '');
  assert.ok(await eventually(async () => service.failure?.() !== null));
  assert.match(
    service.failure?.()?.message ?? '',
    /^variants\.odd\.workers\[1\] ended with exit code 7 while variant "odd" was measured\./,
  );
  await service.stop();
  assert.deepEqual(pids.filter(isRunning), []);
});

test('a worker that is not there keeps the variant from coming up, and the service does not stay', {
  skip,
}, async () => {
  const error = await failsToStart(oddService('plain'), {
    variant: { workers: [{ command: ['no-such-worker'] }] },
  });
  assert.match(error.message, /^variants\.odd\.workers\[0\]: expected a program "no-such-worker"/);
});

test('an interruption while it comes up ends it', { skip }, async () => {
  const stop = new AbortController();
  const reason = new HarnessError('INTERRUPTED', 'Interrupted.');
  const error = await failsToStart(oddService('never answers'), {
    request: { signal: stop.signal, onMessage: () => stop.abort(reason) },
  });
  assert.equal(error, reason);
});

test('what a first request builds is asked for before the service is handed over', async (t) => {
  const warmUp = [{ path: '/nothing' }]; // 404 is an answer, and what it needed is built
  const service = await bringUp(t, oddService('plain'), { service: { warmUp } });
  assert.equal(service.failure?.(), null);
  const error = await failsToStart(oddService('plain'), { service: { warmUp: [{ path: '/broken' }] } });
  assert.match(error.message, /is up, but GET \/broken gives 500: nothing here \(asked 40 times\)/);
});
