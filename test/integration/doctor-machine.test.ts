import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { runChecks } from '../../harness/doctor/check.ts';
import { doctorChecks } from '../../harness/doctor/checks.ts';
import { thisMachine } from '../../harness/doctor/machine.ts';
import { cachedK6Path } from '../../harness/load-generators/k6-binary.ts';
import {
  packRelease,
  pathWith,
  scratchFolder,
  serveRelease,
  UNPACKERS,
  writeScript,
} from './k6-install-stand-ins.ts';

test('a port that somebody listens on is taken, and free again afterwards', async (t) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  assert.equal(await thisMachine().isPortFree(port), false);
  await new Promise((resolve) => server.close(resolve));
  assert.equal(await thisMachine().isPortFree(port), true);
});

test('a folder is tried by writing, also when it does not exist yet, and nothing stays behind', async (t) => {
  const folder = await scratchFolder(t);
  await thisMachine().tryWriting(path.join(folder, 'results', 'of', 'today'));
  await thisMachine().tryWriting(folder);
  assert.deepEqual(await readdir(folder), []);
  await writeFile(path.join(folder, 'file'), '');
  await assert.rejects(thisMachine().tryWriting(path.join(folder, 'file')));
});

test('free space is that of the disk which would hold the folder', async (t) => {
  const folder = await scratchFolder(t);
  assert.ok((await thisMachine().freeBytes(path.join(folder, 'not', 'yet'))) > 0);
});

test('this machine runs Node and has PostgreSQL and autocannon installed', async () => {
  const machine = thisMachine();
  assert.equal(`v${machine.nodeVersion()}`, process.version);
  assert.match((await machine.postgresPackage()).version ?? '', /^18\./);
  assert.match(machine.autocannonVersion() ?? '', /^9\./);
  assert.ok(machine.cores() >= 1);
  assert.ok(machine.memoryBytes() > 0);
});

test('Go is told by the version it prints, and no Go by null', async (t) => {
  const bin = path.join(await scratchFolder(t), 'bin');
  await writeScript(path.join(bin, 'go'), 'echo "go version go1.26.8 linux/amd64"');
  assert.equal(await thisMachine({ PATH: bin }).goVersion(), 'go1.26.8');
  assert.equal(await thisMachine({ PATH: '' }).goVersion(), null);
});

test('doctor reports a missing k6, installs it on request, and finds it the next time', async (t) => {
  const folder = await scratchFolder(t);
  const release = await packRelease(folder);
  const server = await serveRelease(t, release);
  const cacheFolder = path.join(folder, 'cache');
  await mkdir(cacheFolder);
  const machine = thisMachine({
    PATH: await pathWith(folder, UNPACKERS),
    RUSHHOUR_CACHE: cacheFolder,
    RUSHHOUR_K6_DOWNLOAD_URL: server.url,
  });
  const checks = doctorChecks(machine, { cacheFolder, resultsFolder: path.join(folder, 'results') });
  const k6Line = async (fix: boolean) =>
    (await runChecks(checks, { fix })).find((line) => line.name === 'k6');
  assert.equal((await k6Line(false))?.status, 'warning');
  const fixed = await k6Line(true);
  assert.equal(fixed?.detail, `1.8.1 at ${cachedK6Path(cacheFolder)} (cache)`);
  assert.equal(fixed?.fixTried, true);
  assert.deepEqual([(await k6Line(true))?.status, (await k6Line(true))?.fixTried], ['ok', false]);
});
