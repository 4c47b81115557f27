import { median } from 'simple-statistics';
import type { Dimension, GrowthSample } from './growth-sample.ts';
import type { Judgement, Sizes } from './judgement.ts';

/** The size that a cost is told for, and the calls that a better shape saves there. */
export interface SavedCalls {
  readonly sizes: Sizes;
  /** It is the user's own size, not the largest that was measured. */
  readonly own: boolean;
  /** It is larger than what was measured. */
  readonly beyond: boolean;
  readonly calls: number;
}

/**
 * Calls at the user's size that are there because of the size: the terms of the fit without the intercept. Where a dimension
 * of it has no size of the user's, the largest that was measured stands in.
 */
export function savedCalls(judgement: Judgement, userSizes: Sizes): SavedCalls {
  const dimensions = dimensionsOf(judgement);
  const largest = largestOf(judgement, dimensions);
  const own = dimensions.length > 0 && dimensions.every((dimension) => userSizes[dimension] !== undefined);
  const sizes = own
    ? Object.fromEntries(dimensions.map((dimension) => [dimension, userSizes[dimension]]))
    : largest;
  const beyond = dimensions.some((dimension) => (sizes[dimension] ?? 0) > (largest[dimension] ?? 0));
  return { sizes, own, beyond, calls: growthAt(judgement, sizes) };
}

/**
 * Calls that ask the same again, at the user's size. Where only they grow, all but the different ones; where the different
 * ones grow too, the share that was seen where it was called most.
 */
export function repeatedCalls(judgement: Judgement, userSizes: Sizes): SavedCalls {
  const { calls = 0, distinctParameters = 0 } = judgement.repeated ?? {};
  const grown = savedCalls(judgement, userSizes);
  if (judgement.dimension === null) return { ...grown, calls: calls - distinctParameters };
  if (judgement.verdict !== 'redundant') {
    return { ...grown, calls: grown.calls * ((calls - distinctParameters) / Math.max(1, calls)) };
  }
  return { ...grown, calls: Math.max(0, grown.calls + (judgement.fit?.intercept ?? 0) - distinctParameters) };
}

function dimensionsOf({ dimension, fit, plateau }: Judgement): Dimension[] {
  const terms = fit?.terms.flatMap(({ of }) => of) ?? [];
  const parents = plateau?.parents ?? null;
  return [...new Set([...(dimension === null ? [] : [dimension]), ...terms, ...(parents ? [parents] : [])])];
}

function largestOf({ points }: Judgement, dimensions: readonly Dimension[]): Sizes {
  return Object.fromEntries(
    dimensions.map((dimension) => [dimension, Math.max(...points.map(({ sizes }) => sizes[dimension] ?? 0))]),
  );
}

function growthAt(judgement: Judgement, sizes: Sizes): number {
  const { fit, plateau, dimension } = judgement;
  if (plateau !== null && dimension !== null) {
    const bounds = [sizes[dimension], plateau.parents === null ? plateau.calls : sizes[plateau.parents]];
    return Math.min(...bounds.map((bound) => bound ?? 0));
  }
  const grown = (fit?.terms ?? []).map(({ of, slope }) =>
    of.reduce((product, factor) => product * (sizes[factor] ?? 0), slope),
  );
  return Math.max(
    0,
    grown.reduce((sum, calls) => sum + calls, 0),
  );
}

/** The median over samples of the mean wait for a call, in milliseconds; null where no wait was measured. */
export function waitPerCallMs(
  { unit, statement }: { readonly unit: string; readonly statement: string | null },
  samples: readonly GrowthSample[],
): number | null {
  const means = samples
    .filter((sample) => sample.unit === unit)
    .flatMap((sample) => sample.statements.filter((use) => use.statement === statement && use.calls > 0))
    .flatMap(({ waitMs, calls }) => (waitMs === null ? [] : waitMs / calls));
  return means.length === 0 ? null : median(means);
}
