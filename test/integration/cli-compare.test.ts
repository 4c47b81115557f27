import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { EXIT } from '../../harness/errors.ts';
import type { RunRecord } from '../../harness/result.ts';
import { writeEnd } from '../../harness/store/experiment-folder.ts';
import { createResultFolder, writeRun } from '../../harness/store/result-folder.ts';
import { rushhour, scratchFolder } from '../support/command.ts';
import { GATE } from '../support/comparison-builders.ts';
import { buildExperiment } from '../support/experiment-builders.ts';
import { buildRun } from '../support/run-builders.ts';

async function store(root: string, change: (run: RunRecord) => void = () => {}): Promise<string> {
  const place = await createResultFolder(root, ['run', 'load', 'baseline']);
  const run = buildRun({}, { id: place.id });
  change(run);
  await writeRun(place.folder, run);
  return place.id;
}

/** An experiment whose two variants were counted in two repeats each. */
async function storeExperiment(root: string): Promise<string> {
  const place = await createResultFolder(root, ['experiment', 'load']);
  const slots = ['baseline', 'optimised'].flatMap((variant, index) =>
    [1, 2].map((pair) => ({ part: 'count' as const, pair, slot: index + 1, variant })),
  );
  const runs = [];
  for (const slot of slots) {
    const folder = path.join(place.folder, 'runs', `${slot.variant}-${slot.pair}`);
    await mkdir(folder, { recursive: true });
    await writeRun(folder, buildRun({ variant: slot.variant }, { id: path.basename(folder), loads: [] }));
    runs.push({ ...slot, folder: path.relative(place.folder, folder) });
  }
  await writeEnd(place.folder, buildExperiment({}, { id: place.id, runs }).experiment);
  return place.id;
}

describe('rushhour compare', () => {
  const compare = async (root: string, ...args: string[]) => {
    const { stdout, stderr, exitCode } = await rushhour(['compare', ...args, '--results', root]);
    return { stdout: String(stdout), stderr: String(stderr), exitCode };
  };

  test('two equal runs: no count differs, times have no verdict, and no colour reaches a pipe', async (t) => {
    const root = await scratchFolder(t);
    const [a, b] = [await store(root), await store(root)];
    const { stdout, exitCode } = await compare(root, a, b);
    assert.equal(exitCode, EXIT.fine);
    assert.match(stdout, new RegExp(`^${a} → ${b}\n`));
    assert.match(stdout, /^No count differs\.$/m);
    assert.match(stdout, /^Times, no verdict: /m);
    assert.ok(!stdout.includes('\u001b'));
  });

  test('another random seed gives other rows: refused with the reason, as text and as JSON', async (t) => {
    const root = await scratchFolder(t);
    const a = await store(root);
    const b = await store(root, (run) => {
      run.dataset = { ...run.dataset, randomSeed: 2, digest: 'f'.repeat(64) };
    });
    const told = await compare(root, a, b);
    assert.equal(told.exitCode, EXIT.notComparable);
    assert.match(told.stdout, /Not comparable:\n {2}- the dataset differs: load of random seed 1/);
    const json = await compare(root, a, b, '--json');
    assert.equal(json.exitCode, EXIT.notComparable);
    const { baseline, comparable, arms } = JSON.parse(json.stdout);
    assert.deepEqual([baseline, comparable, arms.length, arms[0].exact], [a, false, 1, []]);
    assert.match(arms[0].refusals[0], /the dataset differs/);
  });

  test('two experiments: each common variant by its counts, the ratios side by side; --variant chooses one', async (t) => {
    const root = await scratchFolder(t);
    const [a, b] = [await storeExperiment(root), await storeExperiment(root)];
    const { stdout, exitCode } = await compare(root, a, b);
    assert.equal(exitCode, EXIT.fine);
    assert.ok(stdout.includes(`baseline of ${a} → baseline of ${b}`));
    assert.ok(stdout.includes(`optimised of ${a} → optimised of ${b}`));
    assert.match(
      stdout,
      /no verdict between the two:\n {2}dispatch time, baseline → optimised: .*faster.*; then /,
    );
    const one = JSON.parse((await compare(root, a, b, '--variant', 'optimised', '--json')).stdout);
    assert.deepEqual([one.arms.length, one.ratios.length], [1, GATE.length]); // a ratio each that decides
    const unknown = await compare(root, a, b, '--variant', 'indexes');
    assert.equal(unknown.exitCode, EXIT.usage);
    assert.match(unknown.stderr, /Expected the variant indexes that both experiments have/);
  });
});
