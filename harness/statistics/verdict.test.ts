import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './verdict.ts';

const band = 0.03; // ln(1.03) = 0.02956 on the log scale

test('an interval wholly beyond the band is a regression or an improvement', () => {
  assert.equal(judge({ low: 0.03, high: 0.2 }, { low: 0.04, high: 0.18 }, band), 'regressed');
  assert.equal(judge({ low: -0.9, high: -0.03 }, { low: -0.8, high: -0.04 }, band), 'improved');
});

test('an interval that leaves out zero but touches the band is proven, not proven larger than the band', () => {
  assert.equal(judge({ low: 0.001, high: 0.2 }, { low: 0.01, high: 0.18 }, band), 'slower');
  assert.equal(judge({ low: -0.2, high: -0.001 }, { low: -0.18, high: -0.01 }, band), 'faster');
});

test('equivalence needs the whole narrower interval inside the band', () => {
  assert.equal(judge({ low: -0.031, high: 0.02 }, { low: -0.029, high: 0.018 }, band), 'equivalent');
  assert.equal(judge({ low: -0.05, high: 0.02 }, { low: -0.04, high: 0.018 }, band), 'inconclusive');
});

test('without an interval nothing is said', () => {
  assert.equal(judge(null, null, band), 'inconclusive');
});
