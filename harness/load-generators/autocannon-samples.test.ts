import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ProbeSample, readProbeSamples, SAMPLES_HEADER, toCsvLine } from './autocannon-samples.ts';

const DISPATCH = 'POST /run?wait=true';

const sample = (overrides: Partial<ProbeSample>): ProbeSample => ({
  level: 'GET /a × 1 connection',
  endpoint: 'GET /a',
  sentAtMs: 1_000,
  durationMs: 2.5,
  end: 'ok',
  ...overrides,
});

const read = (...samples: ProbeSample[]) =>
  readProbeSamples([SAMPLES_HEADER, ...samples.map(toCsvLine), ''], DISPATCH);

test('a latency keeps its nanoseconds through the file', async () => {
  const { tally } = await read(sample({ durationMs: 0.045739 }));
  assert.equal(tally.finish([]).endpoints[0]?.latency?.p50Ms, 0.045739);
});

test('the clock stands still between levels, so that their warm-ups are no stall', async () => {
  const second = 'GET /a × 4 connections';
  const { tally, spans } = await read(
    sample({ sentAtMs: 5_000, durationMs: 1_000 }),
    sample({ sentAtMs: 60_000, durationMs: 500, level: second }),
    sample({ sentAtMs: 60_500, durationMs: 1_500, level: second }),
  );
  assert.deepEqual(
    [...spans.values()],
    [
      { startSeconds: 0, durationSeconds: 1 },
      { startSeconds: 1, durationSeconds: 2 },
    ],
  );
  // 1 s of the first level and 2 s of the second
  assert.equal(tally.finish([]).durationMs, 3_000);
  assert.deepEqual(
    tally.finish([]).series.map(({ requests }) => requests),
    [0, 2, 0, 1], // ended at 1.0, 1.5 and 3.0 s
  );
});

test('dispatches are told apart, by how they ended', async () => {
  const dispatch = { endpoint: DISPATCH, level: 'dispatches' };
  const { dispatches } = await read(
    sample({}),
    sample({ ...dispatch, durationMs: 700 }),
    sample({ ...dispatch, end: 'mismatch' }),
    sample({ ...dispatch, end: 'wrong-status' }),
    sample({ ...dispatch, end: 'timeout' }),
  );
  assert.deepEqual(dispatches, { started: 4, completed: 1, failed: 2, durationsMs: [700] });
});

test('a line that breaks off is passed over', async () => {
  const line = toCsvLine(sample({}));
  const { tally } = await readProbeSamples([SAMPLES_HEADER, line, line.slice(0, -1)], DISPATCH);
  assert.equal(tally.requests, 1);
});
