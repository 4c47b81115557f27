import { formatCount, formatShare } from '../quantity.ts';
import type { ProfiledStatement, SlowStatements } from './statement-record.ts';

/**
 * When a statement is slow. Fixed, so that counts of two results mean the same. `often` is PgHero's (slow_queries: mean
 * time and calls), `long` is the threshold of Sentry's detector for slow queries, `share` is ours.
 */
export const SLOW = {
  often: { meanMs: 20, calls: 100 },
  long: { meanMs: 500, calls: 3 },
  share: { ratio: 0.1 },
} as const;

/** The definitions in words, to be printed wherever a count of slow statements is. */
export const SLOW_DEFINITIONS: readonly string[] = [
  `often: a mean of ${SLOW.often.meanMs} ms or more in at least ${SLOW.often.calls} calls`,
  `long: a mean of ${SLOW.long.meanMs} ms or more in at least ${SLOW.long.calls} calls`,
  `share: ${formatShare(SLOW.share.ratio)} or more of the time of all statements`,
];

/** What one statement did in all the dispatches that were measured. */
export interface MeasuredStatement {
  /** Folded text: equal for equal statements. */
  readonly statement: string;
  readonly calls: number;
  /** Returned or written. */
  readonly rows: number;
  /** All calls together; `null` when no time was seen. */
  readonly totalMs: number | null;
  readonly blocks: number | null;
  readonly walBytes: number | null;
}

export interface SlowStatementsOptions {
  readonly dispatches: number;
  readonly clock: SlowStatements['clock'];
  /** Set by the user: how many statements take at least that long in the mean. */
  readonly thresholdMs: number;
}

/**
 * Judges statements by the fixed definitions. Several entries of one statement, as other roles and search paths make
 * them, are added up first.
 */
export function judgeSlowStatements(
  measured: readonly MeasuredStatement[],
  { dispatches, clock, thresholdMs }: SlowStatementsOptions,
): SlowStatements {
  const grouped = groupByStatement(measured);
  const allMs = grouped.reduce((sum, { totalMs }) => sum + (totalMs ?? 0), 0);
  const statements = grouped
    .toSorted((a, b) => (b.totalMs ?? 0) - (a.totalMs ?? 0) || b.calls - a.calls)
    .map((one) => profiled(one, { dispatches, allMs }));
  return {
    dispatches,
    clock,
    definitions: [...SLOW_DEFINITIONS],
    slow: statements.filter(({ slow }) => slow.length > 0).length,
    atThreshold: {
      thresholdMs,
      statements: statements.filter(({ meanMs }) => meanMs !== null && meanMs >= thresholdMs).length,
    },
    statements,
  };
}

/** One entry a statement. A sum with a part that was not seen is not seen either. */
export function groupByStatement(measured: readonly MeasuredStatement[]): MeasuredStatement[] {
  const groups = new Map<string, MeasuredStatement>();
  const add = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);
  for (const one of measured) {
    const known = groups.get(one.statement);
    groups.set(
      one.statement,
      known
        ? {
            statement: one.statement,
            calls: known.calls + one.calls,
            rows: known.rows + one.rows,
            totalMs: add(known.totalMs, one.totalMs),
            blocks: add(known.blocks, one.blocks),
            walBytes: add(known.walBytes, one.walBytes),
          }
        : one,
    );
  }
  return [...groups.values()];
}

function profiled(
  { statement, calls, rows, totalMs, blocks, walBytes }: MeasuredStatement,
  { dispatches, allMs }: { dispatches: number; allMs: number },
): ProfiledStatement {
  const perDispatch = (total: number | null) => (total === null ? null : total / dispatches);
  const meanMs = totalMs === null || calls === 0 ? null : totalMs / calls;
  const timeShare = totalMs === null || allMs === 0 ? null : totalMs / allMs;
  return {
    statement,
    callsPerDispatch: calls / dispatches,
    rowsPerDispatch: rows / dispatches,
    meanMs,
    timeShare,
    blocksPerDispatch: perDispatch(blocks),
    blocksPerRow: blocks === null || rows === 0 ? null : blocks / rows,
    walBytesPerDispatch: perDispatch(walBytes),
    slow: definitionsMet({ calls, meanMs, timeShare }),
  };
}

function definitionsMet(one: {
  calls: number;
  meanMs: number | null;
  timeShare: number | null;
}): ProfiledStatement['slow'] {
  const { calls, meanMs, timeShare } = one;
  const met: ProfiledStatement['slow'] = [];
  if (meanMs !== null && meanMs >= SLOW.often.meanMs && calls >= SLOW.often.calls) met.push('often');
  if (meanMs !== null && meanMs >= SLOW.long.meanMs && calls >= SLOW.long.calls) met.push('long');
  if (timeShare !== null && timeShare >= SLOW.share.ratio) met.push('share');
  return met;
}

/** What statements can be ranked by. Blocks, WAL and calls do not depend on how busy the machine is. */
export const RANKINGS = ['meanMs', 'blocksPerDispatch', 'walBytesPerDispatch', 'callsPerDispatch'] as const;
export type Ranking = (typeof RANKINGS)[number];

/** The statements with most of something, at most `limit`; those that have none of it are left out. */
export function rankStatements(
  statements: readonly ProfiledStatement[],
  ranking: Ranking,
  limit = 10,
): ProfiledStatement[] {
  return statements
    .filter((one) => (one[ranking] ?? 0) > 0)
    .toSorted((a, b) => (b[ranking] ?? 0) - (a[ranking] ?? 0))
    .slice(0, limit);
}

/** "3 statements are slow, of 27; 5 take 20 ms or more in the mean" */
export function slowSentence({ slow, statements, atThreshold }: SlowStatements): string {
  const are = slow === 1 ? '1 statement is slow' : `${formatCount(slow)} statements are slow`;
  const { statements: above, thresholdMs } = atThreshold;
  const take = above === 1 ? '1 takes' : `${formatCount(above)} take`;
  return `${are}, of ${formatCount(statements.length)}; ${take} ${formatCount(thresholdMs)} ms or more in the mean.`;
}
