import { minimumDetectableEffect, pairsFor } from '../../harness/statistics/detectable-effect.ts';
import { locate } from '../../harness/statistics/hodges-lehmann.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { NORMAL } from './noise.ts';
import { binomialError, percent, type VerifiedRow, type VerifiedTable } from './table.ts';

const EXPERIMENTS = 4_000;
const PROMISED = 0.8;
/** The formula is an approximation: so much less than promised is let pass at the smallest effect it names. */
const APPROXIMATION = 0.05;
const PAIRS = [6, 7, 8, 9, 10, 12, 16, 24, 40] as const;

/** Share of experiments on normal noise whose interval lies above zero when the candidate is slower by `effect` (log). */
export function shareFound(
  { sigma, pairs, level, effect }: { sigma: number; pairs: number; level: number; effect: number },
  experiments: number,
  seed: number,
): number {
  const random = seededRandom(seed);
  let found = 0;
  for (let experiment = 0; experiment < experiments; experiment++) {
    const [differences = []] = NORMAL.differences(random, { pairs, metrics: 1, sigma });
    const interval = locate(differences.map((difference) => difference + effect)).interval(level);
    if (interval && interval.low > 0) found++;
  }
  return found / experiments;
}

export function detectableEffectTable(): VerifiedTable {
  return {
    title:
      `Power at the minimum detectable effect, normal noise of 1 %, promised ${percent(PROMISED, 0)}: ` +
      `${EXPERIMENTS} experiments a row, binomial standard error ${percent(binomialError(PROMISED, EXPERIMENTS))}.`,
    columns: ['level   ', 'pairs', 'effect', 'found'],
    rows: detectableEffectRows(),
  };
}

function* detectableEffectRows(): Generator<VerifiedRow> {
  const sigma = 0.01;
  for (const level of [0.95, 0.9875]) {
    for (const pairs of PAIRS) {
      const effect = minimumDetectableEffect({ sigma, pairs, level, power: PROMISED });
      if (effect === null) continue;
      const found = shareFound({ sigma, pairs, level, effect }, EXPERIMENTS, 7_000 + pairs);
      const error = 3 * binomialError(PROMISED, EXPERIMENTS);
      yield {
        cells: [percent(level, 2), `${pairs}`, percent(effect, 2), percent(found)],
        bar: `${percent(PROMISED, 0)}, give or take ${percent(APPROXIMATION, 0)} of approximation and 3 standard errors`,
        met: Math.abs(found - PROMISED) <= APPROXIMATION + error,
      };
    }
  }
}

export function pairsTable(): VerifiedTable {
  return {
    title: `Power with as many pairs as are asked for, single look at 95 %: ${EXPERIMENTS} experiments a row.`,
    columns: ['noise', 'slowdown', 'pairs', 'found'],
    rows: pairsRows(),
  };
}

function* pairsRows(): Generator<VerifiedRow> {
  for (const sigma of [0.02, 0.04, 0.06]) {
    for (const slowdown of [0.03, 0.05, 0.1]) {
      const effect = Math.log1p(slowdown);
      const pairs = pairsFor({ sigma, effect, level: 0.95, power: PROMISED });
      const found = shareFound({ sigma, pairs, level: 0.95, effect }, EXPERIMENTS, 8_000 + pairs);
      const least = PROMISED - 3 * binomialError(PROMISED, EXPERIMENTS);
      yield {
        cells: [percent(sigma, 0), percent(slowdown, 0), `${pairs}`, percent(found)],
        bar: `${percent(PROMISED, 0)} or more, less 3 standard errors: ${percent(least)}`,
        met: found >= least,
      };
    }
  }
}
