import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Where a series changed its level. */
export interface Split {
  /** Of the first value after the change: the likeliest. */
  readonly index: number;
  /** The change began at one of these, `first` to `last`; `index` is among them. */
  readonly first: number;
  readonly last: number;
  /** How many values there were when it was told. */
  readonly toldAt: number;
  /** Chance of a split as clear as this in a series of one level, at one look. */
  readonly pValue: number;
}

/** Values that each side of a split has at least. */
export const FEWEST_A_SIDE = 3;
/** A split is told when no more than this share of series of one level has one as clear. */
export const LARGEST_P = 0.001;
/** Series of one level that a split is compared with. */
const NULL_SERIES = 1_999;
/**
 * How alike neighbouring nights are taken to be at least: their lag-1 autocorrelation. A few nights cannot show their own; taken for
 * independent, nights alike to 0.5 give a false point in most months.
 */
const LEAST_AUTOCORRELATION = 0.5;
const MOST_AUTOCORRELATION = 0.9;
/** How much less likely, as 2 ln of the ratio, the beginning of a change may be than the likeliest to be held possible. */
const POSSIBLE_WITHIN = 8;

/**
 * All changes of level in a series, as they would have been told while it grew: after each value the values since the last change are
 * looked at, so that what was once told stays. Equal values give equal answers. Pure.
 *
 * @param values on a scale on which noise adds up: logarithms of ratios
 */
export function splitSeries(values: readonly number[]): Split[] {
  const splits: Split[] = [];
  let start = 0;
  for (let end = 2 * FEWEST_A_SIDE; end <= values.length; end++) {
    if (end - start < 2 * FEWEST_A_SIDE) continue;
    const split = findSplit(values.slice(start, end));
    if (!split) continue;
    const { index, first, last, pValue } = split;
    splits.push({ index: start + index, first: start + first, last: start + last, toldAt: end, pValue });
    start += index;
  }
  return splits;
}

/**
 * The split of a series in two levels, if it is clearer than in {@link NULL_SERIES} of one level: its own residuals in random order,
 * made as alike as its nights are (sieve bootstrap of an AR(1): Bühlmann 1997, Bernoulli 3).
 */
export function findSplit(values: readonly number[]): Omit<Split, 'toldAt'> | null {
  const best = clearestSplit(values);
  if (best === null) return null;
  const residuals = residualsOf(values, best.index);
  const rho = Math.min(MOST_AUTOCORRELATION, Math.max(LEAST_AUTOCORRELATION, lag1(residuals, best.index)));
  const allowed = Math.floor(LARGEST_P * (NULL_SERIES + 1)) - 1;
  const random = xoroshiro128plus(seedOf(values));
  let asClear = 0;
  for (let trial = 0; trial < NULL_SERIES; trial++) {
    shuffle(residuals, () => uniformFloat64(random));
    const null_ = clearestSplit(alike(residuals, rho));
    if ((null_?.share ?? 0) < best.share) continue;
    asClear += 1;
    if (asClear > allowed) return null; // no later trial can bring it back
  }
  return {
    index: best.index,
    ...possibleFrom(values, best.index),
    pValue: (asClear + 1) / (NULL_SERIES + 1),
  };
}

/** The split that explains most of the squares, as a share 0–1; `null` when all values are equal or there are too few. */
function clearestSplit(values: ArrayLike<number>): { index: number; share: number } | null {
  const shares = explainedShares(values);
  let index = 0;
  for (let at = 1; at < shares.length; at++) if ((shares[at] ?? 0) > (shares[index] ?? 0)) index = at;
  const share = shares[index] ?? 0;
  return share > 0 ? { index: index + FEWEST_A_SIDE, share } : null;
}

/** Of each split, from {@link FEWEST_A_SIDE} on: squares between the two means ÷ all squares. */
function explainedShares(values: ArrayLike<number>): Float64Array {
  const n = values.length;
  let [sum, squares] = [0, 0];
  for (let at = 0; at < n; at++) sum += values[at] ?? 0;
  const mean = sum / n;
  for (let at = 0; at < n; at++) squares += ((values[at] ?? 0) - mean) ** 2;
  const shares = new Float64Array(Math.max(0, n - 2 * FEWEST_A_SIDE + 1));
  if (!(squares > Number.EPSILON * n * mean * mean)) return shares; // all equal, but for rounding
  let left = 0;
  for (let k = 1; k <= n - FEWEST_A_SIDE; k++) {
    left += (values[k - 1] ?? 0) - mean;
    if (k >= FEWEST_A_SIDE) shares[k - FEWEST_A_SIDE] = (left * left * n) / (k * (n - k)) / squares;
  }
  return shares;
}

/** The beginnings that are hardly less likely than the likeliest. */
function possibleFrom(values: readonly number[], index: number): { first: number; last: number } {
  const shares = explainedShares(values);
  const rest = Math.max(1 - (shares[index - FEWEST_A_SIDE] ?? 0), Number.EPSILON);
  const possible = [...shares.keys()].filter(
    (at) => values.length * Math.log((1 - (shares[at] ?? 0)) / rest) <= POSSIBLE_WITHIN,
  );
  const [first = index - FEWEST_A_SIDE, last = first] = [possible[0], possible.at(-1)];
  return { first: first + FEWEST_A_SIDE, last: last + FEWEST_A_SIDE };
}

function residualsOf(values: readonly number[], index: number): Float64Array {
  const meanOf = (part: readonly number[]) => part.reduce((sum, value) => sum + value, 0) / part.length;
  const [before, after] = [meanOf(values.slice(0, index)), meanOf(values.slice(index))];
  return Float64Array.from(values, (value, at) => value - (at < index ? before : after));
}

/** Autocorrelation of neighbours, those across the split left out. */
function lag1(residuals: Float64Array, index: number): number {
  let [products, squares] = [0, 0];
  for (let at = 0; at < residuals.length; at++) {
    const value = residuals[at] ?? 0;
    squares += value * value;
    if (at > 0 && at !== index) products += value * (residuals[at - 1] ?? 0);
  }
  return squares > 0 ? products / squares : 0;
}

/** An AR(1) with these innovations, scaled so that its spread is theirs. */
function alike(innovations: Float64Array, rho: number): Float64Array {
  const scale = Math.sqrt(1 - rho * rho);
  const series = new Float64Array(innovations.length);
  for (let at = 0; at < series.length; at++)
    series[at] =
      at === 0 ? (innovations[0] ?? 0) : rho * (series[at - 1] ?? 0) + scale * (innovations[at] ?? 0);
  return series;
}

function shuffle(items: Float64Array, uniform: () => number): void {
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(uniform() * (at + 1));
    const kept = items[at] ?? 0;
    items[at] = items[other] ?? 0;
    items[other] = kept;
  }
}

/** FNV-1a over the bytes of the values. */
function seedOf(values: readonly number[]): number {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(Float64Array.from(values).buffer))
    hash = Math.imul(hash ^ byte, 0x01000193);
  return hash | 0;
}
