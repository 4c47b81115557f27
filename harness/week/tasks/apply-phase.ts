import { statementIdentity } from '../../capture/statement-identity.ts';
import type { CapturedStatement, Transcript } from '../../capture/transcript.ts';
import { waitOf } from '../../capture/waiting.ts';
import { tablesWritten } from '../../experiment/statement-text.ts';
import type { StatementCounters } from '../../postgres/statement-stats.ts';
import type { ApplyAccount } from '../../week-record.ts';

/**
 * What apply did in a dispatch: all from the transaction (or the statement) that first writes one of its tables to the end of the
 * last such one. The statement parser must have been loaded.
 *
 * @param tables that apply writes, and nothing else of a dispatch
 */
export function applyOf(
  transcript: Transcript,
  tables: readonly string[],
): Pick<ApplyAccount, 'statements' | 'roundTrips' | 'commits'> {
  const { statements, roundTrips, commits } = waitOf(applyPhase(transcript, tables));
  return { statements, roundTrips, commits };
}

/** WAL of the statements that write the tables of apply, of all that a dispatch was counted to execute. */
export function applyWalBytes(counted: readonly StatementCounters[], tables: readonly string[]): number {
  return counted.filter(({ text }) => applies(text, tables)).reduce((sum, { walBytes }) => sum + walBytes, 0);
}

function applyPhase(
  { statements, exchanges, blindSpots }: Transcript,
  tables: readonly string[],
): Transcript {
  const writes = statements.flatMap(({ text }, at) => (applies(text, tables) ? [at] : []));
  const [firstWrite, lastWrite] = [writes[0], writes.at(-1)];
  if (firstWrite === undefined || lastWrite === undefined)
    return { statements: [], exchanges: [], blindSpots };
  const phase = statements.slice(beginOf(statements, firstWrite), endOf(statements, lastWrite) + 1);
  const places = phase.map(({ exchange }) => exchange);
  const [first, last] = [Math.min(...places), Math.max(...places)];
  return {
    statements: phase.map((statement) => ({ ...statement, exchange: statement.exchange - first })),
    exchanges: exchanges.slice(first, last + 1),
    blindSpots,
  };
}

function applies(text: string, tables: readonly string[]): boolean {
  const written = tablesWritten(statementIdentity(text));
  return tables.some((table) => written.has(table));
}

/** Where the transaction of a statement began: the statement itself outside of one. */
function beginOf(statements: readonly CapturedStatement[], at: number): number {
  const { session, transactionBefore } = statements[at] as CapturedStatement;
  if (transactionBefore === 'idle') return at;
  const begin = statements.findLastIndex(
    (one, index) => index < at && one.session === session && one.transactionBefore === 'idle',
  );
  return Math.max(0, begin);
}

/** Where it ended; the last statement of its session where it had not by then. */
function endOf(statements: readonly CapturedStatement[], at: number): number {
  const { session } = statements[at] as CapturedStatement;
  const end = statements.findIndex(
    (one, index) => index >= at && one.session === session && one.transactionAfter === 'idle',
  );
  return end >= 0 ? end : statements.findLastIndex((one) => one.session === session);
}
