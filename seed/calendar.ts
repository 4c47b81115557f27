import type { CopyBuffer } from './copy-buffer.ts';
import { PieceTable } from './piece-table.ts';

/** The first open day, a Monday. Days and minutes of the dataset are counted from its midnight, UTC. */
const ANCHOR_MS = Date.UTC(2026, 2, 2);
const DAY_MS = 86_400_000;

export const MINUTES_PER_DAY = 1_440;

/** History covers this many days, the last one is the day before the first open day. */
export const HISTORY_DAYS = 180;

/** `YYYY-MM-DD` of a day counted from the first open day; history has negative numbers. */
export function dayText(day: number): string {
  return new Date(ANCHOR_MS + day * DAY_MS).toISOString().slice(0, 10);
}

/** 0 = Monday … 6 = Sunday. */
export function weekdayOf(day: number): number {
  return (((day % 7) + 7) % 7) as number;
}

/** Rows of a dataset fall into these days: history with its lead times, and as many open days as a shape may have. */
const FIRST_DAY = -(HISTORY_DAYS + 20);
const LAST_DAY = 3_660;

// Millions of rows name a few thousand days and minutes: formatting each once is most of the speed of a timestamp.
const DAYS = new PieceTable(
  Array.from({ length: LAST_DAY - FIRST_DAY + 1 }, (_, index) => dayText(FIRST_DAY + index)),
);
const MINUTES = new PieceTable(Array.from({ length: MINUTES_PER_DAY }, (_, minute) => minuteText(minute)));

function minuteText(minute: number): string {
  const hours = String(Math.floor(minute / 60)).padStart(2, '0');
  return ` ${hours}:${String(minute % 60).padStart(2, '0')}:00+00`;
}

/** A minute counted from the first open day's midnight as `YYYY-MM-DD HH:MM:00+00`. */
export function timestampText(minute: number): string {
  const day = Math.floor(minute / MINUTES_PER_DAY);
  return dayText(day) + minuteText(minute - day * MINUTES_PER_DAY);
}

/**
 * Writes what `timestampText` says.
 *
 * @throws RangeError for a day far outside a dataset
 */
export function writeTimestamp(minute: number, out: CopyBuffer): void {
  const day = Math.floor(minute / MINUTES_PER_DAY);
  out.piece(DAYS, day - FIRST_DAY);
  out.piece(MINUTES, minute - day * MINUTES_PER_DAY);
}
