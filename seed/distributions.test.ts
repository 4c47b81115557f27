import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  logNormalTable,
  minutesOf,
  WEEKDAY_HOURS,
  WEEKEND_HOURS,
  weightedTable,
  zipfTable,
} from './distributions.ts';

function countByHour(table: Uint16Array): number[] {
  const hours = new Array<number>(24).fill(0);
  for (const minute of table) hours[Math.floor(minute / 60)] = (hours[Math.floor(minute / 60)] ?? 0) + 1;
  return hours;
}

function hourOfMost(hours: readonly number[], from: number, to: number): number {
  const part = hours.slice(from, to);
  return from + part.indexOf(Math.max(...part));
}

test('a weighted table holds each index in proportion to its weight', () => {
  // 3 : 0 : 1 of 8 slots is 6, 0 and 2.
  assert.deepEqual([...weightedTable([3, 0, 1], 8)], [0, 0, 0, 0, 0, 0, 2, 2]);
  assert.deepEqual([...weightedTable([5], 4)], [0, 0, 0, 0]);
});

test('a Zipf table gives rank k the share 1/k', () => {
  const table = zipfTable(20);
  const harmonic = Array.from({ length: 20 }, (_, k) => 1 / (k + 1)).reduce((sum, share) => sum + share);
  for (const rank of [0, 1, 9, 19]) {
    const count = table.filter((value) => value === rank).length;
    const expected = table.length / (rank + 1) / harmonic;
    assert.ok(Math.abs(count - expected) <= 1, `rank ${rank}: ${count}, expected ${expected}`);
  }
});

test('every rank has its place in a Zipf table of up to 5,000 ranks', () => {
  for (const ranks of [1, 2, 255, 1_200, 5_000]) assert.equal(new Set(zipfTable(ranks)).size, ranks);
});

test('a log-normal table has the quantiles of the distribution and respects its bounds', () => {
  const table = logNormalTable({ median: 4_500, sigma: 0.75, lowest: 400, highest: 60_000 }, 4_096);
  // median × e^(σ z) with z = 0, ±0.6745 (quartiles) and 1.6449 (95 %)
  const expected = new Map([
    [0.25, 4_500 * Math.exp(-0.75 * 0.67449)],
    [0.5, 4_500],
    [0.75, 4_500 * Math.exp(0.75 * 0.67449)],
    [0.95, 4_500 * Math.exp(0.75 * 1.64485)],
  ]);
  for (const [quantile, value] of expected) {
    const found = table[Math.floor(quantile * table.length)] ?? 0;
    assert.ok(Math.abs(found / value - 1) < 0.005, `${quantile}: ${found}, expected ${value}`);
  }
  assert.equal(table.at(0), 400);
  assert.equal(table.at(-1), 60_000);
  assert.deepEqual(
    [...table],
    [...table].sort((a, b) => a - b),
  );
});

test('demand has a morning peak, a higher evening peak and its trough at 4 o’clock', () => {
  for (const [day, morning, evening] of [
    [0, [8, 9], [17, 18, 19]], // Monday
    [5, [11, 12, 13], [18, 19, 20]], // Saturday: up later
  ] as const) {
    const hours = countByHour(minutesOf(day));
    assert.equal(
      hourOfMost(
        hours.map((count) => -count),
        0,
        24,
      ),
      4,
    );
    assert.ok((morning as readonly number[]).includes(hourOfMost(hours, 0, 15)), hours.join());
    assert.ok((evening as readonly number[]).includes(hourOfMost(hours, 0, 24)), hours.join());
    assert.ok(
      hourOfMost(hours, 0, 24) > 15 && Math.min(...hours.slice(10, 17)) < Math.max(...hours.slice(6, 15)),
    );
  }
});

test('hours of the minute table follow the hourly weights', () => {
  for (const [day, weights] of [
    [2, WEEKDAY_HOURS],
    [6, WEEKEND_HOURS],
  ] as const) {
    const hours = countByHour(minutesOf(day));
    const total = weights.reduce((sum, weight) => sum + weight);
    // The lines between the middles of the hours give each hour ¾ of its own weight and ⅛ of each neighbour's.
    for (let hour = 0; hour < 24; hour++) {
      const [before = 0, own = 0, after = 0] = [-1, 0, 1].map((step) => weights[(hour + step + 24) % 24]);
      const expected = (8_192 * (before / 8 + (own * 3) / 4 + after / 8)) / total;
      const found = hours[hour] ?? 0;
      assert.ok(
        Math.abs(found - expected) < 0.03 * expected + 6,
        `${hour} h: ${found}, expected ${expected}`,
      );
    }
  }
});

test('bookings are made for full five minutes', () => {
  assert.ok(minutesOf(1).every((minute) => minute % 5 === 0 && minute < 1_440));
});
