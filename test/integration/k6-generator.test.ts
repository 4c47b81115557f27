import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { HarnessError } from '../../harness/errors.ts';
import { k6Generator } from '../../harness/load-generators/k6.ts';
import { findK6, missingK6Error } from '../../harness/load-generators/k6-binary.ts';
import type { K6Program } from '../../harness/load-generators/k6-run.ts';
import { trendStatOf } from '../../harness/load-generators/k6-summary.ts';
import type { LoadRequest } from '../../harness/load-generators/load-generator.ts';
import { judgeThresholds } from '../../harness/load-generators/thresholds.ts';
import type { LoadReport } from '../../harness/result.ts';
import { rememberSecret } from '../../harness/secrets.ts';
import { scheduleTraffic } from '../../scenarios/schedule.ts';
import type { TrafficPlan } from '../../scenarios/traffic-plan.ts';
import {
  LOGIN_PASSWORD,
  type ServiceFaults,
  startTrafficService,
  type TrafficService,
  trafficPlan,
} from './traffic-service.ts';

interface Scene {
  readonly service: TrafficService;
  readonly plan: TrafficPlan;
  readonly folder: string;
  run(request?: Partial<LoadRequest>): Promise<LoadReport>;
}

interface SceneOptions {
  readonly faults?: ServiceFaults;
  readonly plan?: Partial<TrafficPlan>;
  readonly companyDays?: number;
  /** A script of test/fixtures/k6 instead of the scenario's own. */
  readonly script?: string;
}

/** The smoke scenario, shortened: 1 s of warm-up, then 12 iterations and some dispatches in about 2.4 s. */
async function withTraffic(options: SceneOptions, work: (scene: Scene) => Promise<void>): Promise<void> {
  const k6 = await usableK6();
  const script =
    options.script === undefined ? undefined : new URL(`../fixtures/k6/${options.script}`, import.meta.url);
  const service = await startTrafficService(options.faults);
  // A comma would end a value of --out, a space an argument that is not quoted.
  const folder = await mkdtemp(path.join(tmpdir(), 'rushhour k6, run '));
  const plan = trafficPlan(
    service.url,
    { durationFactor: 0.4, rateFactor: 2.5, ...options.plan },
    options.companyDays,
  );
  const run = async (request: Partial<LoadRequest> = {}) => {
    const { signal } = new AbortController();
    const complete = { plan, loginPassword: LOGIN_PASSWORD, runFolder: folder, signal, ...request };
    return (await k6Generator(k6, script).run(complete)).report;
  };
  try {
    await work({ service, plan, folder, run });
  } finally {
    await service.close();
    await rm(folder, { recursive: true });
  }
}

async function usableK6(): Promise<K6Program> {
  const found = await findK6();
  if (!found.found) throw missingK6Error(found);
  return found;
}

function plannedIterations(plan: TrafficPlan, kind: 'mix' | 'dispatch'): number {
  return scheduleTraffic(plan)
    .arrivals.filter((arrivals) => arrivals.measured && arrivals.kind === kind)
    .reduce((sum, { arrivals }) => sum + arrivals, 0);
}

async function summaryOf(folder: string) {
  const text = await readFile(path.join(folder, 'k6-summary.json'), 'utf8');
  return JSON.parse(text) as { metrics: Record<string, { values: Record<string, number> }> };
}

const endpointOf = (report: LoadReport, name: string) =>
  report.endpoints.find(({ endpoint }) => endpoint === name);

const failedThresholds = (report: LoadReport) =>
  judgeThresholds(report, 'smoke')
    .filter(({ passed }) => !passed)
    .map(({ name }) => name);

/** Ends when `condition` holds; the traffic under test makes it come true. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('k6 as load generator', { concurrency: 2, timeout: 900_000 }, () => {
  test('every request after login and warm-up is in the report, once', async () => {
    await withTraffic({}, async ({ service, folder, run }) => {
      const report = await run();
      const { metrics } = await summaryOf(folder);
      assert.equal(metrics.http_reqs?.values.count, service.served.length);
      assert.equal(report.requests, metrics['http_reqs{phase:measure}']?.values.count);
      assert.ok(report.requests > 0 && report.requests < service.served.length);
      assert.equal(endpointOf(report, 'POST /api/v1/auth/login'), undefined);
      const sum = (parts: readonly { requests: number }[]) =>
        parts.reduce((total, { requests }) => total + requests, 0);
      assert.equal(sum(report.endpoints), report.requests);
      assert.equal(sum(report.series), report.requests);
      assert.equal(report.errors, 0);
      assert.deepEqual(report.warnings, []);
    });
  });

  test('percentiles are those k6 computes from its raw floats, and none is faster than the service was', async () => {
    const slow = 'GET /api/v1/bookings';
    const faults = { latencyMs: (endpoint: string, nth: number) => (endpoint === slow ? 30 + 5 * nth : 0) };
    await withTraffic({ faults }, async ({ service, folder, run }) => {
      const report = await run();
      const { metrics } = await summaryOf(folder);
      for (const { endpoint, latency, percentiles } of report.endpoints) {
        const own = metrics[`http_req_duration{name:${endpoint},phase:measure}`]?.values ?? {};
        const close = (actual: number | undefined, expected: number | undefined) =>
          assert.ok(
            Math.abs((actual ?? NaN) - (expected ?? NaN)) < 1e-6,
            `${endpoint}: ${actual}, ${expected}`,
          );
        close(latency?.meanMs, own.avg);
        for (const { quantile, ms } of percentiles) close(ms, own[trendStatOf(quantile)]);
      }
      const served = service.served.filter(({ endpoint }) => endpoint === slow).length;
      // Each answer took 5 ms longer than the one before. The first ones are the warm-up's, the last one is measured.
      assert.ok((endpointOf(report, slow)?.latency?.minMs ?? 0) >= 30 + 5);
      assert.ok((endpointOf(report, slow)?.latency?.maxMs ?? 0) >= 30 + 5 * served);
    });
  });

  test('a slow dispatch is asked about more often, but makes no more measured requests', async () => {
    const runs = 'GET /api/v1/company_dispatch/runs/:id';
    await withTraffic({ faults: { dispatchMs: 400 } }, async ({ service, plan, run }) => {
      const report = await run();
      const dispatches = plannedIterations(plan, 'dispatch');
      assert.equal(report.dispatches.completed, dispatches);
      assert.ok((report.dispatches.timeToCompleteMs?.minMs ?? 0) >= 400);
      assert.equal(endpointOf(report, runs)?.requests, dispatches);
      const asked = service.served.filter(({ endpoint }) => endpoint === runs).length;
      assert.ok(asked > 3 * dispatches, `asked ${asked} times`);
      assert.deepEqual(report.warnings, []);
    });
  });

  test('exceptions in every iteration are noticed, although k6 exits 0', async () => {
    await withTraffic({ script: 'throwing-iterations.js' }, async ({ plan, run }) => {
      const report = await run();
      assert.equal(report.exceptions, plannedIterations(plan, 'mix'));
      assert.match(report.warnings.join('\n'), /iterations threw, the first with "nothing works"/);
      assert.ok(failedThresholds(report).includes('iterations that threw'));
    });
  });

  test('exceptions that a script does not count are found in the log of k6', async () => {
    await withTraffic({ script: 'uncounted-exceptions.js' }, async ({ plan, run }) => {
      assert.equal((await run()).exceptions, plannedIterations(plan, 'mix'));
    });
  });

  test('a password and a token that a script has logged are not in its log afterwards', async (t) => {
    t.after(rememberSecret(LOGIN_PASSWORD));
    await withTraffic({ script: 'talkative-iterations.js' }, async ({ plan, folder, run }) => {
      assert.equal((await run()).exceptions, plannedIterations(plan, 'mix'));
      const log = await readFile(path.join(folder, 'k6-log.jsonl'), 'utf8');
      assert.match(log, /logged in with \[secret\]/);
      assert.match(log, /refused: \[secret\]/);
      assert.ok(!log.includes(LOGIN_PASSWORD) && !log.includes('eyJ'));
    });
  });

  test('status 200 with a wrong body is a mismatch and an error', async () => {
    const wrong = 'GET /api/v1/bookings/:id';
    const faults = { wrongBody: (endpoint: string) => endpoint === wrong };
    await withTraffic({ faults }, async ({ run }) => {
      const report = await run();
      const { requests, errors } = endpointOf(report, wrong) ?? { requests: 0, errors: -1 };
      assert.ok(requests > 0);
      assert.equal(errors, requests);
      assert.equal(report.mismatches, requests);
      assert.equal(report.errors, requests);
      assert.ok(failedThresholds(report).includes('answers with a wrong body'));
    });
  });

  test('a wrong status is an error with a latency, and no mismatch', async () => {
    const refused = 'PUT /api/v1/drivers/:id/location';
    const faults = { status: (endpoint: string) => (endpoint === refused ? 503 : undefined) };
    await withTraffic({ faults }, async ({ run }) => {
      const report = await run();
      const measured = endpointOf(report, refused);
      assert.equal(measured?.errors, measured?.requests);
      assert.notEqual(measured?.latency ?? null, null);
      assert.equal(report.mismatches, 0);
      assert.deepEqual(failedThresholds(report), [`errors of ${refused}`]);
    });
  });

  test('a request without an answer is a timeout, and its waiting is nobody’s latency', async () => {
    const stuck = 'PUT /api/v1/drivers/:id/location';
    const faults = { latencyMs: (endpoint: string) => (endpoint === stuck ? 60_000 : 0) };
    await withTraffic({ faults }, async ({ run }) => {
      const report = await run();
      const measured = endpointOf(report, stuck);
      assert.ok((measured?.requests ?? 0) > 0);
      assert.equal(measured?.timeouts, measured?.requests);
      assert.equal(measured?.errors, measured?.requests);
      assert.equal(measured?.latency, null);
      assert.equal(report.droppedIterations, 0, 'there is a VU for each request that times out');
    });
  });

  test('arrivals that find no VU are reported as dropped', async () => {
    // 5 arrivals a second, but the only VU is busy for 1 s each time.
    const faults = { latencyMs: (endpoint: string) => (endpoint.includes('login') ? 0 : 1_000) };
    await withTraffic({ faults, script: 'scarce-vus.js' }, async ({ run }) => {
      const report = await run();
      assert.ok(report.droppedIterations > 0);
      assert.match(report.warnings.join('\n'), /found no free VU/);
      assert.ok(failedThresholds(report).includes('dropped iterations'));
    });
  });

  test('an abort stops k6 and keeps what was measured', async () => {
    await withTraffic({ plan: { durationFactor: 4 } }, async ({ service, run }) => {
      const stop = new AbortController();
      const running = run({ signal: stop.signal });
      // Before: setup 4, warm-up 20 iterations of at most two requests and 3 dispatches of at most six.
      await until(() => service.served.length > 64);
      stop.abort();
      const report = await running;
      assert.ok(report.requests > 0);
      assert.ok(report.requests < service.served.length);
      assert.match(report.warnings.join('\n'), /stopped before its end/);
      const { received } = service;
      const afterwards = received();
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal(received(), afterwards, 'no traffic after the report');
    });
  });

  test('iterations that an abort cuts off are counted, their requests are not', async () => {
    const stuck = 'PUT /api/v1/drivers/:id/location';
    let waiting = 0;
    const latencyMs = (endpoint: string) => {
      if (endpoint !== stuck) return 0;
      waiting += 1;
      return 60_000;
    };
    await withTraffic({ faults: { latencyMs }, plan: { durationFactor: 4 } }, async ({ run }) => {
      const stop = new AbortController();
      const running = run({ signal: stop.signal });
      await until(() => waiting >= 9); // the warm-up of 20 iterations has 6 of them
      stop.abort();
      const report = await running;
      assert.ok(report.interruptedIterations > 0);
      assert.equal(report.errors, endpointOf(report, stuck)?.timeouts ?? 0);
    });
  });

  test('without anything measured an abort is an error', async () => {
    // 4 s of warm-up, longer than the half second to the first report of progress
    await withTraffic({ plan: { durationFactor: 4 } }, async ({ run }) => {
      const isInterrupted = (error: HarnessError) => error.code === 'INTERRUPTED';
      await assert.rejects(run({ signal: AbortSignal.abort() }), isInterrupted);
      const stop = new AbortController();
      const running = run({ signal: stop.signal, onProgress: () => stop.abort() });
      await assert.rejects(running, isInterrupted);
    });
  });

  const linuxOnly = { skip: process.platform === 'linux' ? false : 'finds the process in /proc' };
  test('a k6 that somebody else ends is an error, not a short result', linuxOnly, async () => {
    for (const [signal, said] of [
      ['SIGKILL', /signal SIGKILL/],
      ['SIGTERM', /a signal that rushhour did not send \(exit code 105\)/],
    ] as const) {
      await withTraffic({ plan: { durationFactor: 4 } }, async ({ service, folder, run }) => {
        const running = assert.rejects(run(), (error: HarnessError) => {
          assert.equal(error.code, 'LOAD_GENERATOR_FAILED');
          assert.match(error.message, said);
          return true;
        });
        await until(() => service.served.length > 8);
        for (const pid of await pidsOfK6In(folder)) process.kill(pid, signal);
        await running;
      });
    }
  });

  test('neither the user’s k6 configuration, nor K6_ variables, nor a busy port 6565 change the run', async () => {
    const home = await mkdtemp(path.join(tmpdir(), 'rushhour-home-'));
    await mkdir(path.join(home, '.config', 'k6'), { recursive: true });
    const configuration = JSON.stringify({
      vus: 1,
      iterations: 1,
      userAgent: 'configured',
      httpDebug: 'full',
    });
    await writeFile(path.join(home, '.config', 'k6', 'config.json'), configuration);
    const before = { ...process.env };
    Object.assign(process.env, { HOME: home, XDG_CONFIG_HOME: path.join(home, '.config') });
    Object.assign(process.env, {
      K6_VUS: '1',
      K6_ITERATIONS: '1',
      K6_DURATION: '1s',
      K6_SUMMARY_MODE: 'disabled',
    });
    const taken = net.createServer();
    await new Promise<void>((resolve) =>
      taken.once('error', () => resolve()).listen(6565, '127.0.0.1', resolve),
    );
    try {
      await withTraffic({}, async ({ plan, folder, run }) => {
        const report = await run();
        const { metrics } = await summaryOf(folder);
        const measured = plannedIterations(plan, 'mix') + plannedIterations(plan, 'dispatch');
        const warmUp = (metrics.iterations?.values.count ?? 0) - measured;
        assert.ok(warmUp >= 2, `${warmUp} iterations of warm-up and ${measured} others`);
        assert.deepEqual(report.warnings, []);
        assert.equal(await readFile(path.join(folder, 'k6-log.jsonl'), 'utf8'), '');
      });
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
      taken.close();
      await rm(home, { recursive: true });
    }
  });

  test('password and tokens are in no file and in no argument', async () => {
    await withTraffic({}, async ({ service, folder, run }) => {
      const commandLines: string[] = [];
      let looking = Promise.resolve();
      const onProgress = () => {
        looking = looking.then(async () => {
          commandLines.push(...(await commandLinesOfChildren()));
        });
      };
      await run({ onProgress });
      await looking;
      const secrets = [LOGIN_PASSWORD, ...service.tokens];
      assert.ok(secrets.length >= 3);
      const files = await readdir(folder);
      assert.ok(files.includes('k6-samples.csv.gz') && files.includes('k6-summary.json'));
      for (const file of files) {
        const bytes = await readFile(path.join(folder, file));
        const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
        for (const secret of secrets) assert.ok(!text.includes(secret), `${file} holds a secret`);
      }
      if (process.platform === 'linux') assert.ok(commandLines.some((line) => line.includes('smoke.ts')));
      for (const line of commandLines) for (const secret of secrets) assert.ok(!line.includes(secret));
    });
  });

  test('each company-day is dispatched at most once, in the order of the list, also when the list is short', async () => {
    await withTraffic({ companyDays: 1, plan: { durationFactor: 0.8 } }, async ({ service, plan, run }) => {
      const report = await run();
      const listed = plan.companyDays.map(({ companyId, day }) => `${companyId}/${day}`);
      assert.deepEqual(service.dispatched, listed);
      const measured = plannedIterations(plan, 'dispatch');
      assert.deepEqual(
        { ...report.dispatches, timeToCompleteMs: null },
        { started: measured, completed: measured, failed: 0, unfinished: 0, timeToCompleteMs: null },
      );
      assert.match(report.warnings.join('\n'), /dispatches instead of/);
    });
  });

  test('with company-days enough every dispatch takes the next one', async () => {
    await withTraffic({ companyDays: 20 }, async ({ service, plan, run }) => {
      await run();
      const listed = plan.companyDays.map(({ companyId, day }) => `${companyId}/${day}`);
      const started = service.dispatched.length;
      assert.ok(started >= plannedIterations(plan, 'dispatch'));
      // Warm-up and measured dispatches may overtake each other.
      assert.deepEqual(service.dispatched.toSorted(), listed.slice(0, started).toSorted());
    });
  });

  test('a login that is refused ends the run with the company and without the password', async () => {
    await withTraffic({}, async ({ service, run }) => {
      await assert.rejects(run({ loginPassword: 'another-secret' }), (error: HarnessError) => {
        assert.equal(error.code, 'LOAD_GENERATOR_FAILED');
        assert.match(error.message, /exit code 107.*Login of company 1 \(dispatcher1@example\.test\) failed/);
        assert.ok(!`${error.message}${error.hint}`.includes('another-secret'));
        return true;
      });
      assert.equal(service.received(), 1, 'no traffic without a login');
    });
  });

  test('a plan that cannot be driven, and a k6 that is not there, are told as such', async () => {
    await withTraffic({}, async ({ plan, folder, run }) => {
      const signal = new AbortController().signal;
      await assert.rejects(run({ plan: { ...plan, rateFactor: 0 } }), { code: 'BAD_OPTION' });
      const missing = k6Generator({ path: path.join(folder, 'no-k6'), version: '1.8.1' });
      await assert.rejects(
        missing.run({ plan, loginPassword: LOGIN_PASSWORD, runFolder: folder, signal }),
        (error: HarnessError) => error.code === 'LOAD_GENERATOR_FAILED' && /ENOENT/.test(error.message),
      );
    });
  });
});

/** The direct children of this process. Linux only; empty elsewhere. */
async function pidsOfChildren(): Promise<number[]> {
  const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8').catch(() => '');
  return children.trim().split(' ').filter(Boolean).map(Number);
}

async function commandLinesOfChildren(): Promise<string[]> {
  const pids = await pidsOfChildren();
  return Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
}

/** The k6 of one scene: the one that works in its folder. */
async function pidsOfK6In(folder: string): Promise<number[]> {
  const pids = await pidsOfChildren();
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
  return pids.filter((_, index) => folders[index] === folder);
}
