import type { FindingKind, Suggestion } from './finding.ts';
import type { Dimension } from './growth-sample.ts';

/** The shape that would do the same with fewer calls. */
export function suggestShape(
  kind: FindingKind,
  statement: string | null,
  dimension: Dimension | null,
): Suggestion {
  return { sentence: `${kind} ${statement} ${dimension}`, sql: null };
}
