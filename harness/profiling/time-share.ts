import { statementIdentity } from '../capture/statement-identity.ts';
import type { CapturedStatement, Transcript } from '../capture/transcript.ts';
import { type Waiting, waitsOf } from '../capture/waiting.ts';
import { countOf, formatDuration, formatShare } from '../quantity.ts';
import { median } from '../statistics/hodges-lehmann.ts';
import { type Spread, TIME_PARTS, type TimePart, type TimeShare } from './statement-record.ts';
import { sortOf } from './statement-sort.ts';

/** One dispatch alone, as the tap and the database saw it. */
export interface TimedDispatch {
  /** Request sent to answer received, with the tap between service and database. */
  readonly wallMs: number;
  readonly transcript: Transcript;
  readonly waiting: Pick<Waiting, 'waitMs' | 'otherWaitMs' | 'roundTrips'>;
  /** Execution of its statements in the server, as `pg_stat_statements` counted it; `null` where it was not. */
  readonly counted: readonly { readonly text: string; readonly databaseMs: number }[] | null;
}

/**
 * Divides the wall time of dispatches by what the service waited for. The waits of all sessions count once where they
 * overlap, since a service that waits for two answers at once waits once.
 *
 * *Reads* and *writes* are execution in the server. *Commits* are whole waits for COMMIT, and what a
 * statement that commits itself waited beyond its execution: `pg_stat_statements` ends its time before the commit is
 * flushed. *Round trips* are the rest of the waits: network, the tap, parsing and planning, handing over. *Service* is the
 * time in which no session waited. The statement parser must have been loaded.
 *
 * @param dispatches at least one
 */
export function timeShareOf(dispatches: readonly TimedDispatch[]): TimeShare {
  const divided = dispatches.map(divide);
  return {
    probes: dispatches.length,
    wallMs: spread(divided.map(({ wallMs }) => wallMs)),
    databaseShare: spread(divided.map(({ waitMs, wallMs }) => ratio(waitMs, wallMs))),
    roundTrips: spread(divided.map(({ roundTrips }) => roundTrips)),
    parts: TIME_PARTS.map((part) => ({
      part,
      ms: spread(divided.map(({ parts }) => parts[part])),
      share: spread(divided.map(({ parts, wallMs }) => ratio(parts[part], wallMs))),
    })),
    warnings: warningsOf(dispatches, divided),
  };
}

interface Divided {
  readonly wallMs: number;
  /** In which at least one session waited. */
  readonly waitMs: number;
  readonly roundTrips: number;
  /** Waits at once in the mean, of the time in which there was any. */
  readonly overlap: number;
  readonly parts: Readonly<Record<TimePart, number>>;
}

function divide({ wallMs, transcript, waiting, counted }: TimedDispatch): Divided {
  const { waitMs: heardMs, roundTrips, otherWaitMs } = waiting;
  const waitMs = Math.min(heardMs, wallMs);
  const waits = waitsByKind(transcript, otherWaitMs);
  const summedMs = Object.values(waits).reduce((sum, ms) => sum + ms, 0);
  const scale = summedMs === 0 ? 0 : waitMs / summedMs;
  const parts = partsOf(waits, counted && executionByKind(counted));
  return {
    wallMs,
    waitMs,
    roundTrips,
    overlap: scale === 0 ? 1 : 1 / scale,
    parts: {
      reads: parts.reads * scale,
      writes: parts.writes * scale,
      commits: parts.commits * scale,
      roundTrips: parts.roundTrips * scale,
      service: wallMs - waitMs,
    },
  };
}

/** What a wait was for: the statement in it, or nothing that reads or writes (BEGIN, preparing, settings). */
type Kind = 'read' | 'write' | 'selfCommitting' | 'commit' | 'other';

function waitsByKind(transcript: Transcript, otherWaitMs: number): Record<Kind, number> {
  const waits = { read: 0, write: 0, selfCommitting: 0, commit: 0, other: otherWaitMs };
  for (const [statement, waitMs] of waitsOf(transcript)) {
    if (statement.command !== null) waits[kindOf(statement)] += waitMs;
  }
  return waits;
}

function kindOf({ command, text, transactionBefore, transactionAfter }: CapturedStatement): Kind {
  if (command === 'COMMIT') return 'commit';
  const sort = sortOf(statementIdentity(text));
  if (sort === 'write') {
    return transactionBefore === 'idle' && transactionAfter === 'idle' ? 'selfCommitting' : 'write';
  }
  return sort === 'read' ? 'read' : 'other';
}

interface Execution {
  readonly reads: number;
  readonly writes: number;
}

/** By the same reading of the statement as the waits, or one would be held against the other's time. */
function executionByKind(counted: NonNullable<TimedDispatch['counted']>): Execution {
  const sumOf = (sort: 'read' | 'write') =>
    counted
      .filter(({ text }) => sortOf(statementIdentity(text)) === sort)
      .reduce((sum, { databaseMs }) => sum + databaseMs, 0);
  return { reads: sumOf('read'), writes: sumOf('write') };
}

/** Execution cannot be longer than the wait for it: what is, was measured by another clock. */
function partsOf(
  waits: Record<Kind, number>,
  execution: Execution | null,
): Record<Exclude<TimePart, 'service'>, number> {
  const writing = waits.write + waits.selfCommitting;
  const reads = Math.min(execution?.reads ?? waits.read, waits.read);
  const writes = Math.min(execution?.writes ?? writing, writing);
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

function warningsOf(dispatches: readonly TimedDispatch[], divided: readonly Divided[]): string[] {
  const overlap = Math.max(...divided.map((one) => one.overlap));
  return [
    ...(overlap > SOME_OVERLAP
      ? [
          `Sessions waited side by side (${overlap.toFixed(1)} waits at once in the mean): the parts of the wait are divided in proportion, not measured one by one.`,
        ]
      : []),
    ...(dispatches.some(({ counted }) => counted === null)
      ? [
          'Execution in the server was not counted: reads and writes hold their round trips, and writes that commit themselves their commits.',
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
  return `${said}, and ${meaning} (${range})`;
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
  return `${made} An index can gain ${formatShare(executed)} at most; the other waits are for commits and on the way (${countOf(Math.round(roundTrips.median), 'round trip')}).`;
}

const WAITS = ['reads', 'writes', 'commits', 'roundTrips'] as const;

function rangeOfShares({ low, high }: Spread): string {
  const [least, most] = [formatShare(low), formatShare(high)];
  return least === most ? least : `${least} to ${most}`;
}
