import type { Comparison, ExactComparison } from '../experiment-record.ts';
import { formatInUnit } from '../quantity.ts';

/** "queries/dispatch 695 → 9 · rows = · WAL bytes 118 kB → 80.1 kB"; `null` when nothing was counted. */
export function exactLine({ exact }: Comparison): string | null {
  return exact.length === 0 ? null : exact.map(exactText).join(' · ');
}

/** A count whose repeats differed stands behind "≈", because its equality proves nothing. */
function exactText(
  { metric, unit, baseline, candidate, repeatsAgree }: ExactComparison,
  index: number,
): string {
  const name = metric.replace(/ per dispatch$/, index === 0 ? '/dispatch' : '');
  const near = repeatsAgree ? '' : '≈ ';
  if (baseline === candidate) return `${name} ${near}=`;
  return `${name} ${near}${formatInUnit(baseline, unit)} → ${formatInUnit(candidate, unit)}`;
}
