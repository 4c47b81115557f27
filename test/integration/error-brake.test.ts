import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { EXIT } from '../../harness/errors.ts';
import { type LoadBrakes, withLoadBrake } from '../../harness/experiment/load-brake.ts';
import { autocannonGenerator } from '../../harness/load-generators/autocannon.ts';
import { pairedAutocannonGenerator } from '../../harness/load-generators/autocannon-paired.ts';
import { k6Generator } from '../../harness/load-generators/k6.ts';
import { findK6, missingK6Error } from '../../harness/load-generators/k6-binary.ts';
import { pairedK6Generator } from '../../harness/load-generators/k6-paired.ts';
import type { LoadOrder } from '../../harness/load-generators/load-generator.ts';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import { withAdmin } from '../../harness/postgres/server.ts';
import { readResult } from '../../harness/store/read-results.ts';
import { eventually, rushhour as runTool, scratchFolder } from '../support/command.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';
import { SMALLEST_OPTIONS } from '../support/smallest-shape.ts';
import { startedWith, stillRunning, untilStarted } from '../support/started-processes.ts';
import { LOGIN_PASSWORD, type ServiceFaults, startTrafficService, trafficPlan } from './traffic-service.ts';

const found = await findK6();
if (!found.found) throw missingK6Error(found);
const k6 = found;

let own: OwnServer;
before(async () => {
  own = await startOwnServer();
});
after(() => own.remove());

/** More than a generator asks before it measures: setup and warm-up. */
const FIRST_ANSWERS = 150;

/** A service that answers so many of ten requests with this status, once it has answered the first ones well. */
function failing(ofTen: number, status = 500): ServiceFaults {
  let asked = 0;
  return {
    status: () => {
      asked += 1;
      return asked <= FIRST_ANSWERS || asked % 10 >= ofTen ? undefined : status;
    },
  };
}

const HALF = { ratio: 0.5, countsTimeouts: true };

interface Scene {
  readonly urls: readonly string[];
  readonly order: Pick<LoadOrder, 'runFolder' | 'loginPassword'>;
  braked<T>(work: Parameters<typeof withLoadBrake<T>>[2]): ReturnType<typeof withLoadBrake<T>>;
}

/** A service for each of the faults, under a load that has brakes. */
async function sceneOf(t: TestContext, ...faults: readonly ServiceFaults[]): Promise<Scene> {
  const runFolder = await scratchFolder(t);
  const services = await Promise.all(faults.map((one) => startTrafficService(one)));
  t.after(() => Promise.all(services.map((service) => service.close())));
  const brakes: LoadBrakes = { signal: new AbortController().signal, errorLimit: HALF };
  return {
    urls: services.map(({ url }) => url),
    order: { runFolder, loginPassword: LOGIN_PASSWORD },
    braked: (work) => withLoadBrake(own.server, brakes, work),
  };
}

/** The smoke scenario at 20 iterations a second, for 18 s after a warm-up of 3 s: what ends it sooner is the brake. */
const LONG = { durationFactor: 3, rateFactor: 10 };

const TOLD =
  /^The load was ended: of the last [\d,]+ requests to the service, within 10 s, [\d,]+ failed \(\d+ %\); expected at most 50 %\.$/;

describe('a service that begins to fail', { timeout: 900_000 }, () => {
  test('ends the load of k6, and what was measured is kept', async (t) => {
    const { urls, order, braked } = await sceneOf(t, failing(9));
    const { result, ended } = await braked((given) =>
      k6Generator(k6).run({ ...order, ...given, plan: trafficPlan(urls[0] ?? '', LONG) }),
    );
    assert.match(ended?.message ?? '', TOLD);
    assert.ok(result.report.errors > 0 && result.report.requests > result.report.errors);
    assert.ok(result.report.files.includes('k6-samples.csv.gz'));
    assert.ok(!result.report.files.includes('k6-samples.csv')); // packed
    assert.ok(result.report.warnings.some((warning) => warning.startsWith('k6 was stopped before its end')));
  });

  test('ends the load of a k6 script of one’s own', async (t) => {
    const { urls, order, braked } = await sceneOf(t, { status: () => 500 });
    const file = path.join(PROJECT_ROOT, 'test', 'fixtures', 'k6', 'endless.js');
    const plan = { kind: 'script', scenario: 'own', file, environment: {}, randomSeed: 1 } as const;
    const { result, ended } = await braked((given) =>
      k6Generator(k6).run({ ...order, ...given, plan: { ...plan, baseUrl: urls[0] ?? '' } }),
    );
    assert.match(ended?.message ?? '', TOLD);
    assert.ok(result.report.requests >= 20); // the fewest that a share is told of
  });

  test('ends the load of autocannon', async (t) => {
    const { urls, order, braked } = await sceneOf(t, failing(9));
    const { result, ended } = await braked((given) =>
      autocannonGenerator([
        {
          endpoint: 'listBookings',
          connections: [2],
          length: { warmUpSeconds: 0, seconds: 600 },
          timeoutSeconds: 5,
        },
      ]).run({ ...order, ...given, plan: trafficPlan(urls[0] ?? '') }),
    );
    assert.match(ended?.message ?? '', TOLD);
    assert.ok(result.report.errors > 0 && result.report.requests > result.report.errors);
  });

  for (const generator of [pairedK6Generator(k6), pairedAutocannonGenerator(20)])
    test(`ends the load that it shares with another under ${generator.name}, and is named`, async (t) => {
      const { urls, order, braked } = await sceneOf(t, {}, failing(9));
      const { baseUrl, ...traffic } = trafficPlan('', LONG);
      const targets = urls.map((url, index) => ({ name: `arm-${index + 1}`, baseUrl: url }));
      const braking = braked((given) =>
        generator.run({ ...order, ...given, plan: { ...traffic, targets } }),
      ).then(({ ended }) => ended);
      // autocannon may not have measured both by then: then the brake is all that is told
      const ended = await braking.catch((error: unknown) => error as Awaited<typeof braking>);
      assert.equal(ended?.code, 'LOAD_BRAKED');
      assert.match(
        ended?.message ?? '',
        /^The load was ended: of the last [\d,]+ requests to the service of arm-2,/,
      );
    });

  test('with few of its answers does not end the load, nor does one that answers 429', async (t) => {
    const few = await sceneOf(t, failing(3));
    const short = { durationFactor: 1, rateFactor: 20 };
    const load = await few.braked((given) =>
      k6Generator(k6).run({ ...few.order, ...given, plan: trafficPlan(few.urls[0] ?? '', short) }),
    );
    assert.equal(load.ended, null);
    assert.ok(load.result.report.errors > 0 && load.result.report.requests > 20);
    const refusing = await sceneOf(t, failing(10, 429));
    const refused = await refusing.braked((given) =>
      k6Generator(k6).run({ ...refusing.order, ...given, plan: trafficPlan(refusing.urls[0] ?? '', short) }),
    );
    assert.equal(refused.ended, null);
  });
});

describe('a run whose service begins to fail', { timeout: 900_000 }, () => {
  test('says that it is incomplete and why, keeps probe and load, and leaves nothing behind', async (t) => {
    const results = await scratchFolder(t);
    const run = runTool(
      ['run', 'load', '--generator', 'k6', '--probes', '1', '--results', results, ...SMALLEST_OPTIONS],
      { env: { RUSHHOUR_CACHE: own.cache } },
    );
    await untilStarted(own.cache, run, [/^k6$/]);
    assert.ok(await eventually(() => hasMeasured(results), run));
    await breakDatabaseAtWork();
    const { exitCode, stderr } = await run;
    assert.equal(exitCode, EXIT.failure, `${stderr}`);
    const stored = await readResult(results, 'last');
    assert.ok(stored.kind === 'run' && stored.run.state === 'failed');
    assert.match(stored.run.failure ?? '', TOLD);
    assert.ok(String(stderr).includes(stored.run.failure ?? '-'));
    assert.notEqual(stored.run.probe, null);
    const [load] = stored.run.loads;
    assert.ok((load?.report.requests ?? 0) > 0 && (load?.report.errors ?? 0) > 0);
    assert.deepEqual(stillRunning(startedWith(own.cache, run.pid)), []);
    assert.deepEqual(await leftoverDatabases(own.server), []);
    const report = await runTool(['report', 'last', '--results', results]);
    assert.equal(report.exitCode, EXIT.fine, `${report.stderr}`);
  });

  /** Past its setup: k6 writes about a kilobyte a request. */
  async function hasMeasured(results: string): Promise<boolean> {
    const [folder = ''] = await readdir(results).catch(() => []);
    const written = await stat(path.join(results, folder, 'k6-samples.csv')).catch(() => null);
    return (written?.size ?? 0) > 30_000;
  }

  /** Takes the tables away from the service, once it works. */
  async function breakDatabaseAtWork(): Promise<void> {
    const atWork = async () => {
      const { rows } = await withAdmin(own.server, undefined, (admin) =>
        admin.query<{ name: string }>(
          "SELECT DISTINCT datname AS name FROM pg_stat_activity WHERE application_name = 'rushhour-target'",
        ),
      );
      return rows[0]?.name;
    };
    assert.ok(await eventually(async () => (await atWork()) !== undefined));
    await withAdmin(own.server, await atWork(), (client) =>
      client.query('ALTER TABLE booking RENAME TO gone; ALTER TABLE driver RENAME TO gone_too'),
    );
  }
});
