import { MINUTES_PER_DAY, weekdayOf } from './calendar.ts';
import { portableExp } from './portable-math.ts';
import type { QuantileTable } from './random.ts';

/** A table of `size` entries in which index `i` appears in proportion to `weights[i]` (whole numbers). */
export function weightedTable(weights: readonly number[], size: number): QuantileTable {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const table = new Uint16Array(size);
  let index = 0;
  let cumulative = weights[0] ?? 0;
  for (let slot = 0; slot < size; slot++) {
    // The middle of the slot, (slot + ½) / size, in whole numbers so that nothing is rounded.
    while ((2 * slot + 1) * total >= 2 * size * cumulative && index < weights.length - 1) {
      index += 1;
      cumulative += weights[index] ?? 0;
    }
    table[slot] = index;
  }
  return table;
}

/** Zipf's law with exponent 1: rank `k` (from 0) weighs 1 / (k + 1). Weights are whole numbers, at least 1. */
function zipfWeights(ranks: number): number[] {
  return Array.from({ length: ranks }, (_, rank) => Math.max(1, Math.floor(1_000_000 / (rank + 1))));
}

/** Ranks from 0 by Zipf's law, in a table as small as lets the last rank appear (up to some 6,000 ranks). */
export function zipfTable(ranks: number): QuantileTable {
  let size = 4_096;
  while (size < 16 * ranks && size < 65_536) size *= 2;
  return weightedTable(zipfWeights(ranks), size);
}

export interface LogNormal {
  readonly median: number;
  /** Standard deviation of the logarithm. */
  readonly sigma: number;
  readonly lowest: number;
  /** At most 65,535. */
  readonly highest: number;
}

/** Quantiles of a log-normal distribution, rounded to whole numbers and clamped to its bounds. */
export function logNormalTable(shape: LogNormal, size: number): QuantileTable {
  const table = new Uint16Array(size);
  const STEPS_PER_UNIT = 512;
  const LIMIT = 4;
  const density = (z: number) => portableExp((-z * z) / 2);
  let total = 0;
  for (let step = -LIMIT * STEPS_PER_UNIT; step < LIMIT * STEPS_PER_UNIT; step++) {
    total += density((step + 0.5) / STEPS_PER_UNIT);
  }
  let step = -LIMIT * STEPS_PER_UNIT;
  let cumulative = 0;
  for (let slot = 0; slot < size; slot++) {
    while (cumulative < ((slot + 0.5) / size) * total) {
      cumulative += density((step + 0.5) / STEPS_PER_UNIT);
      step += 1;
    }
    const value = Math.round(shape.median * portableExp((shape.sigma * step) / STEPS_PER_UNIT));
    table[slot] = Math.min(shape.highest, Math.max(shape.lowest, value));
  }
  return table;
}

/**
 * Bookings by hour of the day, in relative numbers: shaped like taxi demand in large cities, with a morning peak, a
 * higher evening peak and the trough at 4 o'clock.
 */
export const WEEKDAY_HOURS: readonly number[] = [
  14, 9, 6, 4, 3, 8, 22, 48, 70, 66, 46, 40, 42, 44, 46, 54, 68, 86, 92, 84, 60, 44, 34, 24,
];
export const WEEKEND_HOURS: readonly number[] = [
  38, 32, 24, 12, 7, 10, 12, 16, 26, 38, 48, 56, 60, 58, 54, 56, 62, 70, 82, 88, 80, 70, 64, 54,
];

/** History bookings by day of the week from Monday, in relative numbers. */
export const WEEKDAY_WEIGHTS: readonly number[] = [92, 95, 98, 106, 124, 112, 73];

const SLOT_MINUTES = 5;
const SLOTS_PER_HOUR = 60 / SLOT_MINUTES;
const MINUTE_TABLE_SIZE = 8_192;

const WEEKDAY_MINUTES = minuteTable(WEEKDAY_HOURS);
const WEEKEND_MINUTES = minuteTable(WEEKEND_HOURS);

/** Minutes of the day at which bookings are scheduled on this day, on a grid of five minutes. */
export function minutesOf(day: number): QuantileTable {
  return weekdayOf(day) < 5 ? WEEKDAY_MINUTES : WEEKEND_MINUTES;
}

/** Weights run in straight lines between the middles of the hours: demand does not jump on the hour. */
function minuteTable(hours: readonly number[]): QuantileTable {
  const weights: number[] = [];
  for (let slot = 0; slot < MINUTES_PER_DAY / SLOT_MINUTES; slot++) {
    const afterMiddle = slot - SLOTS_PER_HOUR / 2;
    const hour = Math.floor(afterMiddle / SLOTS_PER_HOUR);
    const part = afterMiddle - hour * SLOTS_PER_HOUR;
    const from = hours[(hour + 24) % 24] ?? 0;
    const to = hours[(hour + 25) % 24] ?? 0;
    weights.push(from * (SLOTS_PER_HOUR - part) + to * part);
  }
  return weightedTable(weights, MINUTE_TABLE_SIZE).map((slot) => slot * SLOT_MINUTES);
}
