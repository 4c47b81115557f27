import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LadderFact, LadderStep } from '../../week-record.ts';
import { contributionsOf } from './contributions.ts';

function step(from: string, to: string, beforeMs: number, afterMs: number): LadderStep {
  return {
    ...{ from, to, refusals: [], equalOutcome: true, apply: null, blocks: null, rows: null },
    dispatch: { beforeMs, afterMs, ratio: afterMs / beforeMs, low: null, high: null, level: null, pairs: 7 },
    queries: { before: 100, after: 90 },
  };
}

function ladder(steps: LadderStep[], ...variants: string[]): LadderFact {
  const figures = variants.map((variant) => ({ variant, dispatchMs: null, queries: null }));
  return { folder: 'ladder', pairs: 7, variants: figures, steps };
}

const TWO_ORDERS = ladder(
  [
    step('baseline', 'indexes', 1000, 100),
    step('indexes', 'indexes+eager-loading', 100, 10),
    step('baseline', 'eager-loading', 1000, 20),
    step('eager-loading', 'indexes+eager-loading', 20, 10),
    step('baseline', 'indexes+eager-loading', 1000, 10),
  ],
  ...['baseline', 'indexes', 'eager-loading', 'indexes+eager-loading'],
);

test('a switch contributes differently at different places, and its shares say how much', () => {
  const found = contributionsOf(TWO_ORDERS);
  assert.deepEqual(
    found?.orders.map(({ switches }) => switches),
    [
      ['indexes', 'eager-loading'],
      ['eager-loading', 'indexes'],
    ],
  );
  const indexes = found?.shares.find((share) => share.switch === 'indexes');
  // First it makes 1000 of 100: log 10 of log 100, a half. Last 20 of 10: log 2 of log 100.
  assert.equal(indexes?.most, 0.5);
  assert.ok(Math.abs((indexes?.least ?? 0) - Math.log(2) / Math.log(100)) < 1e-12);
  assert.equal(indexes?.mostFactor, 10);
  assert.equal(indexes?.leastFactor, 2);
});

test('the mean shares of all switches add up to the whole', () => {
  const shares = contributionsOf(TWO_ORDERS)?.shares ?? [];
  assert.ok(Math.abs(shares.reduce((sum, { mean }) => sum + mean, 0) - 1) < 1e-12);
});

test('an order with a step that was not timed is left out', () => {
  const [first, ...others] = TWO_ORDERS.steps as [LadderStep, ...LadderStep[]];
  const found = contributionsOf({ ...TWO_ORDERS, steps: [{ ...first, dispatch: null }, ...others] });
  assert.deepEqual(
    found?.orders.map(({ switches }) => switches),
    [['eager-loading', 'indexes']],
  );
});

test('a ladder that does not reach its last variant step by step says nothing', () => {
  assert.equal(
    contributionsOf(ladder([step('baseline', 'optimised', 10, 1)], 'baseline', 'optimised')),
    null,
  );
});
