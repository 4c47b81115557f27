import { HISTORY_DAYS, weekdayOf } from './calendar.ts';
import { WEEKDAY_WEIGHTS } from './distributions.ts';
import type { DatasetShape } from './profiles.ts';

/** The past bookings of one day: consecutive rows of the history. */
export interface HistoryDay {
  /** Negative: days before the first open day. */
  readonly day: number;
  /** Number of its first booking in the history, from 0. */
  readonly first: number;
  readonly count: number;
}

/** The days of history from the oldest, with the weekly rhythm. Their counts add up to exactly `shape.history`. */
export function* historyDays(shape: DatasetShape): Generator<HistoryDay> {
  const weights = Array.from(
    { length: HISTORY_DAYS },
    (_, index) => WEEKDAY_WEIGHTS[weekdayOf(index - HISTORY_DAYS)] ?? 0,
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let before = 0;
  let first = 0;
  for (const [index, weight] of weights.entries()) {
    before += weight;
    const end = Math.floor((shape.history * before) / total);
    yield { day: index - HISTORY_DAYS, first, count: end - first };
    first = end;
  }
}
