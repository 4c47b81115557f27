import type { CapturedStatement, Exchange } from '../capture/transcript.ts';
import { normaliseStatement } from '../experiment/statement-text.ts';
import { countOf, formatDuration, formatShare } from '../quantity.ts';
import { median } from '../statistics/hodges-lehmann.ts';
import { type Spread, TIME_PARTS, type TimePart, type TimeShare } from './statement-record.ts';
import { type StatementSort, sortOf } from './statement-sort.ts';

/** One dispatch alone, as the tap and the database saw it. */
export interface TimedProbe {
  /** Request sent to answer received. */
  readonly wallMs: number;
  readonly exchanges: readonly Exchange[];
  /** Its statements, each naming its exchange by place in `exchanges`. */
  readonly statements: readonly CapturedStatement[];
  /** Execution in the server, from `pg_stat_statements`; `null` where it is not counted. */
  readonly executionMs: { readonly reads: number; readonly writes: number } | null;
}

/**
 * Divides the wall time of dispatches by what the service waited for. The waits of all sessions count once where they
 * overlap, since a service that waits for two answers at once waits once.
 *
 * *Reads* and *writes* are execution in the server. *Commits* are whole waits for COMMIT, and what a
 * statement that commits itself waited beyond its execution: `pg_stat_statements` ends its time before the commit is
 * flushed. *Round trips* are the rest of the waits: network, the tap, parsing and planning, handing over. *Service* is the
 * time in which no session waited.
 *
 * @param probes at least one
 */
export function shareOfTime(probes: readonly TimedProbe[]): TimeShare {
  const divided = probes.map(divide);
  return {
    probes: probes.length,
    wallMs: spread(divided.map(({ wallMs }) => wallMs)),
    databaseShare: spread(divided.map(({ waitedMs, wallMs }) => ratio(waitedMs, wallMs))),
    roundTrips: spread(probes.map(({ exchanges }) => exchanges.length)),
    parts: TIME_PARTS.map((part) => ({
      part,
      ms: spread(divided.map(({ parts }) => parts[part])),
      share: spread(divided.map(({ parts, wallMs }) => ratio(parts[part], wallMs))),
    })),
    warnings: warningsOf(probes, divided),
  };
}

interface Divided {
  readonly wallMs: number;
  /** Union of the waits. */
  readonly waitedMs: number;
  /** Sum of the waits ÷ their union; 1 when no two sessions waited at once. */
  readonly overlap: number;
  readonly parts: Readonly<Record<TimePart, number>>;
}

function divide(probe: TimedProbe): Divided {
  const waitedMs = Math.min(unionMs(probe.exchanges), probe.wallMs);
  const waits = waitsByKind(probe);
  const summedMs = Object.values(waits).reduce((sum, ms) => sum + ms, 0);
  const scale = summedMs === 0 ? 0 : waitedMs / summedMs;
  const parts = partsOf(waits, probe.executionMs);
  return {
    wallMs: probe.wallMs,
    waitedMs,
    overlap: scale === 0 ? 1 : 1 / scale,
    parts: {
      reads: parts.reads * scale,
      writes: parts.writes * scale,
      commits: parts.commits * scale,
      roundTrips: parts.roundTrips * scale,
      service: probe.wallMs - waitedMs,
    },
  };
}

/** Length of what a set of intervals covers, in milliseconds. */
export function unionMs(
  intervals: readonly { readonly startedMs: number; readonly endedMs: number }[],
): number {
  let covered = 0;
  let untilMs = Number.NEGATIVE_INFINITY;
  for (const { startedMs, endedMs } of intervals.toSorted((a, b) => a.startedMs - b.startedMs)) {
    covered += Math.max(0, endedMs - Math.max(startedMs, untilMs));
    untilMs = Math.max(untilMs, endedMs);
  }
  return covered;
}

/** What a wait was for: the statement in it, or nothing that is executed (BEGIN, preparing, settings). */
type Kind = 'read' | 'write' | 'selfCommitting' | 'commit' | 'other';

/** Each exchange's wait goes to its statements, by the time of each; one without statements was for something else. */
function waitsByKind({ exchanges, statements }: TimedProbe): Record<Kind, number> {
  const waits = { read: 0, write: 0, selfCommitting: 0, commit: 0, other: 0 };
  const byExchange = exchanges.map((): CapturedStatement[] => []);
  for (const one of statements) byExchange[one.exchange]?.push(one);
  for (const [place, exchange] of exchanges.entries()) {
    const waitMs = exchange.endedMs - exchange.startedMs;
    const inside = byExchange[place] ?? [];
    const insideMs = inside.reduce((sum, one) => sum + (one.endedMs - one.startedMs), 0);
    if (inside.length === 0) waits.other += waitMs;
    for (const one of inside) {
      const part = insideMs === 0 ? 1 / inside.length : (one.endedMs - one.startedMs) / insideMs;
      waits[kindOf(one)] += waitMs * part;
    }
  }
  return waits;
}

function kindOf({ command, text, transactionBefore, transactionAfter }: CapturedStatement): Kind {
  if (command === 'COMMIT') return 'commit';
  const sort = sortOf(normaliseStatement(text));
  if (sort === 'write') {
    return transactionBefore === 'idle' && transactionAfter === 'idle' ? 'selfCommitting' : 'write';
  }
  return sort === 'read' ? 'read' : 'other';
}

/** Execution of one dispatch's statements in the server, by what they are for, as {@link TimedProbe} wants it. */
export function executionByKind(
  counters: readonly { readonly text: string; readonly databaseMs: number }[],
): { reads: number; writes: number } {
  const sumOf = (sort: StatementSort) =>
    counters
      .filter(({ text }) => sortOf(normaliseStatement(text)) === sort)
      .reduce((sum, { databaseMs }) => sum + databaseMs, 0);
  return { reads: sumOf('read'), writes: sumOf('write') };
}

/** Execution cannot be longer than the wait for it: what is, was measured by another clock. */
function partsOf(
  waits: Record<Kind, number>,
  executionMs: TimedProbe['executionMs'],
): Record<Exclude<TimePart, 'service'>, number> {
  const writing = waits.write + waits.selfCommitting;
  const reads = Math.min(executionMs?.reads ?? waits.read, waits.read);
  const writes = Math.min(executionMs?.writes ?? writing, writing);
  const beyond = writing - writes;
  const selfCommitting = writing === 0 ? 0 : beyond * (waits.selfCommitting / writing);
  return {
    reads,
    writes,
    commits: waits.commit + selfCommitting,
    roundTrips: waits.other + (waits.read - reads) + (beyond - selfCommitting),
  };
}

function spread(values: readonly number[]): Spread {
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** More than this is overlap, and not the clock. */
const SOME_OVERLAP = 1.02;

function warningsOf(probes: readonly TimedProbe[], divided: readonly Divided[]): string[] {
  const overlap = Math.max(...divided.map((one) => one.overlap));
  return [
    ...(overlap > SOME_OVERLAP
      ? [
          `Sessions waited at the same time (${overlap.toFixed(1)} waits at once in the mean): the parts of the wait are divided in proportion, not measured one by one.`,
        ]
      : []),
    ...(probes.some(({ executionMs }) => executionMs === null)
      ? [
          'Execution in the server was not counted: reads and writes hold their round trips, and self-committing writes their commits.',
        ]
      : []),
  ];
}

/** Below it a change to the database is not worth the work. */
const SMALL_SHARE = 0.1;

/** Whether the database is so little of the time that no index, and nothing else in it, can help. */
export function isSmallShare({ databaseShare }: TimeShare): boolean {
  return databaseShare.median < SMALL_SHARE;
}

/** How a part is called in a sentence and in a chart. */
export const PART_NAMES: Record<TimePart, string> = {
  reads: 'executing reads',
  writes: 'executing writes',
  commits: 'waiting for commits',
  roundTrips: 'round trips',
  service: 'the service itself',
};

/** The first line of a profile: the share of the database, and so the most that any change to it can gain. */
export function timeShareHeadline(share: TimeShare): string {
  const { databaseShare, wallMs, probes } = share;
  const range = `${rangeOfShares(databaseShare)} in ${countOf(probes, 'dispatch', 'dispatches')}`;
  const said = `The database is ${formatShare(databaseShare.median)} of a dispatch's wall time of ${formatDuration(wallMs.median)}`;
  const meaning = isSmallShare(share) ? 'an index cannot help here' : 'no change to it can gain more';
  return `${said}, ${meaning} (${range})`;
}

/** What the time is made of, and where that means that statements are not the place to look. */
export function timeShareDetail(share: TimeShare): string {
  const { parts, roundTrips } = share;
  const shareOf = (part: TimePart) => parts.find((one) => one.part === part)?.share.median ?? 0;
  const waits = WAITS.toSorted((a, b) => shareOf(b) - shareOf(a)).map(
    (part) => `${PART_NAMES[part]} ${formatShare(shareOf(part))}`,
  );
  const made = `Of all the time: ${waits.join(', ')}, ${PART_NAMES.service} ${formatShare(shareOf('service'))}.`;
  const executed = shareOf('reads') + shareOf('writes');
  if (isSmallShare(share) || executed >= SMALL_SHARE) return made;
  return `${made} An index can gain ${formatShare(executed)} at most: the rest is waiting between statements (${countOf(Math.round(roundTrips.median), 'round trip')}).`;
}

const WAITS = ['reads', 'writes', 'commits', 'roundTrips'] as const;

function rangeOfShares({ low, high }: Spread): string {
  const [least, most] = [formatShare(low), formatShare(high)];
  return least === most ? least : `${least} to ${most}`;
}
