import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { scheduleTraffic } from '../../scenarios/schedule.ts';
import type { TrafficPlan } from '../../scenarios/traffic-plan.ts';
import { readGzipLines } from './gzip-lines.ts';
import { type K6Samples, readK6Samples, splitCsvLine } from './k6-samples.ts';

/** What was recorded, and how, is in test/fixtures/k6/PROVENANCE.md. */
const recording = (name: string) => new URL(`../../test/fixtures/k6/${name}/`, import.meta.url);

async function recorded(name: string): Promise<K6Samples> {
  const plan = await readFile(new URL('k6-plan.json', recording(name)), 'utf8');
  const { lines } = readGzipLines(fileURLToPath(new URL('k6-samples.csv.gz', recording(name))));
  return readK6Samples(lines, scheduleTraffic(JSON.parse(plan) as TrafficPlan));
}

test('a recorded run gives its requests by endpoint, and how each of them ended', async () => {
  const { tally, warmUpErrors } = await recorded('faults-1.8.1');
  const load = tally.finish([]);
  const counts = new Map(load.endpoints.map(({ endpoint, ...rest }) => [endpoint, rest]));
  const errorsOf = (endpoint: string) => {
    const { requests, errors, timeouts } = counts.get(endpoint) ?? { requests: -1, errors: -1, timeouts: -1 };
    return { requests, errors, timeouts };
  };
  assert.equal(load.requests, 28);
  assert.deepEqual(errorsOf('PUT /api/v1/drivers/:id/location'), { requests: 3, errors: 1, timeouts: 1 });
  assert.deepEqual(errorsOf('GET /api/v1/bookings/:id'), { requests: 3, errors: 3, timeouts: 0 });
  assert.deepEqual(errorsOf('POST /api/v1/bookings'), { requests: 2, errors: 1, timeouts: 0 });
  assert.deepEqual(errorsOf('GET /api/v1/bookings'), { requests: 3, errors: 0, timeouts: 0 });
  assert.equal(load.errors, 5);
  assert.equal(load.mismatches, 3);
  assert.equal(warmUpErrors, 1, 'a page of bookings was opened in the warm-up as well');
});

test('the login and the warm-up are not among the measured requests', async () => {
  const { tally, warmUp } = await recorded('faults-1.8.1');
  const load = tally.finish([]);
  assert.ok(load.endpoints.every(({ endpoint }) => endpoint !== 'POST /api/v1/auth/login'));
  assert.deepEqual(warmUp, { started: 3, ended: 3, dropped: 0, exceptions: 0 });
});

test('dispatches and the time to their end are those of the measured part', async () => {
  const { dispatches, dispatchTimesMs } = await recorded('faults-1.8.1');
  assert.deepEqual(dispatches, { started: 2, completed: 2, failed: 0 });
  assert.deepEqual(dispatchTimesMs.toSorted(), [23, 24]);
});

test('asking whether a dispatch has ended is no traffic: the finished run is read once, by each dispatch', async () => {
  const { tally, polls } = await recorded('faults-1.8.1');
  assert.deepEqual(polls, { sent: 3, failed: 0 }); // 2 measured dispatches and that of the warm-up
  const reads = tally.finish([]).endpoints.filter(({ endpoint }) => endpoint.includes('/runs/:id'));
  assert.deepEqual(
    reads.map(({ endpoint, requests }) => [endpoint, requests]),
    [['GET /api/v1/company_dispatch/runs/:id', 2]],
  );
});

test('a poll that failed is counted as such, and nowhere else', async () => {
  const poll = 'GET /runs/:id (poll)';
  const { tally, polls } = await readK6Samples(
    [
      HEADER,
      `http_req_duration,2000000,30.5,,false,GET,${poll},step-1,500,,`,
      `http_req_duration,2000000,30.5,,true,GET,${poll},step-1,200,,`,
      `mismatches,2000000,1,,,,${poll},step-1,,,`,
    ],
    schedule,
  );
  assert.deepEqual(polls, { sent: 2, failed: 2 });
  const { requests, errors, mismatches } = tally.finish([]);
  assert.deepEqual([requests, errors, mismatches], [0, 0, 0]);
});

test('dropped arrivals of a recorded run with too few VUs are counted apart from the warm-up', async () => {
  const { measured, warmUp } = await recorded('scarce-vus-1.8.1');
  assert.deepEqual(measured, { started: 3, ended: 3, dropped: 11, exceptions: 0 });
  assert.equal(warmUp.dropped, 1);
});

test('exceptions of a recorded run are counted', async () => {
  const { measured, warmUp } = await recorded('throwing-1.8.1');
  assert.deepEqual([measured.exceptions, warmUp.exceptions], [12, 2]);
});

const HEADER =
  'metric_name,timestamp,metric_value,error_code,expected_response,method,name,scenario,status,extra_tags,metadata';
const schedule = {
  arrivals: [{ id: 'step-1', label: 'steady', measured: true }],
} as unknown as Parameters<typeof readK6Samples>[1];

test('a request is sent as long before its end as it waited for a connection and was under way', async () => {
  const { tally } = await readK6Samples(
    [
      HEADER,
      'http_req_duration,2000000,30.5,,true,GET,GET /a,step-1,200,,',
      'http_req_blocked,2000000,9.5,,true,GET,GET /a,step-1,200,,',
    ],
    schedule,
  );
  // ended at 2000 ms, sent 40 ms before
  assert.deepEqual([tally.requests, tally.finish([]).durationMs], [1, 40]);
});

test('a connection that was refused is a lost request', async () => {
  const row = 'http_req_duration,2000000,0,1212,false,GET,GET /a,step-1,0,,';
  const { tally } = await readK6Samples([HEADER, row], schedule);
  const [endpoint] = tally.finish([]).endpoints;
  assert.deepEqual([endpoint?.errors, endpoint?.timeouts, endpoint?.latency], [1, 0, null]);
});

test('a last line that breaks off is passed over', async () => {
  const row = 'http_req_duration,2000000,30.5,,true,GET,GET /a,step-1,200,,';
  const { tally } = await readK6Samples([HEADER, row, row.slice(0, 30)], schedule);
  assert.equal(tally.requests, 1);
});

test('a header without a column that is needed is refused', async () => {
  await assert.rejects(readK6Samples(['metric_name,timestamp'], schedule), /no column metric_value, name/);
});

test('quoted cells keep their commas and quotes', () => {
  assert.deepEqual(splitCsvLine('a,"b, ""c""",,d'), ['a', 'b, "c"', '', 'd']);
  assert.deepEqual(splitCsvLine('"x",'), ['x', '']);
});
