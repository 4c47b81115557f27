import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { access, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Options } from 'execa';
import { readResult } from '../../harness/store/read-results.ts';
import { EXPERIMENT_FILE } from '../../harness/store/result-folder.ts';
import { SEED_PASSWORD } from '../../seed/profiles.ts';
import { eventually, rushhour as runTool, scratchFolder, servicesOf } from '../support/command.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';
import { finishedPairs } from '../support/experiment-events.ts';

const SMALL = ['--profile', 'smoke'];

describe('the main job', () => {
  let own: OwnServer;
  before(async () => {
    own = await startOwnServer();
  });
  after(() => own.remove());

  /** The tool, with this file's server. */
  const rushhour = (args: readonly string[], options: Options = {}) =>
    runTool(args, { ...options, env: { ...options.env, RUSHHOUR_CACHE: own.cache } });

  test('an experiment of all parts on real PostgreSQL, k6 and autocannon ends with a verdict, charts and nothing left behind', async (t) => {
    const results = await scratchFolder(t);
    const size = ['--pairs', '2', '--probes', '2', '--load-pairs', '1', '--duration-factor', '0.3'];
    const run = await rushhour(['experiment', 'smoke', '--mode', 'all', ...size, '--results', results]);
    assert.equal(run.exitCode, 0, `${run.stderr}`);
    const stored = await readResult(results, 'last');
    assert.ok(stored.kind === 'experiment');
    const { experiment, runs } = stored;
    assert.equal(experiment.state, 'complete');
    const runsOf = (part: string) => runs.filter((one) => one.part === part).map((one) => one.run);
    // 2 repeats, 2 pairs and 1 load pair of 2 variants
    assert.deepEqual([runsOf('count').length, runsOf('pair').length, runsOf('load').length], [4, 4, 2]);
    const [comparison] = experiment.comparisons;
    assert.ok(comparison);
    assert.deepEqual([comparison.refusals, comparison.equalOutcome], [[], true]);
    for (const { metric, repeatsAgree, baselineRange, candidateRange } of comparison.exact) {
      const agree = baselineRange[0] === baselineRange[1] && candidateRange[0] === candidateRange[1];
      assert.equal(repeatsAgree, agree, metric);
    }
    const queries = comparison.exact.find((one) => one.metric === 'queries per dispatch');
    assert.ok(queries && queries.baseline > queries.candidate && queries.repeatsAgree);
    for (const { round } of runsOf('pair')) {
      assert.ok(round && round.dispatches === experiment.plan.round.dispatches);
      assert.equal(round.slices.flatMap((slice) => slice.dispatchMs).length, round.dispatches);
    }
    for (const { loads } of runsOf('load')) {
      assert.deepEqual(
        loads.map((load) => load.report.generator),
        ['k6', 'autocannon'],
      );
      for (const { report, database } of loads) {
        assert.ok(report.requests > 0 && report.errors === 0, `${report.generator}: ${report.errors} errors`);
        assert.ok(database && database.queries > 0);
      }
    }
    const report = path.join(stored.folder, 'report');
    await access(path.join(report, 'index.html'));
    const charts = await readdir(path.join(report, 'charts'));
    for (const kind of ['.vl.json', '.svg', '.png'])
      assert.ok(
        charts.some((name) => name.endsWith(kind)),
        kind,
      );
    assert.match(String(run.stdout), /Report: .*index\.html/);
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });

  test('no password or token is in any file of a result', async (t) => {
    const results = await scratchFolder(t);
    const run = await rushhour(['run', 'smoke', '--generator', 'both', '--results', results]);
    assert.ok(run.exitCode === 0 || run.exitCode === 99, `${run.stderr}`);
    const names = await readdir(results, { recursive: true, withFileTypes: true });
    const files = names
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
    assert.ok(files.length > 5);
    for (const file of files) {
      const text = await readFile(file, 'latin1');
      assert.ok(!text.includes(SEED_PASSWORD), `${file} holds the password`);
      assert.doesNotMatch(text, /eyJ[A-Za-z0-9_-]+\.eyJ/, `${file} holds a token`); // how every JWT begins
      assert.doesNotMatch(
        text,
        /postgres:\/\/[^\s"]*:[^\s"]*@/,
        `${file} holds a connection string with a password`,
      );
    }
  });

  test('without k6, autocannon runs all the same and the result says why k6 did not', async (t) => {
    const results = await scratchFolder(t);
    const empty = await scratchFolder(t);
    const { PATH: _path, K6_PATH: _k6, ...env } = process.env;
    const load = ['--mode', 'load', '--load-pairs', '1', '--duration-factor', '0.3', '--probes', '1'];
    const run = await rushhour(['experiment', 'smoke', ...load, '--no-report', '--results', results], {
      extendEnv: false,
      // No k6, no Go, and a download address at which nobody listens.
      env: { ...env, PATH: empty, RUSHHOUR_K6_DOWNLOAD_URL: 'http://127.0.0.1:9/' },
    });
    assert.equal(run.exitCode, 0, `${run.stderr}`);
    const stored = await readResult(results, 'last');
    assert.ok(stored.kind === 'experiment');
    const loaded = stored.runs.filter((one) => one.part === 'load');
    assert.equal(loaded.length, 2);
    for (const { run: record } of loaded) {
      assert.deepEqual(
        record.loads.map((one) => one.report.generator),
        ['autocannon'],
      );
      assert.match(record.skippedLoads[0]?.reason ?? '', /k6/);
    }
    assert.match(String(run.stderr), /k6 scenarios are left out/);
  });

  test('a server by URL that cannot count statements is loaded all the same, and the result says what is missing', async (t) => {
    const results = await scratchFolder(t);
    const url = own.server.adminUrl('template1'); // the extension is in `postgres` only
    const where = ['--server', url, '--results', results];
    const run = await rushhour(['run', 'smoke', '--generator', 'autocannon', ...where]);
    assert.ok(run.exitCode === 0 || run.exitCode === 99, `${run.stderr}`);
    const stored = await readResult(results, 'last');
    assert.ok(stored.kind === 'run');
    assert.deepEqual([stored.run.probe, stored.run.loads[0]?.database], [null, null]);
    assert.ok((stored.run.loads[0]?.report.requests ?? 0) > 0);
    assert.match(stored.run.warnings.join(), /pg_stat_statements/);
  });

  test('Ctrl-C stops everything that was started, keeps what was measured and says how to go on', async (t) => {
    const results = await scratchFolder(t);
    const size = ['--pairs', '5', '--dispatches', '4', '--probes', '1'];
    const run = rushhour(['experiment', 'smoke', ...size, '--results', results]);
    const finished = await eventually(async () => (await finishedPairs(results, 'pair')).length > 0);
    run.kill('SIGINT');
    const ended = await run;
    assert.ok(finished, 'no pair was finished');
    assert.equal(ended.exitCode, 130, `${ended.stderr}`);
    const stored = await readResult(results, 'last');
    assert.ok(stored.kind === 'experiment');
    assert.equal(stored.experiment.state, 'interrupted');
    assert.ok(!(await readdir(stored.folder)).includes(EXPERIMENT_FILE)); // the end record
    assert.ok(stored.runs.some((slot) => slot.part === 'pair'));
    assert.ok(stored.runs.every((slot) => slot.run.state === 'complete'));
    assert.ok(`${ended.stderr}`.includes(`--resume ${path.basename(stored.folder)}`), `${ended.stderr}`);
    assert.deepEqual(await servicesOf(run), []);
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });

  test('seeding the same dataset again does nothing, and another seed gives another digest', async (t) => {
    const seed = async (...args: string[]) => {
      const { stdout } = await rushhour(['seed', ...SMALL, '--json', ...args]);
      return JSON.parse(String(stdout)) as { digest: string; built: boolean };
    };
    const [first, again, other] = [await seed(), await seed(), await seed('--random-seed', '2')];
    assert.deepEqual([again.built, again.digest], [false, first.digest]);
    assert.notEqual(other.digest, first.digest);
    assert.equal(first.digest.length, createHash('sha256').digest('hex').length);
    t.diagnostic(`smoke digest ${first.digest}`);
  });

  test('serve answers until Ctrl-C, and its indexes can be migrated up and down meanwhile', async () => {
    const serve = rushhour(['serve', '--variant', 'baseline', ...SMALL, '--port', '0']);
    const said = await eventually(async () => /baseline at (http:\S+)/.test(await textSoFar(serve)));
    assert.ok(said);
    const text = await textSoFar(serve);
    const baseUrl = /baseline at (http:\S+)/.exec(text)?.[1] ?? '';
    const database = /database (rushhour_run_\w+)/.exec(text)?.[1] ?? '';
    const health = (await (await fetch(`${baseUrl}/health`)).json()) as { status: string; variant: string };
    assert.deepEqual([health.status, health.variant], ['ok', 'baseline']);
    const migrate = async (action: string) => {
      const { stdout } = await rushhour(['migrate', action, '--database', database, '--json']);
      return JSON.parse(String(stdout)) as { changed: string[]; status: { applied: boolean }[] };
    };
    assert.deepEqual(
      (await migrate('status')).status.map((one) => one.applied),
      [false],
    );
    assert.equal((await migrate('up')).changed.length, 1);
    assert.equal((await migrate('up')).changed.length, 0);
    assert.deepEqual(
      (await migrate('down')).status.map((one) => one.applied),
      [false],
    );
    serve.kill('SIGINT');
    assert.equal((await serve).exitCode, 0);
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });

  test('migrate refuses a database that the tool has not made', async () => {
    const refused = await rushhour(['migrate', 'up', '--database', 'postgres']);
    assert.equal(refused.exitCode, 4);
    assert.match(String(refused.stderr), /does not carry rushhour's marker/);
  });
});

const outputs = new WeakMap<object, string>();

/** What a running command has printed on stdout so far. */
async function textSoFar(command: ReturnType<typeof runTool>): Promise<string> {
  if (!outputs.has(command)) {
    outputs.set(command, '');
    command.stdout
      ?.setEncoding('utf8')
      .on('data', (chunk: string) => outputs.set(command, (outputs.get(command) ?? '') + chunk));
  }
  return outputs.get(command) ?? '';
}
