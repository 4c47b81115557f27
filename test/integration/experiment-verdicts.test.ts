import assert from 'node:assert/strict';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { EXIT } from '../../harness/errors.ts';
import { prepareDataset } from '../../harness/experiment/dataset.ts';
import type { ExperimentRecord } from '../../harness/experiment-record.ts';
import { withAdmin } from '../../harness/postgres/server.ts';
import { SO_FAR_FILE } from '../../harness/store/experiment-folder.ts';
import { LEDGER_FILE } from '../../harness/store/ledger.ts';
import { readResult } from '../../harness/store/read-results.ts';
import { EXPERIMENT_FILE } from '../../harness/store/result-folder.ts';
import { PROFILES } from '../../seed/profiles.ts';
import { rushhour, scratchFolder } from '../support/command.ts';
import { type OwnServer, startOwnServer } from '../support/database.ts';

/** Two gate metrics share 5 %, and 7 pairs are the fewest whose interval reaches 97.5 % (2/2^7 < 2.5 %). */
const TIMED = ['--pairs', '7', '--dispatches', '4', '--probes', '1'];

/** Four times the service time: on no machine is that a matter of luck. */
const SLOWED = ['--variants', 'optimised,optimised', '--inject-slowdown', '300%', ...TIMED];

describe('an experiment whose right answer is known', () => {
  let own: OwnServer;
  before(async () => {
    own = await startOwnServer();
  });
  after(() => own.remove());

  async function experiment(t: TestContext, ...args: string[]) {
    const results = await scratchFolder(t);
    const command = ['experiment', 'smoke', ...args, '--no-report', '--results', results];
    const { exitCode, stdout, stderr } = await rushhour(command, { env: { RUSHHOUR_CACHE: own.cache } });
    const stored = await readResult(results, 'last').catch(() => assert.fail(`${stderr}`));
    assert.ok(stored.kind === 'experiment');
    assert.equal(stored.experiment.state, 'complete', `${stderr}`);
    const [comparison] = stored.experiment.comparisons;
    assert.ok(comparison);
    return { results, exitCode, stdout: String(stdout), stderr: String(stderr), stored, comparison };
  }

  test('counts: a COMMIT for each assignment is named with its number, and more work is a regression', async (t) => {
    const { exitCode, stdout, stored, comparison } = await experiment(
      t,
      ...['--mode', 'count', '--variants', 'optimised,indexes+eager-loading', '--probes', '2'],
    );
    assert.deepEqual([exitCode, comparison.verdict], [EXIT.thresholdsFailed, 'regressed']);
    assert.deepEqual([comparison.timings, comparison.confirmation], [[], null]); // exact counts need no second opinion
    assert.ok(stored.runs.every((run) => run.part === 'count'));
    const dispatches = stored.runs
      .filter((run) => run.variant === comparison.candidate)
      .flatMap(({ run }) => run.probe?.dispatches ?? []);
    const assigned = dispatches.reduce((sum, one) => sum + one.assigned, 0) / dispatches.length;
    assert.ok(assigned > 1);
    const commits = comparison.differences.filter((one) => one.kind === 'commit-per-row');
    assert.deepEqual(
      commits.map((one) => [one.subject, one.candidate]),
      [['COMMIT', assigned]],
    );
    assert.match(stdout, /^REGRESSED /);
    assert.match(stdout, /one commit per row/i);
  });

  test('counts: the same service twice differs in nothing', async (t) => {
    const { exitCode, comparison } = await experiment(
      t,
      ...['--mode', 'count', '--variants', 'optimised,optimised', '--probes', '2'],
    );
    assert.deepEqual([exitCode, comparison.verdict, comparison.differences], [EXIT.fine, 'equivalent', []]);
    assert.equal(comparison.equalOutcome, true);
  });

  test('times: a service slowed fourfold has regressed, and a second experiment of another order confirms it', async (t) => {
    const { results, exitCode, stored, comparison } = await experiment(t, ...SLOWED);
    assert.deepEqual(stored.experiment.variants, ['optimised', 'optimised slowed 300 %']);
    assert.deepEqual([exitCode, comparison.verdict], [EXIT.thresholdsFailed, 'regressed']);
    assert.deepEqual(comparison.differences, []); // it does the same work, only slower
    assert.equal(comparison.confirmation?.agreed, true);
    assert.equal(comparison.confirmation?.folder, 'confirmation');
    const folder = path.join(stored.folder, 'confirmation');
    const second = await readResult(results, folder);
    assert.ok(second.kind === 'experiment');
    const { plan, state, variants } = second.experiment;
    assert.deepEqual([state, plan.confirm, variants], ['complete', false, stored.experiment.variants]);
    assert.notEqual(plan.randomSeed, stored.experiment.plan.randomSeed);
    assert.ok(!(await readdir(results)).includes(LEDGER_FILE)); // no A/A

    await t.test(
      'killed before its end record, it is resumed without another word from the second',
      async () => {
        const end = path.join(stored.folder, EXPERIMENT_FILE);
        const broken: ExperimentRecord = { ...stored.experiment, state: 'interrupted' };
        await rename(end, path.join(stored.folder, SO_FAR_FILE));
        await writeFile(path.join(stored.folder, SO_FAR_FILE), JSON.stringify(broken));
        const before = await readFile(path.join(folder, EXPERIMENT_FILE), 'utf8');
        const resumed = await rushhour(
          ['experiment', '--resume', 'last', '--no-report', '--results', results],
          { env: { RUSHHOUR_CACHE: own.cache } },
        );
        assert.equal(resumed.exitCode, EXIT.thresholdsFailed, `${resumed.stderr}`);
        const again = await readResult(results, 'last');
        assert.ok(again.kind === 'experiment');
        assert.deepEqual(again.experiment.comparisons, stored.experiment.comparisons);
        assert.equal(await readFile(path.join(folder, EXPERIMENT_FILE), 'utf8'), before);
      },
    );
  });

  test('times: with --no-confirm the first experiment has the only word', async (t) => {
    const { exitCode, stored, comparison } = await experiment(t, ...SLOWED, '--no-confirm');
    assert.deepEqual([exitCode, comparison.verdict], [EXIT.thresholdsFailed, 'regressed']);
    assert.equal(comparison.confirmation, null);
    assert.ok(!(await readdir(stored.folder)).some((name) => name.startsWith('confirmation')));
  });

  test('times: one pair has no verdict, which --require-verdict takes for a failure; --swap exchanges the sides', async (t) => {
    const { exitCode, stored, comparison } = await experiment(
      t,
      ...['--variants', 'optimised,optimised', '--pairs', '1', '--dispatches', '1', '--probes', '1'],
      ...['--swap', '--require-verdict'],
    );
    assert.deepEqual([exitCode, comparison.verdict], [EXIT.thresholdsFailed, 'inconclusive']);
    assert.deepEqual(stored.experiment.variants, ['optimised (again)', 'optimised']);
  });

  test('variants that assign differently are not compared, and nothing of them is timed', async (t) => {
    // The variant with indexes has a template of its own. With fewer drivers in it other assignments come out, as of a
    // service that decides otherwise.
    const { signal } = new AbortController();
    const indexed = await prepareDataset(own.server, {
      ...{ shape: PROFILES.smoke, indexes: true, signal, onProgress: () => {} },
    });
    const change = async (sql: string) => {
      const allow = (yes: boolean) =>
        withAdmin(own.server, undefined, (admin) =>
          admin.query(`ALTER DATABASE ${indexed.template} WITH ALLOW_CONNECTIONS ${yes}`),
        );
      await allow(true);
      await withAdmin(own.server, indexed.template, (client) => client.query(sql));
      await allow(false);
    };
    await change('UPDATE driver SET is_available = NOT is_available WHERE id % 2 = 0');
    t.after(() => change('UPDATE driver SET is_available = NOT is_available WHERE id % 2 = 0'));
    const { exitCode, stdout, stored, comparison } = await experiment(
      t,
      ...['--variants', 'baseline,indexes', ...TIMED],
    );
    assert.deepEqual([exitCode, comparison.verdict], [EXIT.notComparable, 'not-comparable']);
    assert.match(comparison.refusals.join('\n'), /^the assignments differ: /m);
    assert.equal(comparison.equalOutcome, false);
    assert.ok(stored.runs.every((run) => run.part === 'count'));
    assert.match(stdout, /^NOT COMPARABLE/);
  });
});
