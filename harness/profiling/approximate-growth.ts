import { groupBy } from '../group-by.ts';
import { fitLine, fitSum } from './fit-line.ts';
import { FEWEST_SIZES, lineFit, sized, sizesOf } from './growth-model.ts';
import type { Dimension } from './growth-sample.ts';
import { type Observation, pointsOf, riseOf } from './growth-series.ts';
import {
  batchedVerdict,
  LEAST_RISE,
  LEAST_SLOPE,
  lineVerdict,
  plateauVerdict,
  type Verdict,
} from './growth-verdict.ts';
import { pointsText, slopeText } from './growth-words.ts';
import type { GrowthFit } from './judgement.ts';
import { isLookupForSome } from './part-lookup.ts';

const LEAST_R2 = 0.98;

/**
 * Lookups for some of the rows scatter by chance about their line, the more the fewer they are: 30 of 100 bookings by
 * √(100 · 0.3 · 0.7) ≈ 5. That they are lookups is seen in their text and their rows, so their line may be rougher.
 */
const LEAST_R2_FOR_SOME = 0.9;

/** A dimension that only came along explains better than the one varied on purpose when its residual is that much smaller. */
const CLEARLY_SMALLER = 0.5;

/** Calls at twice the size, as a multiple, from which they grow faster than the work: n·log n stays below it, n² is 4. */
const SUPERLINEAR_RATIO = 3;

/**
 * Repeats of equal work may differ by this share of the whole rise, for example by a heartbeat with the same text. It
 * moves a slope by no more than about 5 % of itself, so it can neither make nor hide a loop.
 */
const TOLERATED_NOISE = 0.05;

/** The verdict of calls that no simple formula gives exactly. */
export function approximateVerdict(
  observations: readonly Observation[],
  dimensions: readonly Dimension[],
  statement: string | null,
): Verdict {
  const purposes = new Set(observations.map(({ varied }) => varied));
  const [best] = dimensions
    .map((dimension) => ({ dimension, ...lineFit(observations, dimension) }))
    .toSorted((a, b) => weighed(a, purposes) - weighed(b, purposes));
  if (best === undefined) throw new RangeError('no dimension to judge by');
  const { dimension, residual: _, ...fit } = best;
  const noise = noiseOf(observations, best.dimension);
  if (noise > TOLERATED_NOISE * Math.abs(riseOf(observations, dimension)))
    return erratic(observations, dimension);
  return (
    (noise === 0 ? (superlinear(observations, dimension) ?? flattening(observations, dimension)) : null) ??
    (isLine(fit, observations, statement)
      ? lineVerdict({ dimension, fit }, observations, statement, noise === 0)
      : null) ??
    unevenBatches(observations, { dimension, fit, repeatsAgree: noise === 0 }, statement) ??
    irregular(observations, dimension)
  );
}

function weighed(
  { dimension, residual }: { dimension: Dimension; residual: number },
  purposes: ReadonlySet<Dimension>,
): number {
  return purposes.has(dimension) ? residual * CLEARLY_SMALLER : residual;
}

function isLine(
  { r2, terms }: GrowthFit,
  observations: readonly Observation[],
  statement: string | null,
): boolean {
  if (r2 >= LEAST_R2) return true;
  const slope = terms[0]?.slope ?? 0;
  return r2 >= LEAST_R2_FOR_SOME && slope > 0 && slope <= 1 && isLookupForSome(observations, statement);
}

/** The largest difference in calls between repeats of the same work of the same size. */
function noiseOf(observations: readonly Observation[], dimension: Dimension): number {
  const repeats = groupBy(observations, ({ sample, sizes }) => `${sizes[dimension]} ${sample}`);
  const ranges = [...repeats.values()].map((group) => {
    const calls = group.map((observation) => observation.calls);
    return Math.max(...calls) - Math.min(...calls);
  });
  return Math.max(...ranges);
}

const NO_LINE = { alsoFits: [], fit: null, chunk: null, plateau: null };

function erratic(observations: readonly Observation[], dimension: Dimension): Verdict {
  const seen = pointsText(pointsOf(observations, dimension), dimension);
  const reason = `repeats of the same work made different numbers of calls (${seen}): a cache or a job beside it`;
  return { ...NO_LINE, verdict: 'erratic', dimension: null, repeatsAgree: false, reason };
}

function irregular(observations: readonly Observation[], dimension: Dimension): Verdict {
  const seen = pointsText(pointsOf(observations, dimension), dimension);
  const reason = `the same at each repeat, but on no line of anything that varied (${seen})${hintOf(observations, dimension)}`;
  return { ...NO_LINE, verdict: 'irregular', dimension: null, repeatsAgree: true, reason };
}

function hintOf(observations: readonly Observation[], dimension: Dimension): string {
  const calls = observations.map((observation) => observation.calls);
  if (Math.max(...calls) - Math.min(...calls) < LEAST_RISE)
    return ': too few calls more or less to be a loop';
  return riseOf(observations, dimension) >= LEAST_RISE
    ? ': it grows, perhaps with something that was not counted'
    : '';
}

interface SizeMean {
  readonly n: number;
  readonly calls: number;
}

/** The mean calls of each size, smallest first. */
function meansOf(observations: readonly Observation[], dimension: Dimension): SizeMean[] {
  const bySize = groupBy(sized(observations, dimension), ({ n }) => String(n));
  return [...bySize.values()]
    .map((group) => ({
      n: group[0]?.n ?? Number.NaN,
      calls: group.reduce((sum, { calls }) => sum + calls, 0) / group.length,
    }))
    .toSorted((a, b) => a.n - b.n);
}

/**
 * Growth faster than the work, by the two largest sizes: three times the calls at twice the size. More calls than there
 * are rows tell it from a lookup for some rows, which come late in the list.
 */
function superlinear(observations: readonly Observation[], dimension: Dimension): Verdict | null {
  const means = meansOf(observations, dimension);
  const [before, last] = means.slice(-2);
  if (before === undefined || last === undefined || before.n <= 0 || before.calls <= 0) return null;
  const exponent = Math.log(last.calls / before.calls) / Math.log(last.n / before.n);
  if (exponent < Math.log2(SUPERLINEAR_RATIO) || last.calls <= last.n) return null;
  const points = sized(observations, dimension);
  const square = fitSum(
    points.map(({ n }) => [n, n * n]),
    points.map(({ calls }) => calls),
  );
  const [linear = 0, quadratic = 0] = square?.slopes ?? [];
  return {
    ...NO_LINE,
    verdict: 'superlinear',
    dimension,
    fit:
      square === null
        ? null
        : {
            intercept: square.intercept,
            terms: [
              { of: [dimension], slope: linear },
              { of: [dimension, dimension], slope: quadratic },
            ],
            r2: square.r2,
            exact: square.exact,
          },
    repeatsAgree: true,
    reason:
      `${slopeText(last.calls / before.calls)} times the calls at ${slopeText(last.n / before.n)} times the ${dimension} ` +
      `(${pointsText(pointsOf(observations, dimension), dimension)})`,
  };
}

/** Growth at the larger sizes, as a share of that at the smaller ones, below which it is coming to an end. */
const FLATTENED = 0.6;

/**
 * Growth that slows down: at first a call for every second or more, among the larger sizes at most three fifths of what it was.
 * An identity map asks once for every parent, and the more rows there are, the more of their parents were met before.
 */
function flattening(observations: readonly Observation[], dimension: Dimension): Verdict | null {
  const sizes = [...sizesOf(observations, dimension)].toSorted((a, b) => a - b);
  if (sizes.length <= FEWEST_SIZES) return null;
  const middle = sizes[Math.floor((sizes.length - 1) / 2)] ?? 0;
  const points = sized(observations, dimension);
  const before = fitLine(points.filter(({ n }) => n <= middle)).slope;
  const after = fitLine(points.filter(({ n }) => n >= middle)).slope;
  if (after < 0 || after > FLATTENED * before || riseOf(observations, dimension) < LEAST_RISE) return null;
  const least = sizes[0] ?? 0;
  const onceEach = points.some(({ n, calls }) => n === least && calls >= LEAST_SLOPE * n);
  if (before < LEAST_SLOPE && !onceEach) return null;
  const calls = Math.max(...points.map((point) => point.calls));
  return plateauVerdict({ dimension, calls, parents: null }, observations, false);
}

/** Batches whose sizes differ, for example by company. */
function unevenBatches(
  observations: readonly Observation[],
  line: Parameters<typeof batchedVerdict>[0],
  statement: string | null,
): Verdict | null {
  const slope = line.fit.terms[0]?.slope ?? 0;
  const grows = slope > 0 && slope < LEAST_SLOPE && riseOf(observations, line.dimension) > 0;
  return grows && !isLookupForSome(observations, statement) ? batchedVerdict(line, observations) : null;
}
