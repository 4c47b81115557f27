import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildRun } from '../../test/support/run-builders.ts';
import type { RunRecord } from '../result.ts';
import { compareRuns, type RunPair } from './compare-runs.ts';

const names = { baseline: 'baseline', candidate: 'optimised' };

/** A run whose probed dispatches all take this long and execute this many queries. */
function runWith(
  variant: string,
  wallMs: number,
  queries: number,
  overrides: Partial<RunRecord> = {},
): RunRecord {
  const run = buildRun({ variant }, overrides);
  const dispatches = run.probe?.dispatches.map((one) => ({ ...one, wallMs, queries })) ?? [];
  return { ...run, probe: run.probe ? { ...run.probe, dispatches } : null };
}

const pairsOf = (ratios: readonly number[], change: Partial<RunRecord> = {}): RunPair[] =>
  ratios.map((ratio) => ({
    baseline: runWith('baseline', 1000, 650),
    candidate: runWith('optimised', 1000 * ratio, 9, change),
  }));

const gateOf = (comparison: ReturnType<typeof compareRuns>) => {
  const gate = comparison.timings.find((timing) => timing.role === 'gate');
  assert.ok(gate);
  return gate;
};

test('six pairs that all become faster are an improvement, with ratio and interval on the scale of ratios', () => {
  const comparison = compareRuns(names, pairsOf([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]));
  const gate = gateOf(comparison);
  assert.equal(comparison.verdict, 'improved');
  for (const value of [gate.ratio, gate.low, gate.high]) assert.ok(Math.abs((value ?? 0) - 0.5) < 1e-9);
  assert.equal(gate.level, 1 - 2 / 64); // both outermost of 2^6 sign patterns lie outside
  assert.match(
    comparison.headline,
    /^a dispatch takes .* instead of .*2\.0× faster .*9 queries instead of 650/,
  );
});

test('the same measurements the other way round are a regression of the same size', () => {
  const swapped = pairsOf([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]).map(({ baseline, candidate }) => ({
    baseline: candidate,
    candidate: baseline,
  }));
  const comparison = compareRuns(names, swapped);
  assert.equal(comparison.verdict, 'regressed');
  assert.ok(Math.abs(gateOf(comparison).ratio - 2) < 1e-9);
});

test('differences around nothing are equivalent when narrow and inconclusive when wide', () => {
  assert.equal(compareRuns(names, pairsOf([1.001, 0.999, 1.002, 0.998, 1, 1.001])).verdict, 'equivalent');
  assert.equal(compareRuns(names, pairsOf([1.3, 0.7, 1.2, 0.8, 1.1, 0.9])).verdict, 'inconclusive');
});

test('five pairs get no verdict on time, however large the difference, and counters are told all the same', () => {
  const comparison = compareRuns(names, pairsOf([0.1, 0.1, 0.1, 0.1, 0.1]));
  assert.equal(comparison.verdict, 'inconclusive');
  assert.equal(gateOf(comparison).low, null);
  const queries = comparison.exact.find((one) => one.metric === 'queries per dispatch');
  assert.deepEqual([queries?.baseline, queries?.candidate, queries?.repeatsAgree], [650, 9, true]);
});

test('a counter that differs between repeats is told as a range and not as exact', () => {
  const pairs = pairsOf([1, 1, 1]);
  const odd = { baseline: runWith('baseline', 1000, 651), candidate: runWith('optimised', 1000, 9) };
  const queries = compareRuns(names, [...pairs, odd]).exact.find(
    (one) => one.metric === 'queries per dispatch',
  );
  assert.equal(queries?.repeatsAgree, false);
  assert.deepEqual(queries?.baselineRange, [650, 651]);
});

test('a variant that writes other assignments is refused before any time is looked at', () => {
  const outcome = buildRun({ variant: 'optimised' }).outcome;
  assert.ok(outcome);
  const comparison = compareRuns(
    names,
    pairsOf([0.1, 0.1, 0.1, 0.1, 0.1, 0.1], { outcome: { ...outcome, assignmentsDigest: 'other' } }),
  );
  assert.equal(comparison.verdict, 'not-comparable');
  assert.equal(comparison.equalOutcome, false);
  assert.match(comparison.headline, /^the assignments differ/);
});

test('another dataset, server version or configuration is refused, each by name', () => {
  const run = buildRun({ variant: 'optimised' });
  const changed: Partial<RunRecord> = {
    dataset: { ...run.dataset, digest: 'other' },
    environment: {
      ...run.environment,
      node: 'v22.0.0',
      postgres: { ...run.environment.postgres, version: '17.1', settingsHash: 'other' },
    },
  };
  const { refusals } = compareRuns(names, pairsOf([1, 1, 1, 1, 1, 1], changed));
  assert.deepEqual(
    refusals.map((refusal) => refusal.split(' differs')[0]),
    ['the dataset', 'the PostgreSQL version', 'the PostgreSQL configuration', 'the Node version'],
  );
});

test('a load with dropped iterations takes its latencies out of the comparison, not the dispatches that ran alone', () => {
  const pairs = pairsOf([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]).map((pair) => ({
    ...pair,
    candidate: {
      ...pair.candidate,
      loads: pair.candidate.loads.map((load) => ({
        ...load,
        report: { ...load.report, droppedIterations: 3 },
      })),
    },
  }));
  const comparison = compareRuns(names, pairs);
  assert.equal(comparison.verdict, 'improved');
  const k6 = comparison.timings.find((timing) => timing.metric === 'GET /api/v1/bookings p95 (k6)');
  assert.equal(k6?.verdict, 'not-comparable');
  assert.match(k6?.reason ?? '', /3 dropped iterations/);
});
