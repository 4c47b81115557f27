import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { execa } from 'execa';
import { EXIT } from '../../harness/errors.ts';
import { thinNights } from '../../harness/history/thin-nights.ts';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import type { NightRecord } from '../../harness/night-record.ts';
import { writeEnd, writeSoFar } from '../../harness/store/experiment-folder.ts';
import { readResult } from '../../harness/store/read-results.ts';
import { createResultFolder, writeRun } from '../../harness/store/result-folder.ts';
import { readThinned, THINNED_FILE } from '../../harness/store/thinned-samples.ts';
import { eventually, rushhour, scratchFolder } from '../support/command.ts';
import { buildExperiment } from '../support/experiment-builders.ts';
import { buildNight, buildScenario } from '../support/night-builders.ts';

const SAMPLES = ['k6-samples.csv.gz', 'capacity-samples.csv.gz'];
const SMALL = ['k6-log.jsonl', 'k6-summary.json', 'capacity-slices.csv'];
const BYTES = 1_000;

/** An experiment as it lies on disk, with raw files beside the runs of each of its load pairs. @returns its id */
async function storeExperiment(root: string, { ended = true } = {}): Promise<string> {
  const place = await createResultFolder(root, ['experiment', 'load']);
  const built = buildExperiment({ loadPairs: 2 }, { id: place.id });
  const placed = built.runs.map(({ run, ...slot }) => ({
    run,
    slot: { ...slot, folder: `runs/${slot.part}-0${slot.pair}/${slot.slot}-${slot.variant}` },
  }));
  for (const { run, slot } of placed) {
    const folder = path.join(place.folder, slot.folder);
    await mkdir(folder, { recursive: true });
    await writeRun(folder, run);
    if (slot.part !== 'load') continue;
    for (const name of [...SAMPLES, ...SMALL])
      await writeFile(path.join(path.dirname(folder), name), Buffer.alloc(BYTES));
  }
  const experiment = { ...built.experiment, runs: placed.map(({ slot }) => slot) };
  await (ended ? writeEnd : writeSoFar)(place.folder, experiment);
  return place.id;
}

const nightOf = (number: number, resultId: string): NightRecord =>
  buildNight(number, { scenarios: [buildScenario(1, { resultId })] });

async function filesOf(root: string, id: string): Promise<string[]> {
  const entries = await readdir(path.join(root, id), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
}

const samplesOf = async (root: string, id: string) =>
  (await filesOf(root, id)).filter((file) => SAMPLES.includes(path.basename(file)));

async function readExperimentOf(root: string, id: string) {
  const result = await readResult(root, id);
  assert.ok(result.kind === 'experiment');
  return result;
}

/** Four nights, of which two may keep their samples. */
async function fourNights(t: TestContext) {
  const root = await scratchFolder(t);
  const ids = [];
  for (let number = 1; number <= 4; number++) ids.push(await storeExperiment(root));
  return { root, ids, nights: ids.map((id, index) => nightOf(index + 1, id)) };
}

describe('thinning of old nights', () => {
  test('samples of nights older than the newest two go; records and small files stay to the byte', async (t) => {
    const { root, ids, nights } = await fourNights(t);
    const [first = '', second = '', third = '', fourth = ''] = ids;
    const before = new Map<string, Buffer>();
    for (const file of await filesOf(root, first)) before.set(file, await readFile(file));
    const { freedBytes, thinned, left } = await thinNights(root, nights, 2);
    assert.equal(freedBytes, 2 * 2 * SAMPLES.length * BYTES); // 2 nights with 2 load pairs
    assert.deepEqual([thinned.map(({ id }) => id), left], [[first, second].sort(), []]);
    for (const id of [first, second]) assert.deepEqual(await samplesOf(root, id), []);
    for (const id of [third, fourth]) assert.equal((await samplesOf(root, id)).length, 2 * SAMPLES.length);
    const kept = (await filesOf(root, first)).filter((file) => path.basename(file) !== THINNED_FILE);
    assert.deepEqual(
      kept.sort(),
      [...before.keys()].filter((file) => !SAMPLES.includes(path.basename(file))).sort(),
    );
    for (const file of kept) assert.deepEqual(await readFile(file), before.get(file));
    const marker = await readThinned(path.join(root, first));
    assert.deepEqual(
      [marker?.done, marker?.reason, marker?.bytes],
      [true, 'older than the newest 2 nights', 4_000],
    );
  });

  test('a second call frees nothing and changes no marker', async (t) => {
    const { root, ids, nights } = await fourNights(t);
    await thinNights(root, nights, 2);
    const marker = await readThinned(path.join(root, ids[0] ?? ''));
    assert.deepEqual(await thinNights(root, nights, 2), { freedBytes: 0, thinned: [], left: [] });
    assert.deepEqual(await readThinned(path.join(root, ids[0] ?? '')), marker);
  });

  test('what an earlier call was interrupted over is finished, under the date of that call', async (t) => {
    const { root, ids, nights } = await fourNights(t);
    const folder = path.join(root, ids[0] ?? '');
    await thinNights(root, nights, 3);
    const marker = await readThinned(folder);
    // As a kill between the first file and the last one leaves it: the marker is not done and a file is there again.
    await writeFile(path.join(folder, THINNED_FILE), JSON.stringify({ ...marker, done: false }));
    await writeFile(path.join(folder, marker?.files[0] ?? ''), Buffer.alloc(BYTES));
    assert.equal((await thinNights(root, nights, 3)).freedBytes, BYTES);
    assert.deepEqual(await readThinned(folder), marker);
    assert.deepEqual(await samplesOf(root, ids[0] ?? ''), []);
  });

  test('a kill in the middle leaves a marker and whole records, and the next call finishes', async (t) => {
    const root = await scratchFolder(t);
    const id = await storeExperiment(root);
    const folder = path.join(root, id);
    for (let number = 0; number < 3_000; number++)
      await writeFile(path.join(folder, 'runs', 'load-01', `${number}-samples.csv.gz`), 'x');
    const script = path.join(PROJECT_ROOT, 'test', 'support', 'thin-samples.ts');
    const child = execa(process.execPath, ['--import', 'tsx', script, folder], {
      cwd: PROJECT_ROOT,
      reject: false,
    });
    await eventually(async () => (await readThinned(folder)) !== null, child);
    child.kill('SIGKILL');
    await child;
    const marker = await readThinned(folder);
    assert.equal(marker?.files.length, 2 * SAMPLES.length + 3_000);
    const { experiment } = await readExperimentOf(root, id);
    assert.equal(experiment.state, 'complete');
    await thinNights(root, [nightOf(1, id)], 0);
    assert.deepEqual(await readThinned(folder), { ...marker, done: true });
    assert.deepEqual(
      (await filesOf(root, id)).filter((file) => file.endsWith('-samples.csv.gz')),
      [],
    );
  });

  test('a result that no night names, or that a kept night names too, is not touched', async (t) => {
    const { root, ids, nights } = await fourNights(t);
    const foreign = await storeExperiment(root);
    const again = { ...nightOf(5, ids[0] ?? ''), id: 'night-again' };
    const { thinned } = await thinNights(root, [...nights, again], 1);
    assert.deepEqual(
      thinned.map(({ id }) => id),
      ids.slice(1).sort(),
    );
    for (const id of [foreign, ids[0] ?? ''])
      assert.equal((await samplesOf(root, id)).length, 2 * SAMPLES.length);
  });

  test('a result without an end record may be under way: it is left, and named', async (t) => {
    const root = await scratchFolder(t);
    const id = await storeExperiment(root, { ended: false });
    assert.deepEqual(await thinNights(root, [nightOf(1, id)], 0), { freedBytes: 0, thinned: [], left: [id] });
    assert.equal((await samplesOf(root, id)).length, 2 * SAMPLES.length);
  });

  test('a night that names a path outside of the results, or a link out of them, reaches nothing', async (t) => {
    const { root, ids } = await fourNights(t);
    const outside = await scratchFolder(t);
    const name = path.basename(ids[0] ?? '');
    await rename(path.join(root, name), path.join(outside, name));
    await symlink(path.join(outside, name), path.join(root, name));
    const paths = [path.relative(root, path.join(outside, name)), path.join(outside, name), name, '..', ''];
    const nights = paths.map((resultId, index) => nightOf(index + 1, resultId));
    assert.deepEqual(await thinNights(root, nights, 0), { freedBytes: 0, thinned: [], left: [] });
    assert.equal((await samplesOf(outside, name)).length, 2 * SAMPLES.length);
    // A folder of samples that is a link is not gone into either.
    const [, second = ''] = ids;
    await rm(path.join(root, second, 'runs'), { recursive: true });
    await symlink(path.join(outside, name, 'runs'), path.join(root, second, 'runs'));
    assert.equal((await thinNights(root, [nightOf(1, second)], 0)).freedBytes, 0);
    assert.equal((await samplesOf(outside, name)).length, 2 * SAMPLES.length);
  });

  test('report and compare read a thinned result as before, and say when its samples were thinned', async (t) => {
    const { root, ids, nights } = await fourNights(t);
    const [first = '', second = ''] = ids;
    await thinNights(root, nights.slice(0, 2), 1);
    const compared = await rushhour(['compare', first, second, '--results', root]);
    assert.equal(compared.exitCode, EXIT.fine, `${compared.stderr}`);
    const words =
      /samples thinned on \d+ \w+ \d{4}, \d\d:\d\d UTC \(4\.00 kB\): older than the newest 1 night/;
    assert.match(`${compared.stdout}`, new RegExp(`^${first}: ${words.source}$`, 'm'));
    assert.doesNotMatch(`${compared.stdout}`, new RegExp(`^${second}: samples`, 'm'));
    const report = await rushhour(['report', first, '--results', root]);
    assert.equal(report.exitCode, EXIT.fine, `${report.stderr}`);
    const page = await readFile(path.join(root, first, 'report', 'report.md'), 'utf8');
    assert.match(page, /Samples thinned on .* Every figure here is of the records\./);
  });
});
