import { isQuery, tablesWritten } from '../experiment/statement-text.ts';
import type { Observation } from './growth-series.ts';

/** Ways to hand a statement several keys or rows at once. */
const LIST = /\b(?:ANY|ALL|IN|UNNEST|VALUES|JSONB?_\w+|STRING_TO_ARRAY)\s*\(/i;

/** A key that is compared with one value. */
const ONE_KEY = /\bWHERE\b[\s\S]*=\s*\$/i;

/** A batch of three writes or returns several rows a call, a lookup for one in three one at most. */
const ROWS_OF_ONE = 1.5;

/**
 * Whether calls that grow slower than the work are lookups (or writes) for some of the rows rather than batches: it is
 * given one key and has to do with one row. A batched statement is given a list, or has to do with many rows.
 */
export function isLookupForSome(observations: readonly Observation[], statement: string | null): boolean {
  if (statement === null) return false;
  const calls = sum(observations.map((observation) => observation.calls));
  const rowsPerCall = sum(observations.map(({ rows }) => rows)) / Math.max(1, calls);
  if (rowsPerCall > ROWS_OF_ONE) return false;
  if (isQuery(statement)) return ONE_KEY.test(statement) && !LIST.test(statement);
  return tablesWritten(statement).size > 0 && rowsPerCall > 1 / ROWS_OF_ONE;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
