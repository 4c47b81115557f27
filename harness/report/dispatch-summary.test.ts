import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildProbe, buildProbedDispatch } from '../../test/support/probe-builders.ts';
import { buildRun } from '../../test/support/run-builders.ts';
import { testRandom } from '../../test/support/variant-costs.ts';
import type { ProbedDispatch, RunRecord } from '../result.ts';
import { dispatchSummary, median } from './dispatch-summary.ts';
import type { VariantRuns } from './report-input.ts';
import { statementsPerDispatch } from './statement-costs.ts';

function dispatchOf(overrides: Partial<ProbedDispatch>): ProbedDispatch {
  return { ...buildProbedDispatch('baseline', testRandom(1), 0), ...overrides };
}

function runOf(dispatches: ProbedDispatch[]): RunRecord {
  return buildRun({}, { probe: { ...buildProbe('baseline', testRandom(1)), dispatches } });
}

function group(runs: RunRecord[]): VariantRuns {
  const place = { part: 'count', pair: 1, slot: 1, variant: 'baseline' } as const;
  return { variant: 'baseline', runs: runs.map((run) => ({ ...place, run })) };
}

test('the median of an even number of values is the mean of the middle two', () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([]), null);
});

test('a variant is the median over its runs of each run’s mean', () => {
  const runs = [
    runOf([dispatchOf({ wallMs: 10 }), dispatchOf({ wallMs: 30 })]), // mean 20
    runOf([dispatchOf({ wallMs: 100 })]),
    runOf([dispatchOf({ wallMs: 60 })]),
  ];
  const summary = dispatchSummary(group(runs));
  assert.equal(summary?.wallMs, 60); // the middle of 20, 60, 100
  assert.equal(summary?.dispatches, 4);
});

test('the rest of a dispatch is what its phases leave, and never negative', () => {
  const slow = dispatchOf({ wallMs: 100, loadMs: 50, decideMs: 5, applyMs: 40 });
  const odd = dispatchOf({ wallMs: 10, loadMs: 50, decideMs: 5, applyMs: 40 });
  assert.equal(dispatchSummary(group([runOf([slow])]))?.restMs, 5);
  assert.equal(dispatchSummary(group([runOf([odd])]))?.restMs, 0);
});

test('queries that differ between dispatches are told as a range', () => {
  const summary = dispatchSummary(group([runOf([dispatchOf({ queries: 9 }), dispatchOf({ queries: 11 })])]));
  assert.deepEqual(summary?.queriesRange, [9, 11]);
});

test('a variant without a probe has no summary and no statements', () => {
  const runs = group([buildRun({}, { probe: null })]);
  assert.equal(dispatchSummary(runs), null);
  assert.deepEqual(statementsPerDispatch(runs), []);
});

test('calls of a statement are told per dispatch, and texts that differ in white space are one statement', () => {
  const probe = buildProbe('baseline', testRandom(1), 5);
  const cost = { queryId: '1', rows: 0, blocks: 0, walBytes: 0, databaseMs: 0 };
  const statements = [
    { ...cost, text: 'SELECT 1', calls: 50 },
    { ...cost, text: 'SELECT\n  1', calls: 25 },
  ];
  const [only, ...others] = statementsPerDispatch(group([buildRun({}, { probe: { ...probe, statements } })]));
  assert.equal(only?.calls, 15); // (50 + 25) ÷ 5 dispatches
  assert.equal(others.length, 0);
});
