import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildComparison, buildTiming } from '../../test/support/comparison-builders.ts';
import { Verdict } from '../experiment-record.ts';
import { NightVerdict } from '../night-record.ts';
import {
  comparisonLook,
  HINT_WORSE,
  MAY_BE_CHANCE,
  NIGHT_LOOK,
  NO_VERDICT,
  NOT_CONFIRMED,
  timingLook,
  VERDICT_LOOK,
} from './verdict-words.ts';

const sixEqual = [0.9, 0.9, 0.9, 0.9, 0.9, 0.9];

test('every verdict has a word, a sign and a colour for both themes', () => {
  for (const verdict of Verdict.options) {
    const look = VERDICT_LOOK[verdict];
    assert.match(look.word, /^[a-z ]+$/);
    assert.equal(look.sign.length, 1);
    assert.match(`${look.light}${look.dark}`, /^#[0-9a-f]{6}#[0-9a-f]{6}$/);
  }
});

test('every verdict of a night has a look, and only fine shares its sign, with equivalent, which claims the same', () => {
  const signs = NightVerdict.options.map((verdict) => NIGHT_LOOK[verdict].sign);
  assert.equal(new Set(signs).size, signs.length);
  assert.equal(NIGHT_LOOK.fine.meaning, VERDICT_LOOK.equivalent.meaning);
  const others = Object.values(VERDICT_LOOK).filter(({ word }) => word !== 'equivalent');
  for (const verdict of ['failed', 'too-noisy', 'fine'] as const)
    assert.ok(others.every(({ sign }) => sign !== NIGHT_LOOK[verdict].sign));
});

test('the signs of different verdicts differ, so that no verdict rests on colour alone', () => {
  const others = [NO_VERDICT, NOT_CONFIRMED, HINT_WORSE, MAY_BE_CHANCE];
  const signs = [...Object.values(VERDICT_LOOK), ...others].map(({ sign }) => sign);
  assert.equal(new Set(signs).size, signs.length);
});

const plain = buildComparison();

test('six pairs with an interval carry their verdict, five carry none', () => {
  assert.equal(timingLook(buildTiming('t', sixEqual), plain, 'complete'), VERDICT_LOOK.improved);
  assert.equal(timingLook(buildTiming('t', sixEqual.slice(1)), plain, 'complete'), NO_VERDICT);
});

test('an experiment that broke off carries no verdict, however many pairs it has', () => {
  assert.equal(timingLook(buildTiming('t', sixEqual), plain, 'interrupted'), NO_VERDICT);
  assert.equal(comparisonLook(buildComparison('optimised', 6), 'failed'), NO_VERDICT);
});

test('a refusal is told even of an experiment that broke off, and no row of it has another word', () => {
  const refused = buildComparison('optimised', 2, {
    refusals: ['unequal assignments'],
    verdict: 'not-comparable',
  });
  assert.equal(comparisonLook(refused, 'interrupted'), VERDICT_LOOK['not-comparable']);
  assert.equal(timingLook(buildTiming('t', sixEqual), refused, 'complete'), VERDICT_LOOK['not-comparable']);
});

test('answers that differ are not comparable, whatever the record calls them', () => {
  assert.equal(
    comparisonLook(buildComparison('optimised', 6, { equalOutcome: false }), 'complete'),
    VERDICT_LOOK['not-comparable'],
  );
});

test('without a metric that decides and without counts there is no verdict', () => {
  const timings = [buildTiming('t', sixEqual, { role: 'exploratory' })];
  const comparison = buildComparison('optimised', 6, { timings, exact: [] });
  assert.equal(comparisonLook(comparison, 'complete'), NO_VERDICT);
});

test('where only counts were compared, theirs is the verdict', () => {
  const counted = buildComparison('optimised', 6, { timings: [], verdict: 'regressed' });
  assert.equal(comparisonLook(counted, 'complete'), VERDICT_LOOK.regressed);
  assert.equal(comparisonLook(counted, 'interrupted'), NO_VERDICT);
});

const sixWorse = sixEqual.map((ratio) => 1 / ratio);

test('a metric that decides nothing is never red, and not told as changed where it may be chance', () => {
  for (const qValue of [null, 0.02, 0.1]) {
    const look = timingLook(buildTiming('t', sixWorse, { role: 'exploratory', qValue }), plain, 'complete');
    assert.equal(look, HINT_WORSE);
    assert.notEqual(look.light, VERDICT_LOOK.regressed.light);
  }
  for (const ratios of [sixEqual, sixWorse]) {
    const timing = buildTiming('t', ratios, { role: 'exploratory', qValue: 0.11 });
    assert.equal(timingLook(timing, plain, 'complete'), MAY_BE_CHANCE);
  }
});

test('a regression that a second experiment did not find again is not red', () => {
  const second = { folder: 'confirmation', headline: '', pairs: 16 };
  const look = (agreed: boolean) =>
    timingLook(
      buildTiming('t', sixWorse),
      buildComparison('optimised', 6, {
        confirmation: { ...second, agreed, verdict: agreed ? 'regressed' : 'inconclusive' },
      }),
      'complete',
    );
  assert.equal(look(true), VERDICT_LOOK.regressed);
  assert.equal(look(false), NOT_CONFIRMED);
});
