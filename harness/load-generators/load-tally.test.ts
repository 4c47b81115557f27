import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoadTally, type MeasuredRequest, type PhasePlan } from './load-tally.ts';

const request = (overrides: Partial<MeasuredRequest>): MeasuredRequest => ({
  endpoint: 'GET /a',
  phase: 'steady',
  endedAtMs: 1_000,
  durationMs: 10,
  waitedMs: 0,
  end: 'ok',
  ...overrides,
});

const phase = (overrides: Partial<PhasePlan> = {}): PhasePlan => ({
  name: 'steady',
  startSeconds: 0,
  durationSeconds: 1,
  targetRatePerSecond: 10,
  concurrency: null,
  endpoint: null,
  ...overrides,
});

function tallyOf(...requests: MeasuredRequest[]): LoadTally {
  const tally = new LoadTally();
  for (const one of requests) tally.add(one);
  return tally;
}

test('the load lasts from the first request sent to the last answer', () => {
  const load = tallyOf(
    request({ endedAtMs: 1_100, durationMs: 60, waitedMs: 40 }), // sent at 1000
    request({ endedAtMs: 3_000, durationMs: 5 }),
  ).finish([]);
  assert.equal(load.durationMs, 2_000);
  assert.equal(load.throughputPerSecond, 1); // 2 in 2 s
});

test('requests without an answer are errors and have no latency; wrong answers have one', () => {
  const load = tallyOf(
    request({ durationMs: 10 }),
    request({ durationMs: 20, end: 'wrong-status' }),
    request({ durationMs: 30, end: 'mismatch' }),
    request({ durationMs: 5_000, end: 'timeout' }),
    request({ durationMs: 1, end: 'lost' }),
  ).finish([]);
  const [endpoint] = load.endpoints;
  assert.deepEqual([endpoint?.requests, endpoint?.errors, endpoint?.timeouts], [5, 4, 1]);
  assert.deepEqual([endpoint?.latency?.minMs, endpoint?.latency?.maxMs], [10, 30]);
  assert.deepEqual([load.errors, load.mismatches], [4, 1]);
});

test('an endpoint whose requests all got lost has no latency instead of a zero', () => {
  const [endpoint] = tallyOf(request({ end: 'lost' })).finish([]).endpoints;
  assert.deepEqual([endpoint?.latency, endpoint?.percentiles], [null, []]);
});

test('a mismatch found later makes its request an error without counting it twice', () => {
  const tally = tallyOf(request({}), request({}));
  tally.addLateMismatch({ endpoint: 'GET /a', phase: 'steady', endedAtMs: 1_000 });
  const load = tally.finish([phase()]);
  assert.deepEqual([load.requests, load.errors, load.mismatches], [2, 1, 1]);
  assert.deepEqual([load.endpoints[0]?.errors, load.phases[0]?.errors], [1, 1]);
  assert.equal(load.throughputPerSecond, 100); // the one right answer in the 10 ms that both requests took
});

test('the series has every second up to the last answer, the silent ones too', () => {
  const load = tallyOf(
    request({ endedAtMs: 10, durationMs: 10 }), // second 0: the load begins at 0 ms
    request({ endedAtMs: 2_999, durationMs: 20 }),
    request({ endedAtMs: 2_500, durationMs: 40, end: 'lost' }),
  ).finish([]);
  assert.deepEqual(load.series, [
    { second: 0, requests: 1, errors: 0, p50Ms: 10, p95Ms: 10 },
    { second: 1, requests: 0, errors: 0, p50Ms: null, p95Ms: null },
    { second: 2, requests: 2, errors: 1, p50Ms: 20, p95Ms: 20 },
  ]);
});

test('a step that is answered late is as slow as its answers came, not as fast as they were asked for', () => {
  const late = Array.from({ length: 10 }, (_, index) =>
    request({ endedAtMs: (index + 1) * 1_000, durationMs: (index + 1) * 1_000 }),
  );
  const [step] = tallyOf(...late).finish([phase({ durationSeconds: 1, targetRatePerSecond: 10 })]).phases;
  assert.equal(step?.throughputPerSecond, 1); // 10 answers in 10 s
  assert.equal(step?.durationSeconds, 10);
});

test('an open step counts its whole planned time, a closed level only the time it was busy', () => {
  const load = tallyOf(
    request({ phase: 'open', endedAtMs: 100, durationMs: 100 }),
    request({ phase: 'closed', endedAtMs: 600, durationMs: 100 }),
  ).finish([
    phase({ name: 'open', durationSeconds: 2 }),
    phase({ name: 'closed', durationSeconds: 0.1, targetRatePerSecond: null, concurrency: 1 }),
  ]);
  assert.deepEqual(
    load.phases.map(({ name, throughputPerSecond, startSecond }) => [name, throughputPerSecond, startSecond]),
    [
      ['open', 0.5, 0],
      ['closed', 10, 0.5],
    ],
  );
});

test('a phase without a request is there, with nothing in it', () => {
  const [step] = tallyOf().finish([phase({ startSeconds: 5 })]).phases;
  assert.deepEqual(
    [step?.requests, step?.startSecond, step?.p95Ms, step?.throughputPerSecond],
    [0, 5, null, 0],
  );
});

test('a 429 is a request, and neither an error nor a latency nor throughput', () => {
  const load = tallyOf(
    request({ endedAtMs: 1_010 }),
    request({ endedAtMs: 1_990, durationMs: 990 }),
    request({ endedAtMs: 2_000, durationMs: 1, end: 'rate-limited' }),
  ).finish([]);
  const [endpoint] = load.endpoints;
  assert.deepEqual([endpoint?.requests, endpoint?.errors, endpoint?.rateLimited], [3, 0, 1]);
  assert.equal(endpoint?.latency?.minMs, 10);
  assert.equal(load.throughputPerSecond, 2); // 2 in 1 s
});
