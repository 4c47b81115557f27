import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildEndpointLoad, buildLoadReport, buildMeasuredLoad } from '../../test/support/load-builders.ts';
import { buildRun } from '../../test/support/run-builders.ts';
import type { LoadReport } from '../result.ts';
import {
  binSeconds,
  endpointSummaries,
  latencyGenerator,
  loadsBy,
  mergedCurve,
  mergedSeries,
  percentileCurves,
  phaseSummaries,
  supportedPoints,
} from './load-summary.ts';
import type { VariantRuns } from './report-input.ts';

const shape = { variant: 'baseline', scenario: 'load', pair: 1, slot: 1, generator: 'k6' } as const;

function groupOf(...reports: Partial<LoadReport>[]): VariantRuns {
  return {
    variant: 'baseline',
    runs: reports.map((overrides, index) => ({
      part: 'load' as const,
      pair: index + 1,
      slot: 1,
      variant: 'baseline',
      run: buildRun({}, { loads: [buildMeasuredLoad(shape, { report: buildLoadReport(shape, overrides) })] }),
    })),
  };
}

function endpointAt(medianMs: number, requests = 100) {
  return buildEndpointLoad({ endpoint: 'GET /x', requests, medianMs, spread: 0.4 });
}

test('the latency of an endpoint is the median over runs, its requests are the sum', () => {
  const group = groupOf(
    { endpoints: [endpointAt(10)] },
    { endpoints: [endpointAt(40)] },
    { endpoints: [endpointAt(20, 30)] },
  );
  const [summary] = endpointSummaries(group, 'k6');
  assert.equal(summary?.p50Ms, 20);
  assert.equal(summary?.requests, 230);
  assert.equal(summary?.fewestRequests, 30);
});

test('an endpoint that never answered has no latency', () => {
  const silent = { ...endpointAt(10), latency: null, percentiles: [], errors: 100 };
  const [summary] = endpointSummaries(groupOf({ endpoints: [silent] }), 'k6');
  assert.equal(summary?.p95Ms, null);
  assert.equal(percentileCurves(groupOf({ endpoints: [silent] }), 'k6', 'GET /x').length, 0);
});

test('a curve ends where fewer than one request lies beyond', () => {
  const points = [0.5, 0.9, 0.99, 1].map((quantile) => ({ quantile, ms: 1 }));
  // With 10 requests, one lies beyond 90 %, a tenth of one beyond 99 %.
  assert.deepEqual(
    supportedPoints(points, 10).map(({ quantile }) => quantile),
    [0.5, 0.9],
  );
});

test('the curve of a variant is the median of its runs at each quantile', () => {
  const group = groupOf(
    { endpoints: [endpointAt(10)] },
    { endpoints: [endpointAt(40)] },
    { endpoints: [endpointAt(20)] },
  );
  const merged = mergedCurve(percentileCurves(group, 'k6', 'GET /x'));
  assert.equal(merged.find(({ quantile }) => quantile === 0.5)?.ms, 20);
  assert.ok(
    merged.every(({ quantile }) => quantile <= 1 - 1 / 300),
    'three runs of 100 requests carry 99.67 %',
  );
});

test('a second without an answer counts as zero throughput', () => {
  const at = (second: number) => ({ second, requests: 8, errors: 0, p50Ms: 1, p95Ms: 2 });
  const bins = mergedSeries(loadsBy(groupOf({ series: [at(0), at(2)] }), 'k6'), 1);
  assert.deepEqual(
    bins.map(({ requestsPerSecond, p95Ms }) => [requestsPerSecond, p95Ms]),
    [
      [8, 2],
      [0, null],
      [8, 2],
    ],
  );
});

test('an error of one run among several is never averaged away to nothing', () => {
  const at = (errors: number) => [{ second: 0, requests: 8, errors, p50Ms: 1, p95Ms: 2 }];
  const [bin] = mergedSeries(
    loadsBy(groupOf({ series: at(3) }, { series: at(0) }, { series: at(0) }), 'k6'),
    1,
  );
  assert.equal(bin?.errorsPerSecond, 1); // (3 + 0 + 0) ÷ 3 runs
});

test('a long load is told in bins that fit', () => {
  assert.equal(binSeconds(60), 1);
  assert.equal(binSeconds(900), 5); // 900 s in 180 bins
});

test('phases keep their order and take the median of their runs', () => {
  const phase = (name: string, throughputPerSecond: number) => ({
    name,
    startSecond: 0,
    durationSeconds: 1,
    targetRatePerSecond: 10,
    concurrency: null,
    endpoint: null,
    requests: 10,
    errors: 1,
    throughputPerSecond,
    p50Ms: null,
    p95Ms: null,
  });
  const phases = phaseSummaries(
    loadsBy(
      groupOf(
        { phases: [phase('up', 10), phase('down', 4)] },
        { phases: [phase('up', 20), phase('down', 4)] },
      ),
      'k6',
    ),
  );
  assert.deepEqual(
    phases.map(({ name, throughputPerSecond, errors }) => [name, throughputPerSecond, errors]),
    [
      ['up', 15, 2],
      ['down', 4, 2],
    ],
  );
});

test('latency is charted from arrivals on schedule when there are any', () => {
  const closed = buildMeasuredLoad({ ...shape, generator: 'autocannon' });
  const open = buildMeasuredLoad(shape);
  const both = {
    variant: 'baseline',
    runs: [
      {
        part: 'load' as const,
        pair: 1,
        slot: 1,
        variant: 'baseline',
        run: buildRun({}, { loads: [closed, open] }),
      },
    ],
  };
  const one = {
    variant: 'baseline',
    runs: [
      {
        part: 'load' as const,
        pair: 1,
        slot: 1,
        variant: 'baseline',
        run: buildRun({}, { loads: [closed] }),
      },
    ],
  };
  assert.equal(latencyGenerator([both]), 'k6');
  assert.equal(latencyGenerator([one]), 'autocannon');
  assert.equal(latencyGenerator([]), null);
});
