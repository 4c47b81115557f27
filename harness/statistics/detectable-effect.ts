import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { medianAbsoluteDeviation, sampleStandardDeviation } from 'simple-statistics';
import { standardNormalQuantile } from './normal-quantile.ts';
import { achievedLevel, fewestPairs, signedRankQuantile } from './signed-rank.ts';

/** Makes the median absolute deviation of normal noise its standard deviation: 1 / Φ⁻¹(3/4). */
const MAD_TO_DEVIATION = 1.4826;

/** √(3/π), the square root of the efficiency of Wilcoxon's test against Student's on normal noise (Hodges & Lehmann 1956). */
const RELATIVE_EFFICIENCY = 0.977;

export interface DetectableEffectOptions {
  /** Noise of one pair, log scale, as of {@link noiseOf}; 0 or more. */
  readonly sigma: number;
  readonly pairs: number;
  /** Level of the interval that shall leave out zero, in [0, 1); default 0.95. */
  readonly level?: number;
  /** Chance to see the effect when it is there, in [0.5, 1); default 0.8. */
  readonly power?: number;
}

/**
 * Noise of one pair: the standard deviation of the differences, or 1.4826 times their median absolute deviation where
 * that is larger. In the unit of the differences. The larger of the two, so that neither a few wild pairs nor a
 * distribution with a thin middle makes the machine look quieter than it is.
 *
 * @throws RangeError with fewer than two differences.
 */
export function noiseOf(differences: readonly number[]): number {
  if (differences.length < 2)
    throw new RangeError(`expected 2 or more differences, got ${differences.length}`);
  const values = [...differences];
  return Math.max(sampleStandardDeviation(values), MAD_TO_DEVIATION * medianAbsoluteDeviation(values));
}

/**
 * The smallest effect that `pairs` pairs show with the given power as an interval without zero (at least slower or
 * faster), log scale, 0 or more. To be called regressed an effect must exceed the band by about this much as well.
 * `null` when so few pairs have no interval of this level.
 *
 * For normal noise, approximately: (t₁₋ₐ/₂ + t_power)·σ / (√n·0.977), both quantiles of Student's t with n − 1 degrees
 * of freedom, and 1 − a the level that n pairs really reach. At the level asked for, the promise of 80 % was kept in 64 %
 * at 6 pairs and 76 % at 8; at the reached one in 78 to 80 % at 8. Where only the outermost interval reaches the level, all
 * differences must have one sign, and Φ(effect/σ)ⁿ is exact. `npm run verify:statistics` measures the power.
 */
export function minimumDetectableEffect({
  sigma,
  pairs,
  level = 0.95,
  power = 0.8,
}: DetectableEffectOptions): number | null {
  assertNoiseAndPower(sigma, power);
  if (!Number.isSafeInteger(pairs) || pairs < 1) {
    throw new RangeError(`expected 1 or more whole pairs, got ${pairs}`);
  }
  if (pairs < Math.max(2, fewestPairs(level))) return null;
  const rank = signedRankQuantile((1 - level) / 2, pairs);
  if (rank === 1) return sigma * standardNormalQuantile(power ** (1 / pairs));
  const reached = achievedLevel(rank, pairs) ?? level;
  const quantiles = tQuantile(1 - (1 - reached) / 2, pairs - 1) + tQuantile(power, pairs - 1);
  return (quantiles * sigma) / (Math.sqrt(pairs) * RELATIVE_EFFICIENCY);
}

export interface PairsForOptions {
  readonly sigma: number;
  /** Effect to be seen, log scale, above 0. */
  readonly effect: number;
  readonly level?: number;
  readonly power?: number;
}

/**
 * Pairs needed for a minimum detectable effect of `effect`, never fewer than the level needs for an interval at all
 * (2/2^n ≤ 1 − level; 6 at 95 %, 8 at 98.75 %). An approximation, as {@link minimumDetectableEffect}.
 *
 * @throws RangeError for an effect of 0 or less, and as the above.
 */
export function pairsFor({ sigma, effect, level = 0.95, power = 0.8 }: PairsForOptions): number {
  assertNoiseAndPower(sigma, power);
  if (!(effect > 0)) throw new RangeError(`expected an effect above 0, got ${effect}`);
  // Student's quantiles and the level reached are above these, so the answer is found by counting up from here.
  const quantiles = standardNormalQuantile(1 - (1 - level) / 2) + standardNormalQuantile(power);
  const normal = ((quantiles * sigma) / (effect * RELATIVE_EFFICIENCY)) ** 2;
  let pairs = Math.max(fewestPairs(level), Math.floor(normal));
  while ((minimumDetectableEffect({ sigma, pairs, level, power }) ?? Number.POSITIVE_INFINITY) > effect)
    pairs++;
  return pairs;
}

function assertNoiseAndPower(sigma: number, power: number): void {
  if (!(sigma >= 0 && Number.isFinite(sigma)))
    throw new RangeError(`expected a noise of 0 or more, got ${sigma}`);
  if (!(power >= 0.5 && power < 1)) {
    throw new RangeError(`expected a power of at least 0.5 and below 1, got ${power}`);
  }
}
