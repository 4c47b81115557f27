import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { HarnessError } from '../../harness/errors.ts';
import { autocannonGenerator } from '../../harness/load-generators/autocannon.ts';
import { quantileOf, sortLatencies } from '../../harness/load-generators/latency-summary.ts';
import type { LoadOutcome, LoadRequest } from '../../harness/load-generators/load-generator.ts';
import type { TrafficPlan } from '../../scenarios/traffic-plan.ts';
import type { SaturationProbe } from '../../scenarios/workloads.ts';
import {
  LOGIN_PASSWORD,
  type ServiceFaults,
  startTrafficService,
  type TrafficService,
  trafficPlan,
} from './traffic-service.ts';

const BOOKINGS = 'GET /api/v1/bookings';
const DISPATCH = 'POST /api/v1/company_dispatch/run?wait=true';

interface Scene {
  readonly service: TrafficService;
  readonly plan: TrafficPlan;
  readonly folder: string;
  run(probes: readonly SaturationProbe[], request?: Partial<LoadRequest>): Promise<LoadOutcome>;
}

async function withTraffic(
  options: { faults?: ServiceFaults; companyDays?: number },
  work: (scene: Scene) => Promise<void>,
): Promise<void> {
  const service = await startTrafficService(options.faults);
  const folder = await mkdtemp(path.join(tmpdir(), 'rushhour autocannon, run '));
  const plan = trafficPlan(service.url, {}, options.companyDays);
  try {
    await work({
      service,
      plan,
      folder,
      run: (probes, request = {}) => {
        const { signal } = new AbortController();
        const complete = { plan, loginPassword: LOGIN_PASSWORD, runFolder: folder, signal, ...request };
        return autocannonGenerator(probes).run(complete);
      },
    });
  } finally {
    await service.close();
    await rm(folder, { recursive: true });
  }
}

/** A probe of bookings that ends after a number of requests, so that every one of them is measured. */
function countedProbe(connections: number, requestsPerConnection: number): SaturationProbe {
  return {
    endpoint: 'listBookings',
    connections: [connections],
    length: { requestsPerConnection },
    timeoutSeconds: 2,
  };
}

interface Sample {
  readonly sentAtMs: number;
  readonly durationMs: number;
  readonly end: string;
}

async function samplesIn(folder: string): Promise<Sample[]> {
  const bytes = await readFile(path.join(folder, 'autocannon-samples.csv.gz'));
  const [, ...lines] = gunzipSync(bytes).toString().trimEnd().split('\n');
  return lines.map((line) => {
    const [, , sentAt, duration, end = ''] = line.split(',');
    return { sentAtMs: Number(sentAt), durationMs: Number(duration), end };
  });
}

const servedBy = (service: TrafficService, name: string) =>
  service.served.filter(({ endpoint }) => endpoint === name);

/** Ends when half a second brings no request; traffic that goes on lets the test run into its time limit. */
async function untilSilent(service: TrafficService): Promise<void> {
  for (let before = -1; before !== service.received(); ) {
    before = service.received();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('autocannon as load generator', { concurrency: 2, timeout: 120_000 }, () => {
  test('latency is in fractions of a millisecond, never below the service’s own, and each request counts once', async () => {
    // autocannon's own histogram said p50 27 ms and 1599 samples for 30 requests of 50 ms.
    await withTraffic({ faults: { latencyMs: () => 50 } }, async ({ service, folder, run }) => {
      const { report } = await run([countedProbe(5, 6)]);
      const served = servedBy(service, BOOKINGS).map(({ servedMs }) => servedMs);
      assert.equal(served.length, 30);
      const [endpoint] = report.endpoints;
      assert.equal(endpoint?.requests, 30);
      const sorted = sortLatencies(served);
      for (const { quantile, ms } of endpoint?.percentiles ?? []) {
        assert.ok(ms >= (quantileOf(sorted, quantile) ?? Number.NaN), `quantile ${quantile}: ${ms} ms`);
      }
      assert.ok((endpoint?.latency?.p50Ms ?? 0) >= (quantileOf(sorted, 0.5) ?? Number.NaN));
      const samples = await samplesIn(folder);
      assert.equal(samples.length, 30);
      assert.ok(samples.some(({ durationMs }) => !Number.isInteger(durationMs)));
      assert.deepEqual(report.warnings, []);
    });
  });

  test('throughput follows from the first and the last answer, not from a tick of a timer', async () => {
    await withTraffic({ faults: { latencyMs: () => 20 } }, async ({ folder, run }) => {
      const { report } = await run([countedProbe(3, 5)]);
      const samples = await samplesIn(folder);
      const first = Math.min(...samples.map(({ sentAtMs }) => sentAtMs));
      const last = Math.max(...samples.map(({ sentAtMs, durationMs }) => sentAtMs + durationMs));
      const [phase] = report.phases;
      assert.ok(Math.abs((phase?.throughputPerSecond ?? 0) - 15_000 / (last - first)) < 0.1);
      assert.deepEqual([phase?.concurrency, phase?.endpoint], [3, BOOKINGS]);
    });
  });

  test('a timed level leaves its warm-up out, and all of its requests are accounted for', async () => {
    await withTraffic({ faults: { latencyMs: () => 5 } }, async ({ service, run }) => {
      const length = { warmUpSeconds: 0.3, seconds: 0.5 };
      const { report, cpuMs } = await run([
        { endpoint: 'setLocation', connections: [1, 4], length, timeoutSeconds: 2 },
      ]);
      assert.ok(report.requests > 0 && report.requests < service.served.length);
      assert.deepEqual(
        report.phases.map(({ name }) => name),
        [1, 4].map(
          (count) => `PUT /api/v1/drivers/:id/location × ${count} connection${count === 1 ? '' : 's'}`,
        ),
      );
      assert.deepEqual(report.warnings, []);
      assert.ok(cpuMs !== null && cpuMs > 0);
      const total = report.series.reduce((sum, { requests }) => sum + requests, 0);
      assert.equal(total, report.requests);
    });
  });

  test('a service that drops connections is noticed, and no later answer is taken for an earlier request', async () => {
    for (const drop of ['before', 'middle'] as const) {
      const faults: ServiceFaults = {
        latencyMs: () => 10,
        drop: (endpoint, nth) => (endpoint === BOOKINGS && nth % 4 === 0 ? drop : false),
      };
      await withTraffic({ faults }, async ({ service, folder, run }) => {
        const { report } = await run([countedProbe(1, 20)]);
        assert.equal(servedBy(service, BOOKINGS).length, 15);
        assert.equal(report.requests, 20);
        assert.equal(report.errors, 5);
        assert.match(report.warnings.join('\n'), /5 of 20 requests got no answer, their connection broke/);
        const samples = await samplesIn(folder);
        assert.equal(samples.filter(({ end }) => end === 'ok').length, 15);
        assert.equal(report.mismatches, 0);
        // On one connection requests follow each other; with shifted start times they would overlap.
        const byTime = samples.toSorted((a, b) => a.sentAtMs - b.sentAtMs);
        for (const [index, next] of byTime.slice(1).entries()) {
          const before = byTime[index] as Sample;
          assert.ok(
            before.sentAtMs + before.durationMs <= next.sentAtMs + 0.5,
            `request ${index} overlaps the next`,
          );
        }
      });
    }
  });

  test('a timeout is an error without a latency', async () => {
    const faults = {
      latencyMs: (endpoint: string, nth: number) => (endpoint === BOOKINGS && nth === 2 ? 60_000 : 0),
    };
    await withTraffic({ faults }, async ({ run }) => {
      const { report } = await run([countedProbe(1, 4)]);
      const [endpoint] = report.endpoints;
      assert.deepEqual([endpoint?.requests, endpoint?.errors, endpoint?.timeouts], [4, 1, 1]);
      assert.ok(
        (endpoint?.latency?.maxMs ?? Number.NaN) < 2_000,
        'the timeout of 2 s is not among the latencies',
      );
    });
  });

  test('a wrong body is a mismatch, a wrong status is not', async () => {
    const faults: ServiceFaults = {
      wrongBody: (endpoint, nth) => endpoint === BOOKINGS && nth <= 3,
      status: (endpoint, nth) => (endpoint === BOOKINGS && nth === 10 ? 500 : undefined),
    };
    await withTraffic({ faults }, async ({ run }) => {
      const { report } = await run([countedProbe(2, 5)]);
      assert.deepEqual([report.requests, report.errors, report.mismatches], [10, 4, 3]);
    });
  });

  test('each dispatch takes the next company-day, on all connections together and across levels', async () => {
    await withTraffic({ faults: { latencyMs: () => 5 }, companyDays: 4 }, async ({ service, plan, run }) => {
      const { report } = await run([
        {
          endpoint: 'dispatchAndWait',
          connections: [1, 3, 4],
          length: { requestsPerConnection: 1.6 },
          timeoutSeconds: 5,
        },
      ]);
      const listed = plan.companyDays.map(({ companyId, day }) => `${companyId}/${day}`);
      assert.equal(listed.length, 8);
      // 1 × 2 and 3 × 2 requests use up the eight days; 4 × 2 more do not fit.
      assert.deepEqual(service.dispatched.toSorted(), listed.toSorted());
      assert.match(
        report.warnings.join('\n'),
        /× 4 connections was left out: it needs 8 company-days, 0 are left/,
      );
      assert.deepEqual([report.dispatches.started, report.dispatches.completed], [8, 8]);
      assert.equal(report.endpoints.find(({ endpoint }) => endpoint === DISPATCH)?.requests, 8);
    });
  });

  test('a service that has gone ends the level instead of hammering its port', async () => {
    const gone: { close?: () => Promise<void> } = {};
    const faults: ServiceFaults = {
      latencyMs: (endpoint, nth) => {
        if (endpoint === BOOKINGS && nth === 5) void gone.close?.();
        return 0;
      },
    };
    const service = await startTrafficService(faults);
    gone.close = service.close;
    const folder = await mkdtemp(path.join(tmpdir(), 'rushhour-autocannon-'));
    try {
      const length = { warmUpSeconds: 0, seconds: 60 };
      const { report } = await autocannonGenerator([
        { endpoint: 'listBookings', connections: [2], length, timeoutSeconds: 2 },
      ]).run({
        plan: trafficPlan(service.url),
        loginPassword: LOGIN_PASSWORD,
        runFolder: folder,
        signal: new AbortController().signal,
      });
      assert.match(
        report.warnings.join('\n'),
        /was given up: the service took no connection any more .*ECONNREFUSED/,
      );
      assert.ok(report.errors > 0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('an abort stops the traffic and keeps what was measured', async () => {
    await withTraffic({ faults: { latencyMs: () => 10 } }, async ({ service, run }) => {
      const stop = new AbortController();
      const length = { warmUpSeconds: 0, seconds: 60 };
      const running = run([{ endpoint: 'listBookings', connections: [2, 4], length, timeoutSeconds: 2 }], {
        signal: stop.signal,
      });
      await until(() => service.served.length > 30);
      stop.abort();
      const { report } = await running;
      assert.ok(report.requests > 0);
      assert.ok(report.interruptedIterations <= 2);
      assert.match(report.warnings.join('\n'), /stopped before its end/);
      assert.equal(report.phases.length, 1, 'the second level was never begun');
    });
  });

  test('when the harness dies without a word, the traffic ends with it', async () => {
    await withTraffic({ faults: { latencyMs: () => 10 } }, async ({ service, plan, folder }) => {
      const module = new URL('../../harness/load-generators/autocannon.ts', import.meta.url).href;
      const length = { warmUpSeconds: 0, seconds: 60 };
      const probe = { endpoint: 'listBookings', connections: [1], length, timeoutSeconds: 2 };
      const request = { plan, loginPassword: LOGIN_PASSWORD, runFolder: folder };
      const script = `
        const { autocannonGenerator } = await import(${JSON.stringify(module)});
        const { signal } = new AbortController();
        await autocannonGenerator([${JSON.stringify(probe)}]).run({ ...${JSON.stringify(request)}, signal });`;
      const options = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script];
      const harness = spawn(process.execPath, options, { stdio: 'ignore' });
      await until(() => service.served.length > 20);
      harness.kill('SIGKILL');
      await new Promise((resolve) => harness.once('exit', resolve));
      await untilSilent(service);
    });
  });

  test('without anything measured an abort is an error', async () => {
    await withTraffic({}, async ({ run }) => {
      const isInterrupted = (error: HarnessError) => error.code === 'INTERRUPTED';
      await assert.rejects(run([countedProbe(1, 1)], { signal: AbortSignal.abort() }), isInterrupted);
      const stop = new AbortController();
      const running = run([countedProbe(1, 1)], { signal: stop.signal });
      stop.abort();
      await assert.rejects(running, isInterrupted);
    });
  });

  test('password and tokens are in no file', async () => {
    await withTraffic({}, async ({ service, folder, run }) => {
      await run([countedProbe(2, 3)]);
      assert.ok(service.tokens.length > 0);
      const files = await readdir(folder);
      assert.deepEqual(files, ['autocannon-samples.csv.gz']);
      const text = gunzipSync(await readFile(path.join(folder, 'autocannon-samples.csv.gz'))).toString();
      for (const secret of [LOGIN_PASSWORD, ...service.tokens]) assert.ok(!text.includes(secret));
    });
  });

  test('a login that is refused is told with the company and without the password', async () => {
    await withTraffic({}, async ({ run }) => {
      const running = run([countedProbe(1, 1)], { loginPassword: 'another-secret' });
      await assert.rejects(running, (error: HarnessError) => {
        assert.equal(error.code, 'LOAD_GENERATOR_FAILED');
        assert.match(error.message, /POST \/api\/v1\/auth\/login of company 1 failed: status 401/);
        assert.ok(!error.message.includes('another-secret'));
        return true;
      });
    });
  });
});
