import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { EXIT } from '../../harness/errors.ts';
import { noteFalseAlarms } from '../../harness/experiment/note-false-alarms.ts';
import { PLAN_FILE, readSitting, SO_FAR_FILE } from '../../harness/store/experiment-folder.ts';
import { isThere } from '../../harness/store/is-there.ts';
import { LEDGER_FILE, readLedger } from '../../harness/store/ledger.ts';
import { listResultIds, readResult } from '../../harness/store/read-results.ts';
import { EXPERIMENT_FILE, RUN_FILE } from '../../harness/store/result-folder.ts';
import { eventually, rushhour, scratchFolder } from '../support/command.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';
import { finishedPairs } from '../support/experiment-events.ts';

const PAIRS = 8;
const SAME_ON_SAME = [
  ...['experiment', 'smoke', '--variants', 'optimised,optimised', '--no-report'],
  ...['--pairs', String(PAIRS), '--dispatches', '4', '--probes', '1'],
];

/** What an experiment that broke off has left: its plan, and the run of each slot whose pair is whole. */
async function leftBy(results: string) {
  const id = (await listResultIds(results)).at(-1) ?? '';
  const folder = path.join(results, id);
  const names = await readdir(path.join(folder, 'runs'), { recursive: true });
  const files = names.filter((name) => path.basename(name) === RUN_FILE && !name.includes('.unfinished'));
  const runs = new Map<string, { text: string; mtimeMs: number }>();
  for (const name of files.sort()) {
    const file = path.join(folder, 'runs', name);
    runs.set(file, { text: await readFile(file, 'utf8'), mtimeMs: (await stat(file)).mtimeMs });
  }
  const pairs = new Set(
    files.map((name) => name.split(path.sep)[0] ?? '').filter((one) => /^pair-/.test(one)),
  );
  return { id, folder, plan: await readFile(path.join(folder, PLAN_FILE), 'utf8'), runs, pairs: pairs.size };
}

describe('an experiment that breaks off', () => {
  let own: OwnServer;
  before(async () => {
    own = await startOwnServer();
  });
  after(() => own.remove());

  const start = (results: string, ...args: string[]) =>
    rushhour([...args, '--results', results], { env: { RUSHHOUR_CACHE: own.cache } });

  async function startAndWaitForTwoPairs(t: TestContext) {
    const results = await scratchFolder(t);
    const run = start(results, ...SAME_ON_SAME);
    const finished = await eventually(async () => (await finishedPairs(results, 'pair')).length >= 2);
    return { results, run, finished };
  }

  /** Resumes it and holds what is there then against what was there before. */
  async function resumeAndCheck(results: string) {
    const before = await leftBy(results);
    assert.ok(
      before.pairs >= 2 && before.pairs < PAIRS,
      `${before.pairs} pairs were whole when it broke off`,
    );
    const interrupted = await readResult(results, 'last');
    assert.ok(interrupted.kind === 'experiment' && interrupted.experiment.state === 'interrupted');
    assert.equal(interrupted.experiment.sittings, 1);
    assert.equal(await isThere(path.join(results, LEDGER_FILE)), false); // only a complete A/A is evidence

    const resumed = await start(results, 'experiment', '--resume', 'last', '--no-report');
    assert.equal(resumed.exitCode, EXIT.fine, `${resumed.stderr}`);

    const stored = await readResult(results, 'last');
    assert.ok(stored.kind === 'experiment');
    const { experiment, folder } = stored;
    assert.deepEqual([stored.id, experiment.state, experiment.sittings], [before.id, 'complete', 2]);
    assert.equal(experiment.startedAt, interrupted.experiment.startedAt);
    assert.ok(experiment.wallMs > interrupted.experiment.wallMs);
    const now = await leftBy(results);
    assert.equal(now.plan, before.plan);
    for (const [file, run] of before.runs) assert.deepEqual(now.runs.get(file), run, file);
    // A single look was planned, so the slots up to it are all there are.
    assert.deepEqual(
      experiment.runs.map(({ folder: _, ...slot }) => slot),
      experiment.plan.slots,
    );
    assert.equal(now.runs.size, experiment.plan.slots.length);
    assert.equal(new Set(experiment.runs.map((run) => run.folder)).size, experiment.runs.length);
    const finished = await finishedPairs(results, 'pair');
    assert.equal(new Set(finished).size, finished.length); // no pair was measured twice
    assert.equal(experiment.comparisons[0]?.family.look?.pairs, PAIRS);
    const names = await readdir(folder, { recursive: true });
    assert.deepEqual(
      names.filter((name) => name === SO_FAR_FILE || /\.(tmp|unfinished)$/.test(name)),
      [],
    );
    return { folder, id: before.id, experiment };
  }

  test('by Ctrl-C goes on where it stopped: no whole pair is measured again, and the plan holds to the letter', async (t) => {
    const { results, run, finished } = await startAndWaitForTwoPairs(t);
    run.kill('SIGINT');
    const ended = await run;
    assert.ok(finished, `${ended.stderr}`);
    assert.equal(ended.exitCode, EXIT.interrupted, `${ended.stderr}`);
    const { folder, id, experiment } = await resumeAndCheck(results);
    assert.deepEqual(await leftoverDatabases(own.server), []);

    await t.test('a complete A/A is one line of the ledger', async () => {
      const text = await readFile(path.join(results, LEDGER_FILE), 'utf8');
      assert.equal(text.trimEnd().split('\n').length, 1);
      const [entry] = await readLedger(results);
      assert.deepEqual([entry?.id, entry?.variant, entry?.pairs], [id, 'optimised', PAIRS]);
      assert.equal(entry?.verdict, experiment.comparisons[0]?.verdict);
      assert.equal(experiment.falseAlarms.experiments, 1);
    });

    await t.test(
      'one that is the second of another, or goes without one, is no line of the ledger',
      async () => {
        const elsewhere = await scratchFolder(t);
        const sitting = await readSitting(folder);
        assert.ok(sitting);
        const state = {
          place: { id, folder },
          plan: { ...sitting.plan, confirm: false },
          startedAt: experiment.startedAt,
          startedMs: 0,
          runs: [...sitting.runs],
          invalidPairs: [],
          confirmations: new Map(),
          sittings: 1,
          earlierWallMs: 0,
          loadMs: 0,
          falseAlarms: null,
          warnings: [],
        };
        await noteFalseAlarms(elsewhere, state, true);
        assert.deepEqual(await readdir(elsewhere), []);
        await noteFalseAlarms(elsewhere, { ...state, plan: sitting.plan }, true);
        assert.equal((await readLedger(elsewhere)).length, 1);
      },
    );

    await t.test('a complete one is not resumed, and what shows it is said', async () => {
      const end = await readFile(path.join(folder, EXPERIMENT_FILE), 'utf8');
      const refused = await start(results, 'experiment', '--resume', id);
      assert.equal(refused.exitCode, EXIT.usage);
      assert.match(`${refused.stderr}`, new RegExp(`${id} is complete[\\s\\S]*rushhour report ${id}`));
      assert.equal(await readFile(path.join(folder, EXPERIMENT_FILE), 'utf8'), end);
    });
  });

  test('by SIGKILL goes on where it stopped as well, and what the killed one left is cleared', async (t) => {
    const { results, run, finished } = await startAndWaitForTwoPairs(t);
    run.kill('SIGKILL');
    const ended = await run;
    assert.ok(finished, `${ended.stderr}`);
    assert.equal(ended.signal, 'SIGKILL');
    await resumeAndCheck(results);
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });

  test('before it had a plan can only be started anew, and that is said', async (t) => {
    const results = await scratchFolder(t);
    const failed = await start(results, ...SAME_ON_SAME, '--drop-index', 'nonsense');
    assert.equal(failed.exitCode, EXIT.usage, `${failed.stderr}`);
    const resumed = await start(results, 'experiment', '--resume', 'last');
    assert.equal(resumed.exitCode, EXIT.usage, `${resumed.stderr}`);
    assert.match(`${resumed.stderr}`, /holds no plan[\s\S]*Start the experiment anew/);
  });
});
