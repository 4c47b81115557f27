import type { Comparison, TimingComparison } from '../experiment-record.ts';

/** A ratio turned so that above 1 is worse, whichever way the metric counts. */
export function costRatio(
  ratio: number,
  { higherIsBetter }: Pick<TimingComparison, 'higherIsBetter'>,
): number {
  return higherIsBetter ? 1 / ratio : ratio;
}

/** The better end of the interval as a cost; without an interval the estimate. */
export function lowerCost(timing: TimingComparison): number {
  const end = timing.higherIsBetter ? timing.high : timing.low;
  return costRatio(end ?? timing.ratio, timing);
}

/** The metrics that decide, in the order they were declared. */
export function gateTimings({ timings, family }: Comparison): TimingComparison[] {
  const place = ({ metric }: TimingComparison) => {
    const index = family.metrics.indexOf(metric);
    return index === -1 ? family.metrics.length : index;
  };
  return timings.filter(({ role }) => role === 'gate').toSorted((a, b) => place(a) - place(b));
}

/**
 * The gate metric the verdict is told by: of those that have the verdict of this experiment the worst, else the worst
 * of all. `null` when nothing that decides was measured.
 */
export function decisiveGate(comparison: Comparison): TimingComparison | null {
  const gates = gateTimings(comparison);
  const deciding = gates.filter(({ verdict }) => verdict === comparison.unconfirmedVerdict);
  const worstFirst = (deciding.length > 0 ? deciding : gates).toSorted(
    (a, b) => costRatio(b.ratio, b) - costRatio(a.ratio, a),
  );
  return worstFirst[0] ?? null;
}

/** Metrics that could not have shown a change as small as their band, and did not show one: never a green light. */
export function tooNoisyTimings({ timings }: Comparison): TimingComparison[] {
  return timings.filter(({ tooNoisy, verdict }) => tooNoisy && verdict === 'inconclusive');
}
