import type { ExactComparison, Verdict } from '../experiment-record.ts';
import { TOLD_ONLY } from './metrics.ts';

/**
 * Exact counts have no band: every difference is one. What rose here and fell there is for people to weigh.
 */
export function countVerdict(exact: readonly ExactComparison[]): Verdict {
  const certain = exact.filter((one) => one.repeatsAgree && !TOLD_ONLY.includes(one.metric));
  const more = certain.some((one) => one.candidate > one.baseline);
  const less = certain.some((one) => one.candidate < one.baseline);
  if (certain.length === 0 || (more && less)) return 'inconclusive';
  return more ? 'regressed' : less ? 'improved' : 'equivalent';
}
