import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildComparison, buildTiming } from '../../test/support/comparison-builders.ts';
import { Verdict } from '../experiment-record.ts';
import { comparisonLook, NO_VERDICT, timingLook, VERDICT_LOOK } from './verdict-words.ts';

const sixEqual = [0.9, 0.9, 0.9, 0.9, 0.9, 0.9];

test('every verdict has a word, a sign and a colour for both themes', () => {
  for (const verdict of Verdict.options) {
    const look = VERDICT_LOOK[verdict];
    assert.match(look.word, /^[a-z ]+$/);
    assert.equal(look.sign.length, 1);
    assert.match(`${look.light}${look.dark}`, /^#[0-9a-f]{6}#[0-9a-f]{6}$/);
  }
});

test('the signs of different verdicts differ, so that no verdict rests on colour alone', () => {
  const signs = Object.values(VERDICT_LOOK).map(({ sign }) => sign);
  assert.equal(new Set(signs).size, signs.length);
});

test('six pairs with an interval carry their verdict, five carry none', () => {
  assert.equal(timingLook(buildTiming('t', sixEqual), 'complete'), VERDICT_LOOK.improved);
  assert.equal(timingLook(buildTiming('t', sixEqual.slice(1)), 'complete'), NO_VERDICT);
});

test('an experiment that broke off carries no verdict, however many pairs it has', () => {
  assert.equal(timingLook(buildTiming('t', sixEqual), 'interrupted'), NO_VERDICT);
  assert.equal(comparisonLook(buildComparison('optimised', 6), 'failed'), NO_VERDICT);
});

test('a refusal is told even of an experiment that broke off', () => {
  const refused = buildComparison('optimised', 2, {
    refusals: ['unequal assignments'],
    verdict: 'not-comparable',
  });
  assert.equal(comparisonLook(refused, 'interrupted'), VERDICT_LOOK['not-comparable']);
});

test('without a metric that decides there is no verdict', () => {
  const timings = [buildTiming('t', sixEqual, { role: 'exploratory' })];
  assert.equal(comparisonLook(buildComparison('optimised', 6, { timings }), 'complete'), NO_VERDICT);
});
