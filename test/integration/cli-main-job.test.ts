import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { access, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { withAdmin } from '../../harness/postgres/server.ts';
import { readResult } from '../../harness/store/read-results.ts';
import { SEED_PASSWORD } from '../../seed/profiles.ts';
import { rushhour, scratchFolder } from '../support/command.ts';
import { startTestServer } from '../support/database.ts';

const SMALL = ['--profile', 'smoke'];

/** Databases of runs and builds on the shared test server: none may be left when a command has ended. */
async function leftoverDatabases(): Promise<string[]> {
  const server = await startTestServer();
  try {
    const { rows } = await withAdmin(server, undefined, (client) =>
      client.query<{ datname: string }>(
        "SELECT datname FROM pg_database WHERE datname ~ '^rushhour_(run|build)_'",
      ),
    );
    return rows.map((row) => row.datname);
  } finally {
    await server.release();
  }
}

/** Processes of the reference service, by the script in their command line. */
async function serviceProcesses(parent: number): Promise<string> {
  const { stdout } = await execa('ps', ['-eo', 'ppid,pid,args'], { reject: false });
  return stdout
    .split('\n')
    .filter((line) => line.trim().startsWith(`${parent} `) && line.includes('target/main.ts'))
    .join('\n');
}

describe('the main job', () => {
  test('an experiment on real PostgreSQL, k6 and autocannon ends with a verdict, charts and nothing left behind', async (t) => {
    const results = await scratchFolder(t);
    const run = await rushhour([
      'experiment',
      'smoke',
      '--pairs',
      '2',
      '--probes',
      '2',
      '--results',
      results,
    ]);
    assert.equal(run.exitCode, 0, `${run.stderr}`);
    const stored = await readResult(results, 'last');
    assert.ok(stored.kind === 'experiment');
    const { experiment, runs } = stored;
    assert.equal(experiment.state, 'complete');
    assert.equal(runs.length, 4); // 2 pairs of 2 variants
    const [comparison] = experiment.comparisons;
    assert.ok(comparison);
    assert.deepEqual(comparison.refusals, []);
    assert.equal(comparison.equalOutcome, true);
    const queries = comparison.exact.find((one) => one.metric === 'queries per dispatch');
    assert.ok(queries && queries.baseline > queries.candidate && queries.repeatsAgree);
    for (const { run: record } of runs) {
      assert.deepEqual(
        record.loads.map((load) => load.report.generator),
        ['k6', 'autocannon'],
      );
      for (const load of record.loads) {
        assert.ok(
          load.report.requests > 0 && load.report.errors === 0,
          `${load.report.generator}: ${load.report.errors} errors`,
        );
        assert.ok(load.database && load.database.queries > 0);
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
    assert.deepEqual(await leftoverDatabases(), []);
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
    const run = await rushhour(
      ['experiment', 'smoke', '--pairs', '1', '--probes', '1', '--results', results],
      {
        extendEnv: false,
        // No k6, no Go, and a download address at which nobody listens.
        env: { ...env, PATH: empty, RUSHHOUR_K6_DOWNLOAD_URL: 'http://127.0.0.1:9/' },
      },
    );
    assert.equal(run.exitCode, 0, `${run.stderr}`);
    const stored = await readResult(results, 'last');
    assert.ok(stored.kind === 'experiment');
    const first = stored.runs[0]?.run;
    assert.deepEqual(
      first?.loads.map((load) => load.report.generator),
      ['autocannon'],
    );
    assert.match(first?.skippedLoads[0]?.reason ?? '', /k6/);
    assert.match(String(run.stderr), /k6/);
  });

  test('a server by URL that cannot count statements is loaded all the same, and the result says what is missing', async (t) => {
    const results = await scratchFolder(t);
    const server = await startTestServer();
    try {
      const url = server.adminUrl('template1'); // the extension is in `postgres` only
      const run = await rushhour([
        'run',
        'smoke',
        '--generator',
        'autocannon',
        '--server',
        url,
        '--results',
        results,
      ]);
      assert.ok(run.exitCode === 0 || run.exitCode === 99, `${run.stderr}`);
      const stored = await readResult(results, 'last');
      assert.ok(stored.kind === 'run');
      assert.deepEqual([stored.run.probe, stored.run.loads[0]?.database], [null, null]);
      assert.ok((stored.run.loads[0]?.report.requests ?? 0) > 0);
      assert.match(stored.run.warnings.join(), /pg_stat_statements/);
    } finally {
      await server.release();
    }
  });

  test('Ctrl-C stops everything that was started, keeps what was measured and says where it is', async (t) => {
    const results = await scratchFolder(t);
    const run = rushhour(['experiment', 'smoke', '--pairs', '5', '--probes', '1', '--results', results]);
    const finished = await eventually(async () => {
      const ids = await readdir(results).catch(() => []);
      const events = ids[0]
        ? await readFile(path.join(results, ids[0], 'events.ndjson'), 'utf8').catch(() => '')
        : '';
      return events.includes('slot finished');
    });
    assert.ok(finished, 'no slot was finished');
    run.kill('SIGINT');
    const ended = await run;
    assert.equal(ended.exitCode, 130, `${ended.stderr}`);
    const stored = await readResult(results, 'last');
    assert.ok(stored.kind === 'experiment');
    assert.equal(stored.experiment.state, 'interrupted');
    assert.ok(stored.runs.length >= 1 && stored.runs.every((slot) => slot.run.state === 'complete'));
    assert.match(`${ended.stdout}${ended.stderr}`, new RegExp(path.basename(stored.folder)));
    assert.equal(await serviceProcesses(run.pid ?? -1), '');
    assert.deepEqual(await leftoverDatabases(), []);
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
    assert.deepEqual(await leftoverDatabases(), []);
  });

  test('migrate refuses a database that the tool has not made', async () => {
    const refused = await rushhour(['migrate', 'up', '--database', 'postgres']);
    assert.equal(refused.exitCode, 4);
    assert.match(String(refused.stderr), /does not carry rushhour's marker/);
  });
});

const outputs = new WeakMap<object, string>();

/** What a running command has printed on stdout so far. */
async function textSoFar(command: ReturnType<typeof rushhour>): Promise<string> {
  if (!outputs.has(command)) {
    outputs.set(command, '');
    command.stdout
      ?.setEncoding('utf8')
      .on('data', (chunk: string) => outputs.set(command, (outputs.get(command) ?? '') + chunk));
  }
  return outputs.get(command) ?? '';
}

/** Asks until the answer is yes, for two minutes at most. */
async function eventually(ask: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 0; attempt < 1200; attempt++) {
    if (await ask()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
