import { type Chunk, findChunk } from './chunk-size.ts';
import { fitLine, fitSum, type SizedCalls } from './fit-line.ts';
import type { Observation } from './growth-series.ts';
import { Dimension, type GrowthFit } from './judgement.ts';

/** Fewer sizes than this lie on a line whatever the service does. */
export const FEWEST_SIZES = 3;

export type GrowthModel =
  | { readonly shape: 'constant' }
  | { readonly shape: 'line'; readonly dimension: Dimension; readonly fit: GrowthFit }
  | { readonly shape: 'chunks'; readonly dimension: Dimension; readonly chunk: Chunk }
  | {
      readonly shape: 'plateau';
      readonly dimension: Dimension;
      readonly calls: number;
      readonly parents: Dimension | null;
    }
  /** `a + b·n + e·n·m`; m may be n itself. */
  | { readonly shape: 'product'; readonly dimension: Dimension; readonly fit: GrowthFit }
  /** `a + b·n + e·m`: a call for each of both. */
  | { readonly shape: 'sum'; readonly dimension: Dimension; readonly fit: GrowthFit };

/** Dimensions that every observation names and that varied enough to fit a line, the ones varied on purpose first. */
export function candidateDimensions(observations: readonly Observation[]): Dimension[] {
  const onPurpose = new Set(observations.map(({ varied }) => varied));
  return Dimension.options
    .filter((dimension) => observations.every(({ sizes }) => sizes[dimension] !== undefined))
    .filter((dimension) => sizesOf(observations, dimension).size >= FEWEST_SIZES)
    .toSorted((a, b) => Number(onPurpose.has(b)) - Number(onPurpose.has(a)));
}

export function sizesOf(observations: readonly Observation[], dimension: Dimension): ReadonlySet<number> {
  return new Set(observations.map(({ sizes }) => sizes[dimension] ?? Number.NaN));
}

export function sized(observations: readonly Observation[], dimension: Dimension): SizedCalls[] {
  return observations.map(({ sizes, calls }) => ({ n: sizes[dimension] ?? Number.NaN, calls }));
}

/**
 * Models that give the calls of every observation exactly; all of the simplest shape that has one, so that several
 * mean dimensions which varied together. Counts are whole numbers, so a service that does one thing for each booking
 * leaves no residual.
 */
export function exactModels(
  observations: readonly Observation[],
  dimensions: readonly Dimension[],
): readonly GrowthModel[] {
  if (new Set(observations.map(({ calls }) => calls)).size === 1) return [{ shape: 'constant' }];
  const shapes = [exactLine, exactChunks, exactPlateau];
  for (const shape of shapes) {
    const models = dimensions.flatMap((dimension) => shape(observations, dimension) ?? []);
    if (models.length > 0) return models;
  }
  const pairs = dimensions.flatMap((one) => dimensions.map((other) => [one, other] as const));
  for (const shape of [exactBound, exactSum, exactProduct]) {
    const models = pairs.flatMap(([one, other]) => shape(observations, one, other) ?? []);
    if (models.length > 0) return models;
  }
  return [];
}

export function lineFit(
  observations: readonly Observation[],
  dimension: Dimension,
): GrowthFit & { residual: number } {
  const { intercept, slope, r2, exact, residual } = fitLine(sized(observations, dimension));
  return { intercept, terms: [{ of: [dimension], slope }], r2, exact, residual };
}

function exactLine(observations: readonly Observation[], dimension: Dimension): GrowthModel | null {
  const { residual: _, ...fit } = lineFit(observations, dimension);
  return fit.exact ? { shape: 'line', dimension, fit } : null;
}

function exactChunks(observations: readonly Observation[], dimension: Dimension): GrowthModel | null {
  const chunk = findChunk(sized(observations, dimension));
  return chunk === null ? null : { shape: 'chunks', dimension, chunk };
}

/** `calls = a + min(n, p)`: sizes below, where each takes a call, and above, where none does. */
function exactPlateau(observations: readonly Observation[], dimension: Dimension): GrowthModel | null {
  const points = sized(observations, dimension);
  const top = Math.max(...points.map(({ calls }) => calls));
  const below = points.filter(({ calls }) => calls < top);
  const [first] = below;
  if (first === undefined || sizesOf(observations, dimension).size <= FEWEST_SIZES) return null;
  const intercept = first.calls - first.n;
  const parents = top - intercept;
  const fits = points.every(({ n, calls }) => calls === intercept + Math.min(n, parents));
  const above = points.some(({ n }) => n > parents);
  return fits && intercept >= 0 && above ? { shape: 'plateau', dimension, calls: top, parents: null } : null;
}

/** `calls = a + min(n, m)` with both dimensions known: an identity map that holds every m once. */
function exactBound(
  observations: readonly Observation[],
  one: Dimension,
  other: Dimension,
): GrowthModel | null {
  if (one === other) return null;
  const bounded = observations.map(({ sizes, calls }) => {
    const [n, m] = [sizes[one] ?? Number.NaN, sizes[other] ?? Number.NaN];
    return { intercept: calls - Math.min(n, m), below: n < m, above: n > m };
  });
  const intercepts = new Set(bounded.map(({ intercept }) => intercept));
  const both = bounded.some(({ below }) => below) && bounded.some(({ above }) => above);
  if (intercepts.size !== 1 || !both || (bounded[0]?.intercept ?? -1) < 0) return null;
  const calls = Math.max(...observations.map((observation) => observation.calls));
  return { shape: 'plateau', dimension: one, calls, parents: other };
}

function exactSum(
  observations: readonly Observation[],
  one: Dimension,
  other: Dimension,
): GrowthModel | null {
  if (one === other) return null;
  const fit = twoTerms(observations, [[one], [other]]);
  const grows = fit?.terms.every(({ slope }) => slope > 0) ?? false;
  // Where each dimension was varied alone, n·m is a sum too, but one that begins below no calls at all.
  const begins = fit !== null && fit.intercept >= 0;
  return begins && grows && steepest(fit) === one ? { shape: 'sum', dimension: one, fit } : null;
}

function steepest(fit: GrowthFit): Dimension | undefined {
  return fit.terms.toSorted((a, b) => b.slope - a.slope)[0]?.of[0];
}

function exactProduct(
  observations: readonly Observation[],
  one: Dimension,
  other: Dimension,
): GrowthModel | null {
  const fit = twoTerms(observations, [[one], [one, other]]);
  return fit !== null && (fit.terms[1]?.slope ?? 0) > 0 ? { shape: 'product', dimension: one, fit } : null;
}

/** An exact fit of two terms and an intercept, with one observation of other sizes more than it has unknowns. */
function twoTerms(observations: readonly Observation[], terms: readonly Dimension[][]): GrowthFit | null {
  const factors = observations.map(({ sizes }) =>
    terms.map((of) => of.reduce((product, dimension) => product * (sizes[dimension] ?? Number.NaN), 1)),
  );
  if (new Set(factors.map(String)).size <= terms.length + 1) return null;
  const fit = fitSum(
    factors,
    observations.map(({ calls }) => calls),
  );
  if (fit === null || !fit.exact) return null;
  const { intercept, slopes, r2, exact } = fit;
  return {
    intercept,
    terms: terms.map((of, index) => ({ of: [...of], slope: slopes[index] ?? 0 })),
    r2,
    exact,
  };
}
