/**
 * Null distribution of Wilcoxon's signed-rank statistic V: the sum of the ranks of the positive differences, where each
 * of the 2^n choices of signs is equally likely (Hollander & Wolfe, Nonparametric Statistical Methods, §3.1).
 */
import exactCdf from '@stdlib/stats-base-dists-signrank-cdf';
import exactQuantile from '@stdlib/stats-base-dists-signrank-quantile';
import { mayMiss } from './level.ts';
import { standardNormalQuantile } from './normal-quantile.ts';

/** The exact distribution of more pairs costs seconds and hundreds of megabytes (n = 200: 3.5 s, 170 MB). */
const MOST_EXACT_PAIRS = 100;

/** A quantile and a cumulated probability cost up to milliseconds; a report asks for the same few again and again. */
const MOST_REMEMBERED = 1_000;

/**
 * P(V ≤ v) for n pairs without ties, as the exact share of the 2^n choices of signs up to 40 pairs; above, within 1e-12.
 *
 * @throws RangeError when n is not a whole number of at least 1.
 */
export function signedRankCdf(v: number, n: number): number {
  assertPairs(n);
  return v < 0 ? 0 : rememberedCdf(Math.floor(v), n);
}

/**
 * The smallest v with P(V ≤ v) > p, for n pairs without ties. Equal to R's `qsignrank(p, n)` unless some v reaches `p`
 * exactly (to a billionth, since `p` is often a rounded 1 − level); there R's is that v and this is the next one.
 * So it is how many Walsh averages to count in from each end for an interval that misses at most `p` on each side,
 * and 0 where there is none. With R's an interval asked for at its own achieved level would not come out. Above 100
 * pairs by the normal approximation, rounded to the wider side.
 *
 * @param p 0 … 0.5.
 * @throws RangeError when p or n is out of range.
 */
export function signedRankQuantile(p: number, n: number): number {
  assertPairs(n);
  if (!(p >= 0 && p <= 0.5)) throw new RangeError(`expected a one-sided probability of 0 … 0.5, got ${p}`);
  return rememberedQuantile(p, n);
}

/**
 * Level of the interval whose ends are the `rank`-th Walsh averages from below and above: 1 − 2·P(V ≤ rank − 1).
 * `null` above 100 pairs, where the distribution is approximated and the level is the one asked for.
 */
export function achievedLevel(rank: number, n: number): number | null {
  return n > MOST_EXACT_PAIRS ? null : 1 - 2 * signedRankCdf(rank - 1, n);
}

/**
 * Fewest pairs whose outermost interval reaches `level`: the smallest n with 2/2^n ≤ 1 − level. 6 at 95 %.
 *
 * @param level in [0, 1).
 * @throws RangeError for another level: no number of pairs reaches 100 %.
 */
export function fewestPairs(level: number): number {
  const alpha = mayMiss(level);
  let pairs = 1;
  while (2 / 2 ** pairs > alpha) pairs++;
  return pairs;
}

function assertPairs(n: number): void {
  if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`expected 1 or more whole pairs, got ${n}`);
}

const rememberedCdf = remember((v, n) => {
  const share = exactCdf(v, n);
  // stdlib's 2^-n is exp(-n·ln 2) and off by some last bits; the truth is a whole number of 2^n choices.
  return n <= 40 ? Math.round(share * 2 ** n) / 2 ** n : share;
});

const rememberedQuantile = remember((p, n) => {
  if (p === 0) return 0;
  return n <= MOST_EXACT_PAIRS ? exactQuantile(p * (1 + 1e-9), n) : approximateQuantile(p, n);
});

/** Mean and variance of V: Hollander & Wolfe (3.9), (3.10). */
function approximateQuantile(p: number, n: number): number {
  const mean = (n * (n + 1)) / 4;
  const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
  return Math.max(0, Math.floor(mean + standardNormalQuantile(p) * deviation));
}

function remember(compute: (x: number, n: number) => number): (x: number, n: number) => number {
  const known = new Map<string, number>();
  return (x, n) => {
    const key = `${x} ${n}`;
    let value = known.get(key);
    if (value === undefined) {
      if (known.size >= MOST_REMEMBERED) known.clear();
      value = compute(x, n);
      known.set(key, value);
    }
    return value;
  };
}
