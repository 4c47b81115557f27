import type { Verdict } from '../../harness/experiment-record.ts';
import { planLooks } from '../../harness/statistics/alpha-spending.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { DELTA, judgeFamily } from './gate.ts';
import { CONTAMINATED, NORMAL, type Noise } from './noise.ts';
import { binomialError, percent, type VerifiedRow, type VerifiedTable } from './table.ts';

const EXPERIMENTS = 1_000;
const FAMILY = 4;

/** Shares of metrics × experiments, and the pairs it took. */
export interface Power {
  readonly regressed: number;
  readonly atLeastSlower: number;
  readonly improvedOrFaster: number;
  readonly equivalent: number;
  readonly meanPairs: number;
}

export interface PowerCase {
  readonly noise: Noise;
  readonly sigma: number;
  /** How much slower the candidate is, as a ratio. */
  readonly slowdown: number;
  readonly metrics: number;
}

/** Runs experiments in which each metric of the candidate is slower by the same ratio. */
export function measurePower(
  { noise, sigma, slowdown, metrics }: PowerCase,
  experiments: number,
  seed: number,
): Power {
  const random = seededRandom(seed);
  const looks = planLooks({ pairs: null, metrics: FAMILY });
  const effect = Math.log1p(slowdown);
  const verdicts: Verdict[] = [];
  let pairs = 0;
  for (let experiment = 0; experiment < experiments; experiment++) {
    const family = noise
      .differences(random, { pairs: 24, metrics, sigma })
      .map((differences) => differences.map((difference) => difference + effect));
    const outcome = judgeFamily(family, looks);
    verdicts.push(...outcome.verdicts);
    pairs += outcome.pairs;
  }
  const share = (...wanted: readonly Verdict[]) =>
    verdicts.filter((verdict) => wanted.includes(verdict)).length / verdicts.length;
  return {
    regressed: share('regressed'),
    atLeastSlower: share('regressed', 'slower'),
    improvedOrFaster: share('improved', 'faster'),
    equivalent: share('equivalent'),
    meanPairs: pairs / experiments,
  };
}

/** Shares that the rule must reach at a slowdown. */
interface PowerBar {
  readonly slowdown: number;
  readonly regressed: number;
  readonly atLeastSlower: number;
}

/**
 * By noise of a pair. Normal: what the rule was measured to find when it was designed, less five points. Contaminated:
 * lower, since nearly one pair in ten is wild; about what was measured here, less ten points.
 */
const BARS: readonly { readonly noise: Noise; readonly sigma: number; readonly bars: readonly PowerBar[] }[] =
  [
    { noise: NORMAL, sigma: 0.02, bars: barsOf([0.89, 0.95], [0.95, 0.95], [0.95, 0.95]) },
    { noise: NORMAL, sigma: 0.04, bars: barsOf([0.23, 0.94], [0.94, 0.95], [0.95, 0.95]) },
    { noise: NORMAL, sigma: 0.06, bars: barsOf([0.06, 0.76], [0.73, 0.95], [0.93, 0.95]) },
    { noise: CONTAMINATED, sigma: 0.02, bars: barsOf([0.65, 0.94], [0.95, 0.95], [0.95, 0.95]) },
    { noise: CONTAMINATED, sigma: 0.04, bars: barsOf([0.1, 0.8], [0.8, 0.94], [0.9, 0.95]) },
    { noise: CONTAMINATED, sigma: 0.06, bars: barsOf([0.03, 0.5], [0.5, 0.85], [0.75, 0.9]) },
  ];

type Shares = readonly [regressed: number, atLeastSlower: number];

function barsOf(...at: readonly [fivePercent: Shares, eightPercent: Shares, tenPercent: Shares]): PowerBar[] {
  return at.map(([regressed, atLeastSlower], i) => ({
    slowdown: [0.05, 0.08, 0.1][i] ?? Number.NaN,
    regressed,
    atLeastSlower,
  }));
}

export function powerTable(): VerifiedTable {
  return {
    title:
      `Power, looks at 10, 16 and 24 pairs at the level of one of ${FAMILY} metrics, band ±${percent(DELTA, 0)}: ` +
      `${EXPERIMENTS} experiments a row, binomial standard error at most ${percent(binomialError(0.5, EXPERIMENTS))}.`,
    columns: [
      'noise               ',
      'of a pair',
      'slowdown',
      'regressed',
      'or slower',
      'equivalent',
      'mean pairs',
    ],
    rows: powerRows(),
  };
}

function* powerRows(): Generator<VerifiedRow> {
  let seed = 6_000;
  for (const { noise, sigma, bars } of BARS) {
    const still = measurePower({ noise, sigma, slowdown: 0, metrics: 1 }, EXPERIMENTS, seed++);
    yield { cells: cellsOf(noise, sigma, 0, still), ...heldToNoChange(still) };
    for (const bar of bars) {
      const power = measurePower({ noise, sigma, slowdown: bar.slowdown, metrics: 1 }, EXPERIMENTS, seed++);
      yield { cells: cellsOf(noise, sigma, bar.slowdown, power), ...heldToBar(power, bar) };
    }
  }
}

function cellsOf(noise: Noise, sigma: number, slowdown: number, power: Power): string[] {
  const shares = [power.regressed, power.atLeastSlower, power.equivalent].map((share) => percent(share));
  return [noise.name, percent(sigma, 0), percent(slowdown, 0), ...shares, power.meanPairs.toFixed(1)];
}

function heldToNoChange(power: Power): Pick<VerifiedRow, 'bar' | 'met'> {
  return {
    bar: 'no change: a change is named in at most 5 %',
    met: power.atLeastSlower + power.improvedOrFaster <= 0.05,
  };
}

function heldToBar(power: Power, bar: PowerBar): Pick<VerifiedRow, 'bar' | 'met'> {
  return {
    bar: `${percent(bar.regressed, 0)} regressed, ${percent(bar.atLeastSlower, 0)} regressed or slower`,
    met: power.regressed >= bar.regressed && power.atLeastSlower >= bar.atLeastSlower,
  };
}
