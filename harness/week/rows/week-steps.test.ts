import assert from 'node:assert/strict';
import { test } from 'node:test';
import { weekChain, weekStepNames } from './week-steps.ts';

const STEPS = ['indexes', 'bulk-apply', 'eager-loading'] as const;

function stepsOf(...variants: string[]): string[] {
  return STEPS.map((step) => {
    const names = weekStepNames(variants, step);
    return names === null ? 'none' : `${names.from} → ${names.to}`;
  });
}

test('the week goes up its own way, whatever else was measured beside', () => {
  const all = ['baseline', 'indexes', 'bulk-apply', 'eager-loading', 'indexes+bulk-apply', 'optimised'];
  assert.deepEqual(weekChain(all), ['baseline', 'indexes', 'indexes+bulk-apply', 'optimised']);
  assert.deepEqual(stepsOf(...all), [
    'baseline → indexes',
    'indexes → indexes+bulk-apply',
    'indexes+bulk-apply → optimised',
  ]);
});

test('where a step is left out, the next begins where the one before it ended', () => {
  assert.deepEqual(stepsOf('baseline', 'optimised'), ['none', 'none', 'baseline → optimised']);
  assert.deepEqual(stepsOf('baseline', 'indexes', 'optimised'), [
    'baseline → indexes',
    'none',
    'indexes → optimised',
  ]);
  assert.deepEqual(stepsOf('baseline', 'bulk-apply', 'optimised'), [
    'none',
    'baseline → bulk-apply',
    'bulk-apply → optimised',
  ]);
});
