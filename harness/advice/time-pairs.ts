import { estimateLocation, median } from '../statistics/hodges-lehmann.ts';
import type { Measurement } from './measurement.ts';

/** One measurement of each side, made next to each other. */
export interface TimedPair {
  readonly before: Measurement;
  readonly after: Measurement;
}

/** How a time changed, after ÷ before. */
export interface TimeChange {
  readonly pairs: number;
  /** Hodges–Lehmann estimate over the pairs. */
  readonly ratio: number;
  /** Exact interval of the signed-rank test; null with too few pairs for its level. */
  readonly low: number | null;
  readonly high: number | null;
  /** Medians of the pairs. */
  readonly beforeMs: number;
  readonly afterMs: number;
}

const LEVEL = 0.95;

/** Alternated so that a slow drift of the machine meets both sides alike. */
export async function alternate<T>(
  pairs: number,
  side: { before: () => Promise<T>; after: () => Promise<T> },
): Promise<{ before: T; after: T }[]> {
  const results: { before: T; after: T }[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    if (pair % 2 === 0) {
      const before = await side.before();
      results.push({ before, after: await side.after() });
    } else {
      const after = await side.after();
      results.push({ before: await side.before(), after });
    }
  }
  return results;
}

/** @param timeOf a time of one side in milliseconds; null where it was not done */
export function timeChange(
  pairs: readonly TimedPair[],
  timeOf: (measurement: Measurement) => number | null,
): TimeChange | null {
  const times = pairs.map(({ before, after }) => [timeOf(before), timeOf(after)] as const);
  const known = times.filter((pair): pair is [number, number] => (pair[0] ?? 0) > 0 && (pair[1] ?? 0) > 0);
  if (known.length === 0) return null;
  const { estimate, interval } = estimateLocation(
    known.map(([before, after]) => Math.log(after / before)),
    LEVEL,
  );
  const middle = (side: 0 | 1) => median(known.map((pair) => pair[side]));
  return {
    pairs: known.length,
    ratio: Math.exp(estimate),
    low: interval && Math.exp(interval.low),
    high: interval && Math.exp(interval.high),
    beforeMs: middle(0),
    afterMs: middle(1),
  };
}
