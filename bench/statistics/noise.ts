/** Differences of pairs of one and the same variant: what noise alone does to the comparison. */
import type { SeededRandom } from '../../test/support/seeded-random.ts';

export interface PairShape {
  readonly pairs: number;
  /** Metrics measured in the same pairs. */
  readonly metrics: number;
  /** Noise of one clean pair, log scale: the standard deviation of its difference. */
  readonly sigma: number;
}

export interface Noise {
  readonly name: string;
  /** Whether the differences are independent and symmetric, so that the exact interval covers exactly its level. */
  readonly exact: boolean;
  /** One list of differences, log scale, per metric. */
  readonly differences: (random: SeededRandom, shape: PairShape) => number[][];
}

/** How alike neighbouring slots are, and how far the machine wanders, in sigmas of a clean pair. */
const DRIFT = { autocorrelation: 0.9, deviation: 3 } as const;

/** Mean and standard deviation of exp(z), z standard normal. */
const LOGNORMAL = { mean: Math.exp(0.5), deviation: Math.sqrt((Math.E - 1) * Math.E) } as const;

const normal = (random: SeededRandom) => random.normal();

/**
 * Skewed noise of log time: a stall only ever adds. Were the times themselves lognormal, their logarithms would be normal
 * and this noise the one above.
 */
const skewed = (random: SeededRandom) => (Math.exp(random.normal()) - LOGNORMAL.mean) / LOGNORMAL.deviation;

/** One side in twenty is eight times as noisy. So is nearly one pair in ten. */
const contaminated = (random: SeededRandom) => random.normal() * (random.uniform() < 0.05 ? 8 : 1);

export const NORMAL = ofSides('normal', normal);
export const CONTAMINATED = ofSides('5 % x8 contamination', contaminated);
const LOGNORMAL_NOISE = ofSides('lognormal', skewed);
const DRIFTING: Noise = {
  name: 'AR(1) machine drift',
  exact: false,
  differences: (random, shape) => {
    const machine = machineLevels(random, 2 * shape.pairs, shape.sigma);
    const baselineFirst = random.shuffled(Array.from({ length: shape.pairs }, (_, pair) => pair % 2 === 0));
    return ownNoise(random, shape, normal).map((own) =>
      own.map((difference, pair) => {
        const later = (machine[2 * pair + 1] ?? 0) - (machine[2 * pair] ?? 0);
        return difference + (baselineFirst[pair] ? later : -later);
      }),
    );
  },
};

export const NOISES: readonly Noise[] = [NORMAL, LOGNORMAL_NOISE, CONTAMINATED, DRIFTING];

/** The same drift with all of the baseline measured before the candidate: what pairing is there to prevent. */
export const UNPAIRED_DRIFT: Noise = {
  name: 'AR(1), not alternated',
  exact: false,
  differences: (random, shape) => {
    const machine = machineLevels(random, 2 * shape.pairs, shape.sigma);
    return ownNoise(random, shape, normal).map((own) =>
      own.map((difference, pair) => difference + (machine[shape.pairs + pair] ?? 0) - (machine[pair] ?? 0)),
    );
  },
};

/** Noise in which each side draws on its own, so that differences are symmetric whatever the shape of a side. */
function ofSides(name: string, side: (random: SeededRandom) => number): Noise {
  return { name, exact: true, differences: (random, shape) => ownNoise(random, shape, side) };
}

function ownNoise(
  random: SeededRandom,
  { pairs, metrics, sigma }: PairShape,
  side: (random: SeededRandom) => number,
): number[][] {
  return Array.from({ length: metrics }, () =>
    Array.from({ length: pairs }, () => ((side(random) - side(random)) * sigma) / Math.SQRT2),
  );
}

/** Stationary AR(1): the level of the machine at each slot, felt alike by every variant and metric. */
function machineLevels(random: SeededRandom, slots: number, sigma: number): number[] {
  const { autocorrelation, deviation } = DRIFT;
  let level = random.normal() * deviation * sigma;
  return Array.from({ length: slots }, () => {
    const innovation = Math.sqrt(1 - autocorrelation ** 2) * deviation * sigma * random.normal();
    level = autocorrelation * level + innovation;
    return level;
  });
}
