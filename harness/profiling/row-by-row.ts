/**
 * Writes row by row and commits for each row: two defects with two fixes. A loop of writes in one transaction has the first
 * only; in autocommit, or with BEGIN and COMMIT for each, it has both; a bulk statement has neither.
 */
import type { GrowthSample } from './growth-sample.ts';
import type { Judgement } from './judgement.ts';
import { sortOf } from './statement-sort.ts';

/** One row a call is row by row, none is one that found nothing to write; a call for a row and what belongs to it is not. */
const ROWS_OF_ONE = 1.5;

/** Whether the calls come once for each of something, batches and a fixed number apart. */
export function isLoop({ verdict }: Judgement): boolean {
  return verdict === 'n-plus-one' || verdict === 'superlinear' || verdict === 'saturating';
}

/**
 * A looped write that writes one row a call. It is reported as this and not as N+1 too: there is one loop and one fix.
 * A looped write of several rows a call stays an N+1.
 */
export function isRowByRowWrite(judgement: Judgement, samples: readonly GrowthSample[]): boolean {
  const { statement } = judgement;
  if (statement === null || sortOf(statement) !== 'write' || !isLoop(judgement)) return false;
  const { calls, rows } = usesOf(judgement, samples);
  return rows <= ROWS_OF_ONE * calls;
}

/** Calls and rows of a statement over all samples of its unit. */
function usesOf({ unit, statement }: Judgement, samples: readonly GrowthSample[]) {
  const uses = samples
    .filter((sample) => sample.unit === unit)
    .flatMap((sample) => sample.statements.filter((use) => use.statement === statement));
  return {
    calls: uses.reduce((sum, { calls }) => sum + calls, 0),
    rows: uses.reduce((sum, { rows }) => sum + rows, 0),
  };
}

/** What a unit of work has of transactions for each row. */
export interface TransactionLoops {
  /** Commits that wrote something, once for each of something; null where there is no such loop. */
  readonly commits: Judgement | null;
  /** BEGIN, COMMIT and ROLLBACK that grow with them, or alone when nothing is written in them. */
  readonly control: readonly Judgement[];
  /** SAVEPOINT and RELEASE that grow. */
  readonly savepoints: readonly Judgement[];
}

export function transactionLoops(unit: string, judgements: readonly Judgement[]): TransactionLoops {
  const loops = judgements.filter((judgement) => judgement.unit === unit && isLoop(judgement));
  const sorted = (sort: string) =>
    loops.filter(({ statement }) => statement !== null && sortOf(statement) === sort);
  return {
    commits: loops.find(({ statement }) => statement === null) ?? null,
    control: sorted('transaction'),
    savepoints: sorted('savepoint'),
  };
}
