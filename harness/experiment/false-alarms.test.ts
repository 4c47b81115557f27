import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LedgerEntry } from '../store/ledger.ts';
import { falseAlarmsOf, isFalseAlarm } from './false-alarms.ts';

const metric = (overrides: Partial<LedgerEntry['metrics'][number]> = {}): LedgerEntry['metrics'][number] => ({
  metric: 'dispatch time',
  verdict: 'equivalent',
  ratio: 1.001,
  low: 0.99,
  high: 1.01,
  level: 0.995,
  noise: 0.01,
  ...overrides,
});

const entry = (overrides: Partial<LedgerEntry> = {}): LedgerEntry => ({
  at: '2026-11-22T21:04:00.000Z',
  id: 'a',
  machine: 'here',
  commit: null,
  scenario: 'load',
  variant: 'optimised',
  openBookingsPerDay: 100,
  pairs: 10,
  verdict: 'equivalent',
  unconfirmedVerdict: 'equivalent',
  metrics: [metric()],
  ...overrides,
});

const regressed = [metric({ verdict: 'regressed', low: 1.04, high: 1.08 })];

test('improved, and regressed that was confirmed, are false alarms on equal services', () => {
  assert.equal(isFalseAlarm(entry({ metrics: [metric({ verdict: 'improved' })] })), true);
  const confirmed = { metrics: regressed, verdict: 'regressed', unconfirmedVerdict: 'regressed' } as const;
  assert.equal(isFalseAlarm(entry(confirmed)), true);
});

test('a regression that the second experiment did not confirm, and amber, are none', () => {
  const undone = { metrics: regressed, verdict: 'inconclusive', unconfirmedVerdict: 'regressed' } as const;
  assert.equal(isFalseAlarm(entry(undone)), false);
  assert.equal(isFalseAlarm(entry({ metrics: [metric({ verdict: 'slower' })] })), false);
});

test('the rate is of this machine alone, by experiment, with an exact interval', () => {
  const entries = [
    ...Array.from({ length: 59 }, (_, index) => entry({ id: String(index) })),
    entry({ id: 'alarm', metrics: [metric({ verdict: 'improved', low: 0.9, high: 0.95 })] }),
    entry({ id: 'elsewhere', machine: 'there', metrics: [metric({ verdict: 'improved' })] }),
  ];
  const rate = falseAlarmsOf(entries, 'here');
  assert.deepEqual([rate.experiments, rate.alarms, rate.misses], [60, 1, 1]);
  assert.ok(Math.abs((rate.high ?? 0) - 0.0894) < 5e-4); // R: binom.test(1, 60)$conf.int[2] is 0.0894
});

test('an experiment too short for an interval could not have given an alarm, and does not count', () => {
  const short = entry({ metrics: [metric({ verdict: 'inconclusive', low: null, high: null, level: null })] });
  assert.equal(falseAlarmsOf([short, entry({ id: 'b' })], 'here').experiments, 1);
});

test('without an A/A there is no rate', () => {
  const { ratio, low, high } = falseAlarmsOf([], 'here');
  assert.deepEqual([ratio, low, high], [null, null, null]);
});
