import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatReduction, formatReductionInterval } from './reduction.ts';

test('a change is said in percent of what was before, with a second decimal where one would say −100 %', () => {
  assert.equal(formatReduction(0.44), '−56 %');
  assert.equal(formatReduction(0.0741), '−92.6 %');
  assert.equal(formatReduction(0.0131), '−98.7 %');
  assert.equal(formatReduction(0.00132), '−99.9 %');
  assert.equal(formatReduction(0.00032), '−99.97 %');
  assert.equal(formatReduction(1.032), '+3.2 %');
  assert.equal(formatReduction(1), '±0 %');
  assert.equal(formatReduction(0), '−100 %');
});

test('an interval runs from the lower ratio to the higher', () => {
  assert.equal(formatReductionInterval(0.012, 0.015), '−98.8 % to −98.5 %');
});
