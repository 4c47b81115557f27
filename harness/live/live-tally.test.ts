import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveTally } from './live-tally.ts';

test('quantiles so far are within 1 % of the sample, and a request without an answer is an error without a time', () => {
  const tally = new LiveTally();
  for (let ms = 1; ms <= 1001; ms++) tally.add(ms, 'ok');
  tally.add(60_000, 'timeout');
  tally.add(2, 'rate-limited'); // refused: no error, and its time is nobody's latency
  const { requests, errors, p50Ms, p95Ms } = tally.reading();
  assert.deepEqual({ requests, errors }, { requests: 1003, errors: 1 });
  // Of 1 … 1001 the 501st is in the middle, and 951 has 95 % of the others below it.
  assert.ok(Math.abs((p50Ms ?? 0) / 501 - 1) <= 0.0101, `p50 ${p50Ms}`);
  assert.ok(Math.abs((p95Ms ?? 0) / 951 - 1) <= 0.0101, `p95 ${p95Ms}`);
});

test('before the first answer there is no quantile', () => {
  const { p50Ms, p95Ms } = new LiveTally().reading();
  assert.deepEqual([p50Ms, p95Ms], [null, null]);
});
