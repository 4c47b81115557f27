/** What a piece of work asked of its database and how long it waited: all from the transcript of the tap. */

import { groupBy } from '../group-by.ts';
import { isTransactionControl } from '../postgres/statement-stats.ts';
import type { StatementUse } from '../profiling/growth-sample.ts';
import { commitsOf } from './commits.ts';
import { literalsOf, statementIdentity } from './statement-identity.ts';
import type { CapturedStatement, Exchange, Transcript } from './transcript.ts';

export interface Waiting {
  /** Time in which at least one session waited, milliseconds: sessions that wait side by side count once. */
  readonly waitMs: number;
  /** Of all sessions together, the waits in which no statement ended well: preparing, failures, a Sync alone. */
  readonly otherWaitMs: number;
  /** Statements that were executed well, transaction control among them. */
  readonly statements: number;
  readonly failures: number;
  /** Waits one after the other: what a client sends without waiting for the answer before is one with that. */
  readonly roundTrips: number;
  /** Transactions that wrote and ended well, see {@link commitsOf}. */
  readonly commits: number;
  /** By wait, longest first; without transaction control. Their waits add up to more than `waitMs` where sessions wait side by side. */
  readonly uses: readonly StatementUse[];
  /** BEGIN, COMMIT, SAVEPOINT …: where a commit waits for its flush. */
  readonly transactionControl: readonly StatementUse[];
}

/** The statement parser must have been loaded. A transaction that is open at the end of the transcript is not counted. */
export function waitOf(transcript: Transcript): Waiting {
  const executed = transcript.statements.filter(({ command }) => command !== null);
  const waits = waitsOf(transcript);
  const uses = usesOf(executed, waits);
  const attributedMs = executed.reduce((sum, statement) => sum + (waits.get(statement) ?? 0), 0);
  const allMs = clipped(transcript.exchanges).reduce((sum, { durationMs }) => sum + durationMs, 0);
  return {
    waitMs: unionMs(transcript.exchanges),
    otherWaitMs: Math.max(0, allMs - attributedMs),
    statements: executed.length,
    failures: transcript.statements.length - executed.length,
    roundTrips: clipped(transcript.exchanges).filter(({ isPipelined }) => !isPipelined).length,
    commits: commitsOf(transcript.statements),
    uses: uses.filter(({ statement }) => !isTransactionControl(statement)),
    transactionControl: uses.filter(({ statement }) => isTransactionControl(statement)),
  };
}

/** Length of the time covered by at least one of the intervals, milliseconds. */
function unionMs(exchanges: readonly Exchange[]): number {
  let totalMs = 0;
  let coveredUntilMs = Number.NEGATIVE_INFINITY;
  for (const { startedMs, endedMs } of exchanges.toSorted((one, other) => one.startedMs - other.startedMs)) {
    totalMs += Math.max(0, endedMs - Math.max(startedMs, coveredUntilMs));
    coveredUntilMs = Math.max(coveredUntilMs, endedMs);
  }
  return totalMs;
}

interface ClippedExchange extends Exchange {
  /** Place in the transcript. */
  readonly place: number;
  /** Without what the exchange before it in the same session accounts for. */
  readonly fromMs: number;
  readonly durationMs: number;
  readonly isPipelined: boolean;
}

function clipped(exchanges: readonly Exchange[]): readonly ClippedExchange[] {
  const endOf = new Map<number, number>(); // of each session's exchange before
  return exchanges.map((exchange, place) => {
    const previousEndMs = endOf.get(exchange.session) ?? Number.NEGATIVE_INFINITY;
    endOf.set(exchange.session, exchange.endedMs);
    const fromMs = Math.max(exchange.startedMs, previousEndMs);
    const isPipelined = exchange.startedMs < previousEndMs;
    return { ...exchange, place, fromMs, durationMs: exchange.endedMs - fromMs, isPipelined };
  });
}

/**
 * Each statement's part of the waits. Of its exchange: from the end of the statement before it, or the start, to its own
 * end; what comes after the last is the last one's, for there the server commits. A statement whose rows were fetched in
 * several exchanges has also those in between that have no other statement.
 */
export function waitsOf({ statements, exchanges }: Transcript): ReadonlyMap<CapturedStatement, number> {
  const waits = new Map<CapturedStatement, number>();
  const byExchange = groupBy(statements, ({ exchange }) => exchange);
  const fetchedInParts = statements.filter(
    ({ exchange, startedMs }) => startedMs < (exchanges[exchange]?.startedMs ?? 0),
  );
  for (const { place, session, startedMs, fromMs, endedMs, durationMs } of clipped(exchanges)) {
    const own = (byExchange.get(place) ?? []).toSorted((one, other) => one.endedMs - other.endedMs);
    let atMs = fromMs;
    for (const statement of own) {
      const untilMs = statement === own.at(-1) ? endedMs : Math.max(atMs, statement.endedMs);
      waits.set(statement, (waits.get(statement) ?? 0) + untilMs - atMs);
      atMs = untilMs;
    }
    const owner = fetchedInParts.find(
      (statement) =>
        statement.session === session && statement.startedMs <= startedMs && endedMs <= statement.endedMs,
    );
    if (own.length === 0 && owner) waits.set(owner, (waits.get(owner) ?? 0) + durationMs);
  }
  return waits;
}

function usesOf(
  executed: readonly CapturedStatement[],
  waits: ReadonlyMap<CapturedStatement, number>,
): readonly StatementUse[] {
  const byIdentity = groupBy(executed, ({ text }) => statementIdentity(text));
  const uses = [...byIdentity].map(([statement, calls]) => ({
    statement,
    calls: calls.length,
    rows: calls.reduce((sum, { rows }) => sum + (rows ?? 0), 0),
    distinctParameters: new Set(calls.map(valuesOf)).size,
    waitMs: calls.reduce((sum, call) => sum + (waits.get(call) ?? 0), 0),
  }));
  return uses.sort((one, other) => other.waitMs - one.waitMs);
}

/** Parameters and literals of a call, as one string to compare. */
function valuesOf({ text, parameters }: CapturedStatement): string {
  const values = parameters.map((value) =>
    value === null || typeof value === 'string'
      ? value
      : { binary: Buffer.from(value.binary).toString('base64') },
  );
  return JSON.stringify([literalsOf(text), values]);
}
