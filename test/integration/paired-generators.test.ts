import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { HarnessError } from '../../harness/errors.ts';
import { pairedAutocannonGenerator } from '../../harness/load-generators/autocannon-paired.ts';
import { findK6, missingK6Error } from '../../harness/load-generators/k6-binary.ts';
import { pairedK6Generator } from '../../harness/load-generators/k6-paired.ts';
import type {
  PairedLoadOutcome,
  PairedLoadRequest,
} from '../../harness/load-generators/paired-load-generator.ts';
import type { LoadReport } from '../../harness/result.ts';
import type { PairedTrafficPlan } from '../../scenarios/traffic-plan.ts';
import {
  LOGIN_PASSWORD,
  type ServiceFaults,
  startTrafficService,
  type TrafficService,
  trafficPlan,
} from './traffic-service.ts';

interface Scene {
  readonly a: TrafficService;
  readonly b: TrafficService;
  readonly folder: string;
  runK6(request?: Partial<PairedLoadRequest>, script?: string): Promise<PairedLoadOutcome>;
  runAutocannon(slices: number, request?: Partial<PairedLoadRequest>): Promise<PairedLoadOutcome>;
}

interface SceneOptions {
  readonly faults?: { a?: ServiceFaults; b?: ServiceFaults };
  readonly plan?: Partial<PairedTrafficPlan>;
}

/** The smoke scenario, shortened: 24 iterations of the mix and some dispatches at two services in about 2.4 s. */
async function withTwoServices(options: SceneOptions, work: (scene: Scene) => Promise<void>): Promise<void> {
  const k6 = await findK6();
  if (!k6.found) throw missingK6Error(k6);
  const [a, b] = [await startTrafficService(options.faults?.a), await startTrafficService(options.faults?.b)];
  const folder = await mkdtemp(path.join(tmpdir(), 'rushhour paired '));
  const { baseUrl, ...traffic } = trafficPlan('', { durationFactor: 0.4, rateFactor: 5 });
  const targets = [
    { name: 'a', baseUrl: a.url },
    { name: 'b', baseUrl: b.url },
  ];
  const complete = (request: Partial<PairedLoadRequest>): PairedLoadRequest => ({
    plan: { ...traffic, targets, ...options.plan },
    loginPassword: LOGIN_PASSWORD,
    runFolder: folder,
    signal: new AbortController().signal,
    ...request,
  });
  try {
    await work({
      a,
      b,
      folder,
      runK6: (request = {}, script) => {
        const url = script === undefined ? undefined : new URL(`../fixtures/k6/${script}`, import.meta.url);
        return pairedK6Generator(k6, url).run(complete(request));
      },
      runAutocannon: (slices, request = {}) => pairedAutocannonGenerator(slices).run(complete(request)),
    });
  } finally {
    await Promise.all([a.close(), b.close()]);
    await rm(folder, { recursive: true });
  }
}

function reportOf({ reports }: PairedLoadOutcome, variant: string): LoadReport {
  const report = reports.get(variant);
  assert.ok(report, `no report of ${variant}`);
  return report;
}

/** What was asked, without the questions whether a dispatch has ended, and without the order of arrival. */
const workOf = (service: TrafficService) =>
  service.served
    .filter(({ endpoint }) => endpoint !== 'GET /api/v1/company_dispatch/runs/:id')
    .map(({ endpoint, url, body }) => `${endpoint} ${url} ${JSON.stringify(body)}`)
    .sort();

const requestsByEndpoint = ({ endpoints }: LoadReport) =>
  endpoints.map(({ endpoint, requests }) => `${endpoint}: ${requests}`).sort();

describe('load generators for several services at once', { concurrency: 2, timeout: 180_000 }, () => {
  test('both services are asked the same, to the letter, however slow one of them is', async () => {
    const faults = { b: { dispatchMs: 150, latencyMs: () => 20 } };
    await withTwoServices({ faults }, async ({ a, b, runK6 }) => {
      const outcome = await runK6();
      assert.deepEqual(workOf(a), workOf(b));
      assert.deepEqual(a.dispatched.toSorted(), b.dispatched.toSorted());
      const [ofA, ofB] = [reportOf(outcome, 'a'), reportOf(outcome, 'b')];
      assert.deepEqual(requestsByEndpoint(ofA), requestsByEndpoint(ofB));
      for (const report of [ofA, ofB]) {
        assert.deepEqual([report.errors, report.droppedIterations, report.interruptedIterations], [0, 0, 0]);
        assert.deepEqual(report.warnings, []);
      }
      // 20 ms of each answer, and 150 ms of a dispatch, are those of b
      assert.ok((ofB.endpoints[0]?.latency?.minMs ?? 0) >= 20);
      assert.ok((ofA.dispatches.timeToCompleteMs?.maxMs ?? Infinity) < 150);
      assert.ok((ofB.dispatches.timeToCompleteMs?.minMs ?? 0) >= 150);
    });
  });

  test('faults of one service are in its own report', async () => {
    const faults = { b: { wrongBody: (endpoint: string) => endpoint === 'GET /api/v1/bookings/:id' } };
    await withTwoServices({ faults }, async ({ runK6 }) => {
      const outcome = await runK6();
      assert.equal(reportOf(outcome, 'a').mismatches, 0);
      assert.ok(reportOf(outcome, 'b').mismatches > 0);
    });
  });

  test('an arrival that found no VU is dropped for both', async () => {
    const faults = { b: { latencyMs: (endpoint: string) => (endpoint.includes('login') ? 0 : 500) } };
    await withTwoServices({ faults }, async ({ runK6 }) => {
      const outcome = await runK6({}, 'scarce-vus.js');
      const dropped = reportOf(outcome, 'a').droppedIterations;
      assert.ok(dropped > 0);
      assert.equal(reportOf(outcome, 'b').droppedIterations, dropped);
    });
  });

  test('exceptions that a script does not count are found in the log, for both', async () => {
    await withTwoServices({}, async ({ runK6 }) => {
      const outcome = await runK6({}, 'uncounted-exceptions.js');
      assert.equal(reportOf(outcome, 'a').exceptions, 24);
      assert.equal(reportOf(outcome, 'b').exceptions, 24);
    });
  });

  test('an abort keeps what was measured at both, and nothing goes on', async () => {
    await withTwoServices({ plan: { durationFactor: 4 } }, async ({ a, b, runK6 }) => {
      const stop = new AbortController();
      const running = runK6({ signal: stop.signal });
      // the warm-up of 4 s has at most 40 requests and 3 dispatches of six at each
      while (a.served.length < 90) await new Promise((resolve) => setTimeout(resolve, 20));
      stop.abort();
      const outcome = await running;
      for (const variant of ['a', 'b']) {
        assert.ok(reportOf(outcome, variant).requests > 0);
        assert.match(reportOf(outcome, variant).warnings.join('\n'), /stopped before its end/);
      }
      const received = () => a.received() + b.received();
      const afterwards = received();
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal(received(), afterwards);
    });
  });

  test('slices of capacity are exclusive and of a fixed number of requests, as many of each service', async () => {
    const faults = { a: { latencyMs: () => 5 }, b: { latencyMs: () => 40 } };
    await withTwoServices({ faults, plan: { durationFactor: 0.2 } }, async ({ folder, runAutocannon }) => {
      const outcome = await runAutocannon(3);
      const lines = (await readFile(path.join(folder, 'capacity-slices.csv'), 'utf8')).trim().split('\n');
      const slices = lines.slice(1).map((line) => line.split(','));
      assert.deepEqual(slices.map(([variant]) => variant).sort(), ['a', 'a', 'a', 'b', 'b', 'b']);
      for (const variant of ['a', 'b']) {
        const sizes = slices.filter(([name]) => name === variant).map((cells) => cells[5]);
        assert.equal(new Set(sizes).size, 1);
        const [phase] = reportOf(outcome, variant).phases;
        assert.equal(phase?.name, 'GET /api/v1/bookings × 2 connections');
        assert.equal(phase?.requests, 3 * Number(sizes[0]));
        assert.deepEqual(reportOf(outcome, variant).warnings, []);
      }
      // two connections that wait at least 5 and 40 ms for each answer
      const rate = (variant: string) => reportOf(outcome, variant).phases[0]?.throughputPerSecond ?? 0;
      assert.ok(
        rate('a') <= 400 && rate('b') <= 50 && rate('a') > 2 * rate('b'),
        `${rate('a')} ${rate('b')}`,
      );
      const bytes = await readFile(path.join(folder, 'capacity-samples.csv.gz'));
      const spans = new Map<string, [number, number]>();
      for (const line of gunzipSync(bytes).toString().trimEnd().split('\n').slice(1)) {
        const [slice = '', , sentAt, duration] = line.split(',');
        const [from, to] = spans.get(slice) ?? [Infinity, 0];
        spans.set(slice, [Math.min(from, Number(sentAt)), Math.max(to, Number(sentAt) + Number(duration))]);
      }
      const inOrder = [...spans.values()].sort(([one], [other]) => one - other);
      assert.equal(inOrder.length, 6);
      for (const [index, [from]] of inOrder.entries()) {
        assert.ok(
          from >= (inOrder[index - 1]?.[1] ?? 0),
          'a slice begins when the one before has its last answer',
        );
      }
    });
  });

  test('services that are alike get the same requests in their slices', async () => {
    const latencyMs = () => 10;
    const faults = { a: { latencyMs }, b: { latencyMs } };
    await withTwoServices({ faults, plan: { durationFactor: 1 } }, async ({ runAutocannon }) => {
      const outcome = await runAutocannon(2);
      assert.equal(reportOf(outcome, 'a').requests, reportOf(outcome, 'b').requests);
    });
  });

  test('a scenario whose rate changes and targets that cannot be told apart are refused before any traffic', async () => {
    const isRefused = (said: RegExp) => (error: HarnessError) => {
      assert.equal(error.code, 'BAD_OPTION');
      assert.match(error.message, said);
      return true;
    };
    for (const scenario of ['stress', 'spike'] as const) {
      await withTwoServices({ plan: { scenario } }, async ({ a, runK6, runAutocannon }) => {
        const said = /changes its arrival rate.*use one of smoke, load, soak/;
        await assert.rejects(runK6(), isRefused(said));
        await assert.rejects(runAutocannon(1), isRefused(said));
        assert.equal(a.received(), 0);
      });
    }
    const target = { name: 'a', baseUrl: 'http://127.0.0.1:1' };
    await withTwoServices({ plan: { targets: [target, target] } }, async ({ runK6 }) => {
      await assert.rejects(runK6(), isRefused(/two targets have one name/));
    });
  });

  test('password and tokens are in no file', async () => {
    await withTwoServices(
      { plan: { durationFactor: 0.2 } },
      async ({ a, b, folder, runK6, runAutocannon }) => {
        await runK6();
        await runAutocannon(1);
        const secrets = [LOGIN_PASSWORD, ...a.tokens, ...b.tokens];
        assert.ok(a.tokens.length > 0 && b.tokens.length > 0);
        for (const file of await readdir(folder)) {
          const bytes = await readFile(path.join(folder, file));
          const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
          for (const secret of secrets) assert.ok(!text.includes(secret), `${file} holds a secret`);
        }
      },
    );
  });
});
