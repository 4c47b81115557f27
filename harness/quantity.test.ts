import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countOf,
  formatBytes,
  formatCount,
  formatDuration,
  formatInstant,
  formatRate,
  formatShare,
  shorten,
  shortenPath,
} from './quantity.ts';

test('a duration is told in the unit that leaves one to three digits before the point', () => {
  assert.equal(formatDuration(0), '0 ms');
  assert.equal(formatDuration(0.84), '840 µs');
  assert.equal(formatDuration(4.2049), '4.20 ms');
  assert.equal(formatDuration(31.26), '31.3 ms');
  assert.equal(formatDuration(312.4), '312 ms');
  assert.equal(formatDuration(1500), '1.50 s');
  assert.equal(formatDuration(200_000), '3 min 20 s');
});

test('a duration that rounds up to the next unit is told in that unit', () => {
  assert.equal(formatDuration(999.6), '1.00 s');
  assert.equal(formatDuration(0.9996), '1.00 ms');
});

test('a title rounds a duration to two digits', () => {
  assert.equal(formatDuration(1497, 2), '1.5 s');
  assert.equal(formatDuration(30.8, 2), '31 ms');
});

test('counts have their thousands separated and keep the half of a median', () => {
  assert.equal(formatCount(16_814), '16,814');
  assert.equal(formatCount(9.5), '9.5');
  assert.equal(formatCount(0.04), '0.04');
});

test('bytes, rates and shares carry their unit', () => {
  assert.equal(formatBytes(312), '312 B');
  assert.equal(formatBytes(118_400), '118 kB');
  assert.equal(formatBytes(999_999), '1.00 MB');
  assert.equal(formatRate(40), '40/s');
  assert.equal(formatRate(1204.4), '1,204/s');
  assert.equal(formatShare(0), '0 %');
  assert.equal(formatShare(0.0004), '0.04 %');
  assert.equal(formatShare(0.794), '79 %');
});

test('an instant is told in UTC, and text that is none is left as it is', () => {
  assert.equal(formatInstant('2026-11-22T21:04:00.000Z'), '22 Nov 2026, 21:04 UTC');
  assert.equal(formatInstant('yesterday'), 'yesterday');
});

test('shortening folds white space and ends in an ellipsis', () => {
  assert.equal(shorten('SELECT *\n  FROM booking', 40), 'SELECT * FROM booking');
  assert.equal(shorten('SELECT * FROM booking', 10), 'SELECT * F'.slice(0, 9).trimEnd().concat('…'));
});

test('a path loses its leading parts before a text loses its end', () => {
  const metric = 'PATCH /api/v1/company_dispatch/assignments/:id p95 (k6)';
  assert.equal(shortenPath(metric, 60), metric);
  assert.equal(shortenPath(metric, 34), 'PATCH …/assignments/:id p95 (k6)');
  assert.equal(shortenPath('no path in this text', 10), 'no path i…');
});

test('a noun follows its number', () => {
  assert.equal(countOf(1, 'pair'), '1 pair');
  assert.equal(countOf(6, 'pair'), '6 pairs');
});
