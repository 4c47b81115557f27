import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import pg from 'pg';
import { EXIT } from '../../harness/errors.ts';
import { acquireEmbeddedServer } from '../../harness/postgres/embedded-server.ts';
import { endClient } from '../../harness/postgres/end-client.ts';
import { useServer, withAdmin } from '../../harness/postgres/server.ts';
import { readResult } from '../../harness/store/read-results.ts';
import { eventually, rushhour as runTool, scratchFolder } from '../support/command.ts';
import { leftoverDatabases, startOwnServer } from '../support/database.ts';
import { finishedPairs } from '../support/experiment-events.ts';
import { programsOf, startThrowAwayServer, type ThrowAwayServer } from '../support/postgres-majors.ts';
import { pairsOf, SMALLEST_OPTIONS } from '../support/smallest-shape.ts';
import { startedWith, untilStarted } from '../support/started-processes.ts';

/** Notes of processes; no server is started in it. */
let cache: string;
before(async () => {
  cache = await mkdtemp(path.join(tmpdir(), 'rushhour-postgres-killed-'));
});
after(() => rm(cache, { recursive: true, force: true }));

const rushhour = (...args: string[]) => runTool(args, { env: { RUSHHOUR_CACHE: cache } });

async function startServerByUrl(t: TestContext): Promise<ThrowAwayServer> {
  const programs = await programsOf(18);
  assert.ok(!('skip' in programs));
  const server = await startThrowAwayServer(programs);
  t.after(() => server.remove());
  const client = new pg.Client(server.adminUrl);
  await client.connect();
  await client.query('CREATE EXTENSION pg_stat_statements');
  await endClient(client);
  return server;
}

const inServer = async <T>({ adminUrl }: ThrowAwayServer, sql: string, database?: string): Promise<T[]> =>
  withAdmin(await useServer(adminUrl), database, async (client) => (await client.query(sql)).rows);

function assertToldWithoutStack(stderr: unknown, message: RegExp): void {
  assert.match(`${stderr}`, message);
  assert.doesNotMatch(`${stderr}`, /\n {4}at |unexpected error/);
}

describe('a PostgreSQL that is killed', { timeout: 900_000 }, () => {
  test('while rows are copied in has none of them afterwards, and the next seed clears up and makes all', async (t) => {
    const server = await startServerByUrl(t);
    const seed = rushhour('seed', '--profile', 'smoke', '--history', '200000', '--server', server.adminUrl);
    const far = await useServer(server.adminUrl);
    const copying = () =>
      withAdmin(far, undefined, async (client) => {
        const { rows } = await client.query(
          'SELECT FROM pg_stat_progress_copy WHERE tuples_processed > 1000',
        );
        return rows.length > 0;
      });
    assert.ok(await eventually(copying, seed), 'no COPY was seen');
    await server.kill();
    const { exitCode, stderr } = await seed;
    assert.equal(exitCode, EXIT.failure, `${stderr}`);
    assertToldWithoutStack(stderr, /COPY \w+ failed .*Nothing was loaded\.\n.*PostgreSQL stopped/);

    const again = await server.startAgain();
    const [left] = await inServer<{ name: string }>(
      again,
      "SELECT datname AS name FROM pg_database WHERE datname ~ '^rushhour_build_'",
    );
    const tables = await inServer(
      again,
      "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace",
      left?.name,
    );
    assert.deepEqual(tables, []);
    const next = await rushhour('seed', ...SMALLEST_OPTIONS, '--server', again.adminUrl);
    assert.equal(next.exitCode, EXIT.fine, `${next.stderr}`);
    assert.match(`${next.stderr}`, /dropped 1 database\(s\) left by a run that was killed/);
    assert.deepEqual(await leftoverDatabases(await useServer(again.adminUrl)), []);
  });

  test('under load fails the run with that reason; its probe stays readable, and service and generator have gone', async (t) => {
    const results = await scratchFolder(t);
    const server = await startServerByUrl(t);
    const load = ['run', 'smoke', '--generator', 'autocannon', '--probes', '1', ...SMALLEST_OPTIONS];
    const run = rushhour(...load, '--results', results, '--server', server.adminUrl);
    await untilStarted(cache, run, [/^service/, /^autocannon$/]);
    await server.kill();
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, EXIT.failure, `${stderr}`);
    const told = /PostgreSQL at 127\.0\.0\.1:\d+ went away while it was measured: Cannot connect to /;
    assertToldWithoutStack(stderr, told);
    const stored = await readResult(results, 'last');
    assert.ok(stored.kind === 'run' && stored.run.state === 'failed');
    assert.match(stored.run.failure ?? '', told);
    assert.equal(stored.run.probe?.dispatches.length, 1);
    assert.deepEqual(startedWith(cache), []);
    const report = await rushhour('report', 'last', '--results', results);
    assert.equal(report.exitCode, EXIT.fine, `${report.stderr}`);

    const again = await server.startAgain();
    const next = await rushhour('seed', ...SMALLEST_OPTIONS, '--server', again.adminUrl);
    assert.equal(next.exitCode, EXIT.fine, `${next.stderr}`);
    assert.match(`${next.stderr}`, /dropped 1 database\(s\)/);
    assert.deepEqual(await leftoverDatabases(await useServer(again.adminUrl)), []);
  });

  test('in an experiment leaves its pairs whole; the next start brings the embedded server back and goes on', async (t) => {
    const results = await scratchFolder(t);
    const own = await startOwnServer();
    t.after(() => own.remove());
    const start = (...args: string[]) =>
      runTool([...args, '--no-report', '--results', results], { env: { RUSHHOUR_CACHE: own.cache } });
    const size = [...pairsOf(3), ...SMALLEST_OPTIONS];
    const run = start('experiment', 'smoke', '--variants', 'optimised,optimised', ...size);
    assert.ok(await eventually(async () => (await finishedPairs(results, 'pair')).length === 1, run));
    process.kill(own.server.postmasterPid ?? Number.NaN, 'SIGKILL');
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, EXIT.failure, `${stderr}`);
    assertToldWithoutStack(stderr, /went away while it was measured|Cannot connect to|was lost/);
    const broken = await readResult(results, 'last');
    assert.ok(broken.kind === 'experiment' && broken.experiment.state === 'failed');
    assert.match(broken.experiment.failure ?? '', /PostgreSQL|postgres:/);
    assert.ok(broken.runs.some(({ part, pair }) => part === 'pair' && pair === 1));
    assert.deepEqual(startedWith(own.cache), []);

    const resumed = await start('experiment', '--resume', 'last');
    assert.equal(resumed.exitCode, EXIT.fine, `${resumed.stderr}`);
    const whole = await readResult(results, 'last');
    assert.ok(whole.kind === 'experiment' && whole.experiment.state === 'complete');
    assert.deepEqual(whole.runs.slice(0, broken.runs.length), broken.runs);
    const server = await acquireEmbeddedServer({ cacheFolder: own.cache });
    assert.deepEqual(await leftoverDatabases(server), []);
    await server.release();
  });
});
