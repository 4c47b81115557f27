import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { scheduleTraffic } from '../../scenarios/schedule.ts';
import { LoadReport } from '../result.ts';
import { readGzipLines } from './gzip-lines.ts';
import { digestK6Log } from './k6-log.ts';
import { buildK6Report, type K6Evidence } from './k6-report.ts';
import { readK6Samples } from './k6-samples.ts';
import { parseK6Summary } from './k6-summary.ts';

async function recorded(name: string): Promise<K6Evidence> {
  const file = (base: string) => new URL(`../../test/fixtures/k6/${name}/${base}`, import.meta.url);
  const schedule = scheduleTraffic(JSON.parse(await readFile(file('k6-plan.json'), 'utf8')));
  const { lines } = readGzipLines(fileURLToPath(file('k6-samples.csv.gz')));
  return {
    schedule,
    version: '1.8.1',
    samples: await readK6Samples(lines, schedule),
    samplesCut: false,
    summary: parseK6Summary(await readFile(file('k6-summary.json'), 'utf8')),
    log: await digestK6Log((await readFile(file('k6-log.jsonl'), 'utf8')).split('\n')),
    interrupted: false,
    files: [],
  };
}

test('a recorded run gives a report of the published shape, with one phase per step', async () => {
  const report = LoadReport.parse(buildK6Report(await recorded('faults-1.8.1')));
  assert.deepEqual([report.model, report.requests, report.errors, report.mismatches], ['open', 28, 5, 3]);
  // 2/s × 2.5 for 6 s × 0.4
  assert.deepEqual(
    report.phases.map(({ name, targetRatePerSecond, concurrency }) => [
      name,
      targetRatePerSecond,
      concurrency,
    ]),
    [['steady', 5, null]],
  );
  assert.deepEqual(report.warnings, ['1 request of the warm-up failed']);
  assert.deepEqual([report.dispatches.completed, report.dispatches.unfinished], [2, 0]);
});

test('dropped arrivals censor the latency, and the report says so', async () => {
  const report = buildK6Report(await recorded('scarce-vus-1.8.1'));
  assert.equal(report.droppedIterations, 11);
  assert.match(report.warnings.join('\n'), /11 arrivals found no free VU: the latencies .* look too good/);
});

test('iterations that threw are quoted', async () => {
  const report = buildK6Report(await recorded('throwing-1.8.1'));
  assert.equal(report.exceptions, 12);
  assert.match(report.warnings.join('\n'), /12 of 14 iterations threw, the first with "nothing works"/);
});

test('raw samples that hold fewer requests than k6 counted are told', async () => {
  const evidence = await recorded('faults-1.8.1');
  assert.ok(evidence.summary);
  const summary = { ...evidence.summary, requests: 30 };
  const { warnings } = buildK6Report({ ...evidence, summary });
  assert.match(warnings.join('\n'), /k6 counted 30 requests, its raw samples hold 28/);
});

test('without raw samples the summary is what is left, and the report says what is not known', async () => {
  const evidence = await recorded('faults-1.8.1');
  const report = LoadReport.parse(buildK6Report({ ...evidence, samples: null }));
  assert.equal(report.requests, 28);
  assert.equal(report.errors, 6); // of the whole run: 2 failed requests and 4 mismatches
  assert.ok(report.endpoints.every(({ percentiles }) => percentiles.length > 0));
  assert.deepEqual([report.phases, report.series], [[], []]);
  assert.match(report.warnings.join('\n'), /raw samples of k6 cannot be read/);
});

test('without samples and summary the report is empty and not good', async () => {
  const evidence = await recorded('throwing-1.8.1');
  const report = LoadReport.parse(buildK6Report({ ...evidence, samples: null, summary: null }));
  assert.deepEqual([report.requests, report.endpoints], [0, []]);
  assert.equal(report.exceptions, 12, 'the log still tells');
});

test('fewer iterations than planned mean that the machine did not keep up, unless the run was stopped', async () => {
  const evidence = await recorded('faults-1.8.1');
  assert.ok(evidence.samples);
  const samples = { ...evidence.samples, measured: { ...evidence.samples.measured, started: 9, ended: 7 } };
  const report = buildK6Report({ ...evidence, samples });
  // 12 iterations of the mix and 2 dispatches were planned
  assert.match(report.warnings.join('\n'), /k6 started 9 of 14 iterations/);
  assert.equal(report.interruptedIterations, 2);
  const stopped = buildK6Report({ ...evidence, samples, interrupted: true });
  assert.doesNotMatch(stopped.warnings.join('\n'), /keep up/);
});

test('a run that was stopped has the phases it came to, as long as they lasted', async () => {
  const evidence = await recorded('throwing-1.8.1');
  const schedule = scheduleTraffic({
    ...JSON.parse(
      await readFile(new URL('../../test/fixtures/k6/throwing-1.8.1/k6-plan.json', import.meta.url), 'utf8'),
    ),
    scenario: 'stress',
    durationFactor: 1,
  });
  const { phases } = buildK6Report({ ...evidence, schedule, interrupted: true });
  // the recording measured 1.6 s
  assert.deepEqual(
    phases.map(({ name, durationSeconds }) => [name, Math.round(durationSeconds * 10) / 10]),
    [['up to 5/s', 1.6]],
  );
});
