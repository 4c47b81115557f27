import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HarnessError } from '../errors.ts';
import { LoadReport } from '../result.ts';
import type { LoadRequest } from './load-generator.ts';
import { scriptedGenerator } from './scripted.ts';

const request = (signal = new AbortController().signal): LoadRequest => ({
  plan: {} as never,
  loginPassword: '',
  runFolder: '',
  signal,
});

test('a scripted load has the published shape and the latencies of its script', async () => {
  const generator = scriptedGenerator({
    latenciesMs: { 'GET /a': [1, 2, 3] },
    dispatchTimesMs: [50],
    cpuMs: 7,
  });
  const { report, cpuMs } = await generator.run(request());
  LoadReport.parse(report);
  assert.deepEqual([report.requests, report.endpoints[0]?.latency?.p50Ms, cpuMs], [3, 2, 7]);
  assert.equal(report.dispatches.timeToCompleteMs?.p50Ms, 50);
});

test('scripts play one after the other, the last one again', async () => {
  const generator = scriptedGenerator({ report: { requests: 1 } }, { report: { requests: 2 } });
  const counts: number[] = [];
  for (let run = 0; run < 3; run += 1) counts.push((await generator.run(request())).report.requests);
  assert.deepEqual(counts, [1, 2, 2]);
  assert.equal(generator.requests.length, 3);
});

test('it fails as told, and is stopped as the real ones are', async () => {
  const failure = new HarnessError('LOAD_GENERATOR_FAILED', 'as told');
  await assert.rejects(scriptedGenerator({ failure }).run(request()), failure);
  await assert.rejects(scriptedGenerator({}).run(request(AbortSignal.abort())), { code: 'INTERRUPTED' });
});
