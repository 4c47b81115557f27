/** A reading as lines of text. Pure. */
import { countOf, formatCount, formatDuration, formatRate, formatShare, shorten } from '../quantity.ts';
import type { DatabaseActivity, LiveReading, LoadReading, PairsReading } from './live-reading.ts';

/** So many waits are told. */
const WAITS_TOLD = 3;

/** A few lines, each at most `width` characters. */
export function readingLines(reading: LiveReading, width: number): string[] {
  const { load, database, pairs, bottleneck } = reading;
  return [
    ...(pairs ? [pairsLine(pairs), mediansLine(pairs)] : []),
    ...(load ? [stageLine(load), rateLine(load), timesLine(load)] : []),
    ...(database ? [databaseLine(database)] : []),
    ...(bottleneck ? [bottleneck] : []),
  ]
    .filter((line) => line !== '')
    .map((line) => shorten(line, Math.max(1, width)));
}

/** All of it in one line, for a log. */
export function readingLine(reading: LiveReading): string {
  return readingLines({ ...reading, bottleneck: '' }, Number.POSITIVE_INFINITY).join(' · ');
}

function stageLine({ stage, leftMs, elapsedMs }: LoadReading): string {
  const left = leftMs === null ? `${wholeSeconds(elapsedMs)} so far` : `${wholeSeconds(leftMs)} left`;
  const isOver = leftMs !== null && leftMs < 500;
  return [stage ?? 'warm-up', isOver ? 'over; what was started is waited for' : left].join(' · ');
}

function rateLine({ askedPerSecond, achievedPerSecond, traffic }: LoadReading): string {
  const rate =
    askedPerSecond === null
      ? achievedPerSecond === null
        ? ''
        : `${formatRate(achievedPerSecond)} answered, as many as it gets`
      : `arrivals: ${formatRate(askedPerSecond)} asked, ${achievedPerSecond === null ? 'none measured yet' : `${formatRate(achievedPerSecond)} achieved`}`;
  const dropped = traffic?.dropped ? `${formatCount(traffic.dropped)} found no free VU` : '';
  return [rate, dropped].filter(Boolean).join(' · ');
}

function timesLine({ traffic }: LoadReading): string {
  if (traffic === null) return '';
  const { requests, errors, p50Ms, p95Ms } = traffic;
  const share = requests === 0 ? '' : ` (${formatShare(errors / requests)})`;
  return [
    countOf(requests, 'request'),
    `${countOf(errors, 'error')}${errors === 0 ? '' : share}`,
    p50Ms === null ? '' : `p50 ${formatDuration(p50Ms)}`,
    p95Ms === null ? '' : `p95 ${formatDuration(p95Ms)} so far`,
  ]
    .filter(Boolean)
    .join(' · ');
}

function databaseLine({ activeSessions, moments, waits }: DatabaseActivity): string {
  const looks = countOf(moments, 'look');
  if (activeSessions === 0) return `database: no session was at work in ${looks}`;
  const shown = waits
    .slice(0, WAITS_TOLD)
    .map(({ event, share }) => `${event} ${formatShare(share)}`)
    .join(', ');
  return `database: ${formatDuration(activeSessions * 1000)} per second, estimated from ${looks}${shown === '' ? '' : ` · ${shown}`}`;
}

function pairsLine({ part, done, most, leftMs }: PairsReading): string {
  const left = leftMs === null ? '' : ` · ${wholeSeconds(leftMs)} left at most, estimated`;
  const limit = part === 'pair' ? `of ${formatCount(most)} at most` : `of ${formatCount(most)}`;
  return `${part === 'load' ? 'load pairs' : 'pairs'}: ${formatCount(done)} ${limit}${left}`;
}

function mediansLine({ medians }: PairsReading): string {
  if (medians.length === 0) return '';
  return `median of a dispatch so far: ${medians.map(({ variant, medianMs }) => `${variant} ${formatDuration(medianMs)}`).join(', ')}`;
}

function wholeSeconds(ms: number): string {
  return formatDuration(Math.round(ms / 1000) * 1000).replace(/\.\d+ s$/, ' s');
}
