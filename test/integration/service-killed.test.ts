import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { EXIT, HarnessError } from '../../harness/errors.ts';
import { findK6 } from '../../harness/load-generators/k6-binary.ts';
import { withAdmin } from '../../harness/postgres/server.ts';
import { logIn } from '../../harness/service/service-client.ts';
import { startService } from '../../harness/service/service-process.ts';
import { readResult } from '../../harness/store/read-results.ts';
import { eventually, rushhour as runTool, scratchFolder } from '../support/command.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';
import { finishedPairs } from '../support/experiment-events.ts';
import { SMALLEST_OPTIONS } from '../support/smallest-shape.ts';
import { startedWith, stillRunning, untilStarted } from '../support/started-processes.ts';

const k6 = await findK6();

let own: OwnServer;
before(async () => {
  own = await startOwnServer();
});
after(() => own.remove());

const rushhour = (...args: string[]) =>
  runTool([...args, ...SMALLEST_OPTIONS], { env: { RUSHHOUR_CACHE: own.cache } });

/** Waits until so many services speak to their databases: they are up, and something is asked of them. */
async function untilAtWork(services: number): Promise<void> {
  const atWork = () =>
    withAdmin(own.server, undefined, async (client) => {
      const { rows } = await client.query<{ databases: number }>(
        `SELECT count(DISTINCT datname)::int AS databases FROM pg_stat_activity
         WHERE application_name = 'rushhour-target'`,
      );
      return (rows[0]?.databases ?? 0) >= services;
    });
  assert.ok(await eventually(atWork), `expected ${services} services at work`);
}

async function killOneService(run: { readonly pid?: number | undefined }): Promise<void> {
  const [service] = (await untilStarted(own.cache, run, [/^service/])).filter(({ what }) =>
    what.startsWith('service'),
  );
  process.kill(service?.process.pid ?? Number.NaN, 'SIGKILL');
}

async function assertNothingIsLeft(run: { readonly pid?: number | undefined }): Promise<void> {
  assert.deepEqual(stillRunning(startedWith(own.cache, run.pid)), []);
  assert.deepEqual(await leftoverDatabases(own.server), []);
}

const TOLD =
  /The service \(optimised\) ended while it was measured: ended by SIGKILL, expected it to run on\./;

describe('a service that is killed', { timeout: 900_000 }, () => {
  test('while it is probed is told as that, and nothing is left of the run but what it says', async (t) => {
    const results = await scratchFolder(t);
    const run = rushhour('run', 'smoke', '--generator', 'autocannon', '--probes', '3', '--results', results);
    await untilAtWork(1);
    await killOneService(run);
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, EXIT.failure, `${stderr}`);
    assert.match(`${stderr}`, TOLD);
    assert.doesNotMatch(`${stderr}`, /\n {4}at /);
    await assert.rejects(readResult(results, 'last'), { code: 'RESULT_NOT_FOUND' }); // nothing was measured yet
    await assertNothingIsLeft(run);
  });

  for (const generator of ['autocannon', ...(k6.found ? ['k6'] : [])]) {
    test(`under ${generator} ends the load, and the run keeps its probe and says why it failed`, async (t) => {
      const results = await scratchFolder(t);
      const run = rushhour('run', 'load', '--generator', generator, '--probes', '1', '--results', results);
      await untilStarted(own.cache, run, [new RegExp(`^${generator}$`)]);
      await untilAtWork(1); // a minute of load is ahead
      await killOneService(run);
      const { exitCode, stderr } = await run;
      assert.equal(exitCode, EXIT.failure, `${stderr}`);
      assert.match(`${stderr}`, TOLD);
      const stored = await readResult(results, 'last');
      assert.ok(stored.kind === 'run' && stored.run.state === 'failed');
      assert.match(stored.run.failure ?? '', TOLD);
      assert.notEqual(stored.run.probe, null);
      assert.deepEqual(stored.run.loads, []); // what a dead service answered is no latency
      await assertNothingIsLeft(run);
      const report = await runTool(['report', 'last', '--results', results]);
      assert.equal(report.exitCode, EXIT.fine, `${report.stderr}`);
    });
  }

  test('in the middle of a pair costs that pair: it is measured again, and the record says why', async (t) => {
    const results = await scratchFolder(t);
    const size = ['--mode', 'pair', '--pairs', '1', '--dispatches', '1', '--probes', '1'];
    const variants = ['--variants', 'optimised,optimised'];
    const run = rushhour('experiment', 'smoke', ...variants, ...size, '--no-report', '--results', results);
    assert.ok(await eventually(async () => (await finishedPairs(results, 'count')).length === 2, run));
    await untilStarted(own.cache, run, [/^service/]);
    await untilAtWork(2);
    await killOneService(run);
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, EXIT.fine, `${stderr}`);
    const stored = await readResult(results, 'last');
    assert.ok(stored.kind === 'experiment' && stored.experiment.state === 'complete');
    const [invalid, ...more] = stored.experiment.invalidPairs;
    assert.deepEqual([invalid?.part, invalid?.pair, more], ['pair', 1, []]);
    assert.match(invalid?.cause ?? '', /The service .*ended.* SIGKILL/);
    await assertNothingIsLeft(run);
  });

  test('or ends by itself is told with its exit code and its last words', async () => {
    const entry = [path.resolve(import.meta.dirname, '../fixtures/wrong/mortal-service.ts')];
    const service = await startService({
      variant: 'mortal',
      databaseUrl: 'postgres://nobody@nowhere/',
      entry,
    });
    const { signal } = new AbortController();
    await assert.rejects(logIn(service.baseUrl, { email: 'a@b.c', password: 'd' }, signal), {
      code: 'DISPATCH_FAILED',
    });
    assert.ok(await eventually(async () => service.ended.aborted));
    const reason: unknown = service.ended.reason;
    assert.ok(reason instanceof HarnessError && reason.code === 'SERVICE_ENDED');
    assert.equal(
      reason.message,
      'The service (mortal) ended while it was measured: exit code 3, expected it to run on. Its last messages:\nout of drivers',
    );
    await service.stop();
  });

  test('that was told to stop has not ended by itself', async () => {
    const entry = [path.resolve(import.meta.dirname, '../fixtures/wrong/mortal-service.ts')];
    const service = await startService({
      variant: 'mortal',
      databaseUrl: 'postgres://nobody@nowhere/',
      entry,
    });
    await service.stop();
    assert.equal(service.ended.aborted, false);
  });
});
