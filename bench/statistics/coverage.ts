import { locate } from '../../harness/statistics/hodges-lehmann.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { NOISES, type Noise, UNPAIRED_DRIFT } from './noise.ts';
import { binomialError, percent, type VerifiedRow, type VerifiedTable } from './table.ts';

const RESAMPLES = 20_000;
const NOMINAL = 0.95;
const BAR = { low: 0.94, high: 0.975 } as const;
const PAIRS = [8, 12, 20] as const;
/** Drift that is not cancelled must be seen to break the interval, or the drift above would prove nothing. */
const CONTROL_BELOW = 0.9;

export interface Coverage {
  /** Share of the intervals that held the true difference, zero. */
  readonly covered: number;
  /** The level that intervals of so many pairs really have, by the exact distribution. */
  readonly achieved: number;
}

/** Counts how often the 95 % interval of noise alone holds zero. */
export function measureCoverage(noise: Noise, pairs: number, resamples: number, seed: number): Coverage {
  const random = seededRandom(seed);
  let covered = 0;
  let achieved = Number.NaN;
  for (let resample = 0; resample < resamples; resample++) {
    const [differences = []] = noise.differences(random, { pairs, metrics: 1, sigma: 0.04 });
    const interval = locate(differences).interval(NOMINAL);
    if (!interval) throw new Error(`Expected ${pairs} pairs to have a 95 % interval.`);
    achieved = interval.level;
    if (interval.low <= 0 && interval.high >= 0) covered++;
  }
  return { covered: covered / resamples, achieved };
}

export function coverageTable(): VerifiedTable {
  const error = percent(binomialError(NOMINAL, RESAMPLES), 2);
  return {
    title:
      `Coverage of the 95 % interval: ${RESAMPLES} resamples a row, binomial standard error ${error}. ` +
      'Achieved is the level that exists for so many pairs.',
    columns: ['noise                 ', 'pairs', 'covered', 'achieved'],
    rows: coverageRows(),
  };
}

function* coverageRows(): Generator<VerifiedRow> {
  for (const [noiseIndex, noise] of NOISES.entries()) {
    for (const pairs of PAIRS) {
      const coverage = measureCoverage(noise, pairs, RESAMPLES, 1_000 + 100 * noiseIndex + pairs);
      yield { cells: cellsOf(noise, pairs, coverage), ...heldToBar(noise, coverage) };
    }
  }
  const coverage = measureCoverage(UNPAIRED_DRIFT, 12, RESAMPLES / 4, 2_000);
  yield {
    cells: cellsOf(UNPAIRED_DRIFT, 12, coverage),
    bar: `below ${percent(CONTROL_BELOW)}: the control, drift that pairing did not cancel`,
    met: coverage.covered < CONTROL_BELOW,
  };
}

function heldToBar(noise: Noise, { covered, achieved }: Coverage): Pick<VerifiedRow, 'bar' | 'met'> {
  const inBar = covered >= BAR.low && covered <= BAR.high;
  const range = `${percent(BAR.low)} … ${percent(BAR.high)}`;
  if (!noise.exact) return { bar: range, met: inBar };
  const asAchieved = Math.abs(covered - achieved) <= 4 * binomialError(achieved, RESAMPLES);
  return { bar: `${range}, and achieved within 4 standard errors`, met: inBar && asAchieved };
}

function cellsOf(noise: Noise, pairs: number, { covered, achieved }: Coverage): string[] {
  return [noise.name, `${pairs}`, percent(covered, 2), percent(achieved, 2)];
}
