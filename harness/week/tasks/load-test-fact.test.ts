import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildLoadReport, buildMeasuredLoad } from '../../../test/support/load-builders.ts';
import { buildRun } from '../../../test/support/run-builders.ts';
import { LoadTestFact } from '../../week-record.ts';
import { loadTestRuns } from './load-test-fact.ts';

const shape = { variant: 'optimised', scenario: 'stress', pair: 1, slot: 1 };

test('each generator of each run is one line, in their order', () => {
  const runs = loadTestRuns(
    ['baseline', 'optimised'].map((variant) => ({
      ...{ folder: `load/${variant}`, run: buildRun({ variant, scenario: 'load' }) },
    })),
  );
  assert.deepEqual(
    runs.map(({ variant, generator, folder }) => [variant, generator, folder]),
    [
      ['baseline', 'k6', 'load/baseline'],
      ['baseline', 'autocannon', 'load/baseline'],
      ['optimised', 'k6', 'load/optimised'],
      ['optimised', 'autocannon', 'load/optimised'],
    ],
  );
  LoadTestFact.shape.runs.parse(runs);
});

test('errors are a share of the requests, and each step keeps its rate, latency and errors', () => {
  const report = buildLoadReport({ ...shape, generator: 'k6' }, { requests: 400, errors: 6 });
  const load = buildMeasuredLoad({ ...shape, generator: 'k6' }, { report });
  const [line] = loadTestRuns([{ folder: 'stress/optimised', run: buildRun(shape, { loads: [load] }) }]);
  assert.equal(line?.errorRatio, 0.015); // 6 ÷ 400
  assert.deepEqual(
    line?.steps.map(({ targetRatePerSecond }) => targetRatePerSecond),
    [10, 20, 40, 80, 120, 40, 10],
  );
  assert.deepEqual(line?.steps[0], {
    name: 'step 1: 10/s',
    targetRatePerSecond: 10,
    throughputPerSecond: 10,
    p95Ms: report.phases[0]?.p95Ms,
    errors: 0,
  });
  assert.deepEqual(line?.dispatches, {
    started: 24,
    completed: 24,
    p50Ms: report.dispatches.timeToCompleteMs?.p50Ms,
  });
});

test('a run in which nothing was asked or answered has no figures, and no errors either', () => {
  const report = buildLoadReport(
    { ...shape, generator: 'k6' },
    {
      requests: 0,
      errors: 0,
      endpoints: [{ endpoint: 'a', requests: 0, errors: 0, timeouts: 0, latency: null, percentiles: [] }],
    },
  );
  const load = buildMeasuredLoad({ ...shape, generator: 'k6' }, { report });
  const [line] = loadTestRuns([{ folder: 'x', run: buildRun(shape, { loads: [load] }) }]);
  assert.equal(line?.errorRatio, 0);
  assert.deepEqual(line?.endpoints, [{ endpoint: 'a', requests: 0, p50Ms: null, p95Ms: null }]);
});
