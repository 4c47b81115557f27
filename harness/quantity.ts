/** Numbers as people read them. Every number in a chart, a report or a headline goes through here. */

export const NOT_MEASURED = 'not measured';

function withDigits(value: number, digits: number): string {
  const whole = Math.max(1, Math.floor(Math.log10(Math.abs(value)) + 1e-12) + 1);
  return value.toFixed(Math.max(0, digits - whole));
}

function rounded(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

/** A duration in milliseconds as "840 µs", "4.21 ms", "1.50 s" or "3 min 20 s". @param digits significant, default 3 */
export function formatDuration(durationMs: number, digits = 3): string {
  const ms = rounded(durationMs, digits);
  if (ms === 0) return '0 ms';
  if (Math.abs(ms) < 1) return `${withDigits(ms * 1000, digits)} µs`;
  if (Math.abs(ms) < 1000) return `${withDigits(ms, digits)} ms`;
  if (Math.abs(ms) < 120_000) return `${withDigits(ms / 1000, digits)} s`;
  const seconds = Math.round(durationMs / 1000);
  return seconds % 60 === 0
    ? `${Math.floor(seconds / 60)} min`
    : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A share 0–1 on an axis, as "20 %". */
export const SHARE_AXIS_LABEL = "format(datum.value * 100, 'd') + ' %'";

/** The same scale as `formatDuration`, as a Vega expression over an axis tick in milliseconds. */
export const DURATION_AXIS_LABEL =
  "datum.value === 0 ? '0' : datum.value >= 1000 ? format(datum.value / 1000, '~g') + ' s' " +
  ": datum.value >= 1 ? format(datum.value, '~g') + ' ms' : format(datum.value * 1000, '~g') + ' µs'";

/** A count with thousands separated: "1,234"; the half of a median is kept below 100. */
export function formatCount(count: number): string {
  const decimals = Number.isInteger(count) || Math.abs(count) >= 100 ? 0 : Math.abs(count) < 1 ? 2 : 1;
  return count.toLocaleString('en-US', { maximumFractionDigits: decimals });
}

/** Bytes in decimal units: "312 B", "83.1 kB", "1.20 GB". */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (rounded(value, 3) >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return unit === 0 ? `${formatCount(value)} B` : `${withDigits(value, 3)} ${units[unit]}`;
}

/** A rate per second: "40/s", "63.2/s", "1,204/s". */
export function formatRate(perSecond: number): string {
  const value = perSecond >= 100 ? Math.round(perSecond) : rounded(perSecond, 3);
  return `${value.toLocaleString('en-US', { maximumFractionDigits: 3 })}/s`;
}

/** A ratio 0–1 as a percentage: "0.04 %", "12 %", "100 %". */
export function formatShare(ratio: number): string {
  const percent = ratio * 100;
  if (percent === 0) return '0 %';
  if (percent < 10) return `${Number(percent.toPrecision(2))} %`;
  return `${Math.round(percent)} %`;
}

/** A value in the unit a record names it in. Units that only repeat the metric's name (rows, blocks) are left out. */
export function formatInUnit(value: number, unit: string): string {
  switch (unit) {
    case 'ms':
      return formatDuration(value);
    case 'bytes':
      return formatBytes(value);
    case 'requests/s':
      return formatRate(value);
    case 'ratio':
      return formatShare(value);
    default:
      return formatCount(value);
  }
}

/** An instant as "22 Nov 2026, 21:04 UTC". */
export function formatInstant(iso: string): string {
  const instant = new Date(iso);
  if (Number.isNaN(instant.getTime())) return iso;
  const month = instant.toLocaleString('en-GB', { month: 'short', timeZone: 'UTC' });
  const clock = instant.toISOString().slice(11, 16);
  return `${instant.getUTCDate()} ${month} ${instant.getUTCFullYear()}, ${clock} UTC`;
}

/** One line, at most `limit` characters, cut with an ellipsis. White space is folded. */
export function shorten(text: string, limit: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).trimEnd()}…`;
}

/** A text with a path in it, without leading parts of the path when it is longer than `limit`: "GET …/runs/:id p95". */
export function shortenPath(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const path = text.split(' ').find((word) => word.startsWith('/'));
  const parts = path?.split('/').filter((part) => part !== '') ?? [];
  for (let dropped = 1; path !== undefined && dropped < parts.length; dropped += 1) {
    const shorter = text.replace(path, `…/${parts.slice(dropped).join('/')}`);
    if (shorter.length <= limit || dropped === parts.length - 1) return shorten(shorter, limit);
  }
  return shorten(text, limit);
}

/** "1 pair", "6 pairs". @param plural default: the noun with an s */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}
