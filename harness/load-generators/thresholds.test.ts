import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENDPOINTS } from '../../scenarios/endpoints.ts';
import { WORKLOADS, type Workload } from '../../scenarios/workloads.ts';
import type { LoadReport } from '../result.ts';
import { scriptedGenerator } from './scripted.ts';
import { judge, judgeThresholds } from './thresholds.ts';

const { name: bookings } = ENDPOINTS.listBookings;

async function reportOf(
  latenciesMs: Record<string, number[]>,
  overrides: Partial<LoadReport> = {},
): Promise<LoadReport> {
  const generator = scriptedGenerator({ latenciesMs, dispatchTimesMs: [100], report: overrides });
  const { signal } = new AbortController();
  const request = { plan: {} as never, loginPassword: '', runFolder: '', signal };
  return (await generator.run(request)).report;
}

const workload: Workload = {
  ...WORKLOADS.load,
  thresholds: {
    droppedIterations: 0,
    endpoints: { listBookings: { p95Ms: 100, errorRatio: 0.1 } },
    stepP95Ms: {},
    dispatchP95Ms: 150,
    lostDispatchRatio: 0,
    probeErrorRatio: 0.5,
  },
};

const verdicts = (report: LoadReport, judged = workload) =>
  Object.fromEntries(judge(report, judged).map(({ name, passed, measured }) => [name, { passed, measured }]));

test('what keeps to its limits passes, the limit itself included', async () => {
  const all = judge(await reportOf({ [bookings]: [100, 100] }), workload);
  assert.deepEqual(
    all.map(({ name, passed }) => [name, passed]),
    [
      ['iterations that threw', true],
      ['answers with a wrong body', true],
      ['dropped iterations', true],
      [`p95 of ${bookings}`, true],
      [`errors of ${bookings}`, true],
      ['dispatches that failed or did not end', true],
      ['p95 of a dispatch to its end', true],
    ],
  );
});

test('a p95 above its limit fails, with both numbers', async () => {
  const results = judge(await reportOf({ [bookings]: [100, 100, 120] }), workload);
  // rank 0.95 × 2 = 1.9: 100 + 0.9 × 20
  const latency = results.find(({ name }) => name === `p95 of ${bookings}`);
  assert.deepEqual(latency, {
    name: `p95 of ${bookings}`,
    unit: 'ms',
    limit: 100,
    measured: 118,
    passed: false,
  });
});

test('an endpoint that was never asked fails, since nothing was shown', async () => {
  const result = verdicts(await reportOf({}));
  assert.deepEqual(result[`p95 of ${bookings}`], { passed: false, measured: null });
  assert.deepEqual(result[`errors of ${bookings}`], { passed: false, measured: null });
});

test('drops, exceptions and wrong bodies fail on the first one', async () => {
  const wrong = { droppedIterations: 1, exceptions: 1, mismatches: 1 };
  const result = verdicts(await reportOf({ [bookings]: [1] }, wrong));
  for (const name of ['dropped iterations', 'iterations that threw', 'answers with a wrong body']) {
    assert.deepEqual(result[name], { passed: false, measured: 1 });
  }
});

test('a dispatch that did not end counts against the dispatches', async () => {
  const dispatches = { started: 4, completed: 2, failed: 1, unfinished: 1, timeToCompleteMs: null };
  const result = verdicts(await reportOf({ [bookings]: [1] }, { dispatches }));
  assert.deepEqual(result['dispatches that failed or did not end'], { passed: false, measured: 0.5 });
  assert.deepEqual(result['p95 of a dispatch to its end'], { passed: false, measured: null });
});

test('in a closed loop only errors are judged, of every endpoint that was probed', async () => {
  const endpoint = {
    endpoint: 'GET /probed',
    requests: 10,
    errors: 6,
    timeouts: 0,
    latency: null,
    percentiles: [],
  };
  const report = await reportOf({}, { model: 'closed', endpoints: [endpoint] });
  assert.deepEqual(verdicts(report), {
    'iterations that threw': { passed: true, measured: 0 },
    'answers with a wrong body': { passed: true, measured: 0 },
    'errors of GET /probed': { passed: false, measured: 0.6 },
  });
});

test('stress is judged on whether it answers again after the peak, not on what it drops', async () => {
  const phase = (name: string, p95Ms: number) => ({
    name,
    startSecond: 0,
    durationSeconds: 10,
    targetRatePerSecond: 10,
    concurrency: null,
    endpoint: null,
    requests: 1,
    errors: 0,
    throughputPerSecond: 1,
    p50Ms: 1,
    p95Ms,
  });
  const [first = '', last = ''] = Object.keys(WORKLOADS.stress.thresholds.stepP95Ms);
  const phases = [phase(first, 20), phase(last, 9_000)];
  const report = await reportOf({}, { droppedIterations: 500, phases });
  const failed = judgeThresholds(report, 'stress').filter(({ passed }) => !passed);
  assert.deepEqual(
    failed.map(({ name }) => name),
    [`p95 of the step "${last}"`],
  );
});
