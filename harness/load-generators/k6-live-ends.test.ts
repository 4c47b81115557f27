import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POLL_SUFFIX } from '../../scenarios/endpoints.ts';
import { K6RequestEnds } from './k6-live-ends.ts';

const row = (metric: string, variant: string, more: Readonly<Record<string, string>> = {}) =>
  new Map(
    Object.entries({
      ...{
        metric_name: metric,
        metric_value: '1',
        name: 'GET /bookings',
        scenario: 'measure',
        status: '200',
      },
      ...{ expected_response: 'true', error_code: '', extra_tags: `phase=measure&variant=${variant}` },
      ...more,
    }),
  );

test('ends are told by target and once; a login, a poll and rows of other metrics are no request', () => {
  const ends = new K6RequestEnds();
  for (const one of [
    row('http_req_duration', 'baseline'),
    row('http_req_duration', 'baseline', { status: '500', expected_response: 'false' }),
    row('http_req_duration', 'baseline', { status: '429', expected_response: 'false' }),
    row('http_req_duration', 'optimised', { status: '0', error_code: '1050' }),
    row('mismatches', 'optimised'),
    row('http_req_duration', 'optimised', { scenario: '' }),
    row('http_req_duration', 'optimised', { name: `GET /runs${POLL_SUFFIX}` }),
    row('iterations_started', 'optimised'),
  ])
    ends.take(one);
  assert.deepEqual(ends.told(), [
    { target: 'baseline', requests: 3, errors: 1, timeouts: 0 },
    { target: 'optimised', requests: 1, errors: 1, timeouts: 1 },
  ]);
  assert.deepEqual(ends.told(), []);
});
