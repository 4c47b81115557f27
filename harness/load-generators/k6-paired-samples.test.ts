import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { scheduleTraffic } from '../../scenarios/schedule.ts';
import type { PairedTrafficPlan } from '../../scenarios/traffic-plan.ts';
import { readGzipLines } from './gzip-lines.ts';
import { readPairedK6Samples } from './k6-paired-samples.ts';
import type { K6Samples } from './k6-samples.ts';
import { parseK6Summary } from './k6-summary.ts';

/** What was recorded, and how, is in test/fixtures/k6/PROVENANCE.md. */
async function recorded(name: string) {
  const file = (base: string) => new URL(`../../test/fixtures/k6/${name}/${base}`, import.meta.url);
  const plan = JSON.parse(await readFile(file('k6-plan.json'), 'utf8')) as PairedTrafficPlan;
  const variants = plan.targets.map((target) => target.name);
  const { lines } = readGzipLines(fileURLToPath(file('k6-samples.csv.gz')));
  const samples = await readPairedK6Samples(lines, scheduleTraffic(plan, variants.length), variants);
  const of = (variant: string) => samples.get(variant) as K6Samples;
  const summary = await readFile(file('k6-summary.json'), 'utf8');
  return { baseline: of('baseline'), optimised: of('optimised'), summary };
}

const requestsByEndpoint = ({ tally }: K6Samples) =>
  Object.fromEntries(
    tally
      .finish([])
      .endpoints.map(({ endpoint, requests }) => [endpoint, requests] as const)
      .sort(),
  );

test('each target has its own requests, as many of each endpoint but for what a failure made impossible', async () => {
  const { baseline, optimised } = await recorded('paired-1.8.1');
  // 5/s for 2.4 s at each: iterations 3 to 14 of the mix; the second new booking of `optimised` was refused
  assert.deepEqual(requestsByEndpoint(optimised), {
    ...requestsByEndpoint(baseline),
    'PATCH /api/v1/bookings/:id': 1,
  });
  assert.equal(requestsByEndpoint(baseline)['PATCH /api/v1/bookings/:id'], 2);
  assert.equal(baseline.tally.requests, 39);
});

test('faults of one target are its own', async () => {
  const { baseline, optimised } = await recorded('paired-1.8.1');
  const faults = ({ tally, warmUpErrors }: K6Samples) => {
    const { errors, mismatches } = tally.finish([]);
    return { errors, mismatches, warmUpErrors };
  };
  assert.deepEqual(faults(baseline), { errors: 0, mismatches: 0, warmUpErrors: 0 });
  // 3 wrong bodies and the refusal
  assert.deepEqual(faults(optimised), { errors: 4, mismatches: 3, warmUpErrors: 1 });
});

test('an iteration that dispatched at each target has begun and ended at each', async () => {
  const { baseline, optimised } = await recorded('paired-1.8.1');
  for (const { measured, dispatches, dispatchTimesMs } of [baseline, optimised]) {
    assert.equal(measured.started, measured.ended);
    assert.deepEqual(dispatches, { started: 4, completed: 4, failed: 0 });
    assert.equal(dispatchTimesMs.length, 4);
  }
});

test('an arrival that was dropped is dropped for both: it had no turn yet', async () => {
  const { baseline, optimised } = await recorded('paired-scarce-vus-1.8.1');
  assert.deepEqual([baseline.measured.dropped, optimised.measured.dropped], [23, 23]);
  assert.deepEqual([baseline.warmUp.dropped, optimised.warmUp.dropped], [2, 2]);
});

test('k6 itself counted as many requests of each target', async () => {
  for (const name of ['paired-1.8.1', 'paired-scarce-vus-1.8.1']) {
    const { baseline, optimised, summary } = await recorded(name);
    assert.equal(parseK6Summary(summary, 'baseline').requests, baseline.tally.requests);
    assert.equal(parseK6Summary(summary, 'optimised').requests, optimised.tally.requests);
  }
});

test('the tag is found wherever k6 put it among the others', async () => {
  const header =
    'metric_name,timestamp,metric_value,error_code,expected_response,method,name,scenario,status,extra_tags,metadata';
  const row = (tags: string) => `http_req_duration,2000000,30.5,,true,GET,GET /a,step-1,200,${tags},`;
  const samples = await readPairedK6Samples(
    [header, row('variant=a&phase=measure'), row('phase=measure&variant=b'), row('variant=a&phase=measure')],
    { arrivals: [{ id: 'step-1', label: 'steady', measured: true }] } as unknown as Parameters<
      typeof readPairedK6Samples
    >[1],
    ['a', 'b'],
  );
  assert.deepEqual(
    [...samples].map(([variant, { tally }]) => [variant, tally.requests]),
    [
      ['a', 2],
      ['b', 1],
    ],
  );
});

test('an empty file is an error, not two targets without traffic', async () => {
  await assert.rejects(
    readPairedK6Samples([], { arrivals: [] } as unknown as Parameters<typeof readPairedK6Samples>[1], []),
    /the file is empty/,
  );
});
