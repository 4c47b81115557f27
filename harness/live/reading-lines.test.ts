import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveReading, LoadReading } from './live-reading.ts';
import { readingLine, readingLines } from './reading-lines.ts';

const READING: LiveReading = {
  load: {
    generator: 'k6',
    stage: 'steady',
    elapsedMs: 20_000,
    leftMs: 40_000,
    askedPerSecond: 40,
    achievedPerSecond: 39.96,
    traffic: { requests: 1234, errors: 12, dropped: 3, p50Ms: 4.2, p95Ms: 31 },
  },
  database: { moments: 20, activeSessions: 0.45, waits: [{ event: 'running', share: 1 }] },
};

test('a load is told in four lines, with what was asked beside what was achieved', () => {
  assert.deepEqual(readingLines(READING, 200), [
    'steady · 40 s left',
    'arrivals: 40/s asked, 40/s achieved · 3 found no free VU',
    '1,234 requests · 12 errors (0.97 %) · p50 4.20 ms · p95 31.0 ms so far',
    'database: 450 ms per second, estimated from 20 looks · running 100 %',
  ]);
});

test('past the end of the plan, and where no session was seen at work, there is no time to tell', () => {
  const load = { ...READING.load, leftMs: 0 } as LoadReading;
  const lines = readingLines({ load, database: { moments: 11, activeSessions: 0, waits: [] } }, 200);
  assert.equal(lines[0], 'steady · over; what was started is waited for');
  assert.equal(lines.at(-1), 'database: no session was at work in 11 looks');
});

test('no line is wider than the terminal, whatever a wait or a stage is called', () => {
  for (const line of readingLines(READING, 30)) assert.ok(line.length <= 30, line);
});

test('in a log all of it is one line', () => {
  assert.equal(readingLine(READING).split('\n').length, 1);
  assert.match(readingLine(READING), /^steady · 40 s left · arrivals: 40\/s asked/);
});

test('an experiment tells pairs and medians, and no ratio', () => {
  const medians = [
    { variant: 'baseline', medianMs: 120 },
    { variant: 'optimised', medianMs: 20 },
  ];
  const pairs = { part: 'pair', done: 4, most: 24, medians, leftMs: 200_000 } as const;
  assert.deepEqual(readingLines({ pairs }, 200), [
    'pairs: 4 of 24 at most · 3 min 20 s left at most, estimated',
    'median of a dispatch so far: baseline 120 ms, optimised 20.0 ms',
  ]);
});
