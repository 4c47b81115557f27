import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { EXIT, HarnessError } from '../../harness/errors.ts';
import { findK6 } from '../../harness/load-generators/k6-binary.ts';
import { writeReport } from '../../harness/report/write-report.ts';
import { appendRecord } from '../../harness/store/durable-file.ts';
import { findResultFolder, readResult } from '../../harness/store/read-results.ts';
import {
  createResultFolder,
  EVENTS_FILE,
  RUN_FILE,
  recordEvent,
  writeRun,
} from '../../harness/store/result-folder.ts';
import { eventually, rushhour as runTool } from '../support/command.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';
import { finishedPairs } from '../support/experiment-events.ts';
import { buildRun } from '../support/run-builders.ts';
import { mountSmallDisk, PAGE_BYTES, type SmallDisk } from '../support/small-disk.ts';
import { pairsOf, SMALLEST_OPTIONS } from '../support/smallest-shape.ts';
import { startedWith } from '../support/started-processes.ts';

const k6 = await findK6();

/** A small disk for one test, or `null` when it was skipped. */
async function diskOf(t: TestContext, bytes: number): Promise<SmallDisk | null> {
  const disk = await mountSmallDisk(bytes);
  if ('skip' in disk) {
    t.skip(disk.skip);
    return null;
  }
  t.after(() => disk.remove());
  return disk;
}

function assertTold(error: unknown, place: string): void {
  assert.ok(error instanceof HarnessError, String(error));
  assert.equal(error.code, 'RESULT_WRITE_FAILED');
  assert.ok(error.message.includes(place), error.message);
  assert.match(error.message, /^Cannot write .*: ENOSPC/);
  assert.match(error.hint ?? '', /Check the free space.*--results DIR/);
}

/** That every file which says it is JSON is whole, and that nothing is left of a file that was being written. */
async function assertWholeFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    assert.doesNotMatch(name, /\.tmp$/);
    const text = /json$/.test(name) ? await readFile(path.join(folder, name), 'utf8') : '';
    const lines = name.endsWith('.ndjson') ? text.split('\n').filter(Boolean) : text === '' ? [] : [text];
    for (const line of lines) assert.doesNotThrow(() => JSON.parse(line), `${name} breaks off`);
  }
}

describe('a disk that is full at the Nth write', { timeout: 900_000 }, () => {
  test('of a result: what was written is whole, what was there before is as it was', async (t) => {
    const disk = await diskOf(t, 30 * PAGE_BYTES);
    if (!disk) return;
    const earlier = await createResultFolder(disk.folder, ['run', 'earlier']);
    const run = buildRun({}, { id: earlier.id });
    await writeRun(earlier.folder, run);
    const before = await readFile(path.join(earlier.folder, RUN_FILE), 'utf8');
    let failed = 0;
    for (let pages = 0; ; pages++) {
      assert.ok(pages < 20, 'it never had enough room');
      await disk.fill(pages);
      const folder = path.join(disk.folder, 'next');
      const error = await writeAll(folder, run).then(
        () => null,
        (reason: unknown) => reason,
      );
      await assertWholeFiles(disk.folder);
      assert.equal(await readFile(path.join(earlier.folder, RUN_FILE), 'utf8'), before);
      if (error === null) break;
      assertTold(error, disk.folder);
      failed += 1;
      await rm(folder, { recursive: true, force: true });
    }
    assert.ok(failed >= 3, `it failed at ${failed} places only`);
  });

  async function writeAll(folder: string, run: ReturnType<typeof buildRun>): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const name of ['started', 'probed', 'loaded'])
      await recordEvent(folder, name, { text: 'x'.repeat(3_000) });
    await writeRun(folder, run);
  }

  test('of a log of one line each takes back what went through of a line', async (t) => {
    const disk = await diskOf(t, 4 * PAGE_BYTES);
    if (!disk) return;
    for (const name of ['aa.ndjson', 'calibrations.ndjson']) {
      const file = path.join(disk.folder, name);
      const line = { text: 'x'.repeat(PAGE_BYTES - 100) };
      await appendRecord(file, line);
      const before = await readFile(file, 'utf8');
      await disk.fill();
      const error = await appendRecord(file, { text: 'y'.repeat(1_000) }).then(
        () => assert.fail('there was room for it'),
        (reason: unknown) => reason,
      );
      assertTold(error, file);
      assert.equal(await readFile(file, 'utf8'), before); // of the new line, 80 bytes had room on the page
      await disk.free();
      await appendRecord(file, { text: 'z' });
      assert.equal(await readFile(file, 'utf8'), `${before}{"text":"z"}\n`);
    }
  });

  test('of a report: the pages that were there stay whole, and the record does', async (t) => {
    const disk = await diskOf(t, 400 * PAGE_BYTES);
    if (!disk) return;
    const run = buildRun();
    const folder = path.join(disk.folder, 'report');
    let failed = 0;
    for (const pages of [0, 2, 4, 8, 16, 32, 64, 128, 390]) {
      await disk.fill(pages);
      const error = await writeReport({ kind: 'run', run }, folder).then(
        () => null,
        (reason: unknown) => reason,
      );
      await assertWholeFiles(disk.folder);
      if (error === null) break;
      assertTold(error, folder);
      failed += 1;
    }
    assert.ok(failed >= 3, `it failed at ${failed} places only`);
    assert.ok((await readdir(folder)).includes('index.html'));
  });
});

describe('a disk that becomes full', { timeout: 900_000 }, () => {
  let own: OwnServer;
  before(async () => {
    own = await startOwnServer();
  });
  after(() => own.remove());

  const rushhour = (...args: string[]) => runTool(args, { env: { RUSHHOUR_CACHE: own.cache } });

  async function assertToldAndClearedUp(ended: { exitCode?: number; stderr?: unknown }, disk: SmallDisk) {
    assert.equal(ended.exitCode, EXIT.failure, `${ended.stderr}`);
    assert.match(
      `${ended.stderr}`,
      /rushhour: Cannot write .*: ENOSPC.*\n.*--results DIR chooses another one/,
    );
    assert.doesNotMatch(`${ended.stderr}`, /\n {4}at /);
    await assertWholeFiles(disk.folder);
    assert.deepEqual(startedWith(own.cache), []);
    assert.deepEqual(await leftoverDatabases(own.server), []);
  }

  for (const generator of ['autocannon', ...(k6.found ? ['k6'] : [])]) {
    test(`while a run is measured (${generator}) ends it with exit 1; its events tell what was measured`, async (t) => {
      const disk = await diskOf(t, 4_000_000);
      if (!disk) return;
      const load = ['run', 'smoke', '--generator', generator, '--probes', '1', '--duration-factor', '0.01'];
      const run = rushhour(...load, ...SMALLEST_OPTIONS, '--results', disk.folder);
      assert.ok(await eventually(async () => (await eventsOf(disk)).includes('"event":"probed"'), run));
      await disk.fill();
      await assertToldAndClearedUp(await run, disk);
      await assert.rejects(readResult(disk.folder, 'last'), { code: 'RESULT_NOT_FOUND' });
      assert.match(await eventsOf(disk), /"event":"probed"/);
      await disk.free();
      const next = await rushhour(...load, ...SMALLEST_OPTIONS, '--results', disk.folder);
      assert.ok(
        [EXIT.fine, EXIT.thresholdsFailed].some((code) => code === next.exitCode),
        `${next.stderr}`,
      );
    });
  }

  test('between two pairs of an experiment keeps the first one, and --resume goes on when there is room', async (t) => {
    const disk = await diskOf(t, 4_000_000);
    if (!disk) return;
    const size = [...pairsOf(3), ...SMALLEST_OPTIONS];
    const place = ['--no-report', '--results', disk.folder];
    const run = rushhour('experiment', 'smoke', '--variants', 'optimised,optimised', ...size, ...place);
    assert.ok(await eventually(async () => (await finishedPairs(disk.folder, 'pair')).length === 1, run));
    await disk.fill();
    await assertToldAndClearedUp(await run, disk);
    const broken = await readResult(disk.folder, 'last');
    assert.ok(broken.kind === 'experiment' && broken.experiment.state === 'interrupted');
    assert.ok(broken.runs.length >= 4); // two counted, two of the pair
    await disk.free();
    const resumed = await rushhour('experiment', '--resume', 'last', ...place);
    assert.equal(resumed.exitCode, EXIT.fine, `${resumed.stderr}`);
    const whole = await readResult(disk.folder, 'last');
    assert.ok(whole.kind === 'experiment' && whole.experiment.state === 'complete');
    assert.deepEqual(whole.runs.slice(0, broken.runs.length), broken.runs);
  });

  test('before a report is drawn again leaves the record as it is', async (t) => {
    const disk = await diskOf(t, 4_000_000);
    if (!disk) return;
    const place = await createResultFolder(disk.folder, ['run', 'smoke']);
    await writeRun(place.folder, buildRun({}, { id: place.id }));
    const before = await readFile(path.join(place.folder, RUN_FILE), 'utf8');
    await disk.fill();
    for (const verb of [['report', 'last'], ['report']])
      await assertToldAndClearedUp(await rushhour(...verb, '--results', disk.folder), disk);
    assert.equal(await readFile(path.join(place.folder, RUN_FILE), 'utf8'), before);
  });

  async function eventsOf({ folder }: SmallDisk): Promise<string> {
    const place = await findResultFolder(folder, 'last').catch(() => '');
    return readFile(path.join(place, EVENTS_FILE), 'utf8').catch(() => '');
  }
});
