import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatChange, formatChangeInterval, formatPercentTick, formatRatioTick } from './change.ts';

const time = { unit: 'ms', higherIsBetter: false };
const throughput = { unit: 'requests/s', higherIsBetter: true };
const queries = { unit: 'statements', higherIsBetter: false };

test('a change beyond 25 % is a factor, below it a percentage', () => {
  assert.equal(formatChange(1 / 48.2, time), '48× faster');
  assert.equal(formatChange(2.31, time), '2.3× slower');
  assert.equal(formatChange(1.098, time), '+9.8 %');
  assert.equal(formatChange(0.902, time), '−9.8 %');
  assert.equal(formatChange(1.00001, time), '0 %');
});

test('the word follows what is counted', () => {
  assert.equal(formatChange(16, throughput), '16× more');
  assert.equal(formatChange(9 / 650, queries), '72× fewer');
  assert.equal(formatChange(0.5, { unit: 'bytes', higherIsBetter: false }), '2.0× less');
});

test('nothing left and something out of nothing are said, not computed', () => {
  assert.equal(formatChange(0, queries), 'none left');
  assert.equal(formatChange(Number.POSITIVE_INFINITY, queries), 'from none');
});

test('an interval of factors names the smaller first, whichever the direction', () => {
  assert.equal(formatChangeInterval(1 / 51, 1 / 46, time), '46× to 51× faster');
  assert.equal(formatChangeInterval(1.5, 3, time), '1.5× to 3.0× slower');
});

test('an interval whose ends round to the same factor names it once', () => {
  assert.equal(formatChangeInterval(1 / 62.3, 1 / 61.9, time), '62× faster');
});

test('an interval across 1 or near it is told in percent', () => {
  assert.equal(formatChangeInterval(0.931, 1.124, time), '−6.9 % to +12.4 %');
  assert.equal(formatChangeInterval(0.5, 1.02, time), '−50.0 % to +2.0 %');
});

test('ticks of ratios are short', () => {
  assert.equal(formatRatioTick(1), 'same');
  assert.equal(formatRatioTick(0.02), '÷50');
  assert.equal(formatRatioTick(2), '×2');
  assert.equal(formatRatioTick(0.9), '−10 %');
  assert.equal(formatPercentTick(0.75), '−25 %');
});
