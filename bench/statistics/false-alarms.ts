import { planLooks } from '../../harness/statistics/alpha-spending.ts';
import { excludesZero } from '../../harness/statistics/cross-check.ts';
import { slotEffect, theilSenSlope } from '../../harness/statistics/diagnostics.ts';
import { falseAlarmRate } from '../../harness/statistics/false-alarm-rate.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { everExcludesZero, judgeFamily } from './gate.ts';
import { NOISES, NORMAL, type Noise } from './noise.ts';
import { percent, type VerifiedRow, type VerifiedTable } from './table.ts';

const EXPERIMENTS = 4_000;
const NOMINAL = 0.05;
/** A noisy machine: the quieter, the further a false alarm is from the band. */
const SIGMA = 0.06;
const PAIRS = 24;
/** A look after every pair at a fixed 95 % must be seen to raise the alarm too often, or looks would need no plan. */
const CONTROL_ABOVE = 0.1;

/** Experiments on noise alone, counted. */
export interface FalseAlarms {
  /** Some metric called regressed or improved, where the experiment stopped. */
  readonly gate: number;
  /** Some metric called slower or faster (and none of the above), where it stopped. */
  readonly amber: number;
  /** Some interval without zero at any look, were none of them the end. */
  readonly everExcluded: number;
}

/** Runs experiments of `metrics` metrics on noise alone, with three looks. */
export function countFalseAlarms(
  noise: Noise,
  metrics: number,
  experiments: number,
  seed: number,
): FalseAlarms {
  const random = seededRandom(seed);
  const looks = planLooks({ pairs: null, metrics });
  const counts = { gate: 0, amber: 0, everExcluded: 0 };
  for (let experiment = 0; experiment < experiments; experiment++) {
    const differences = noise.differences(random, { pairs: PAIRS, metrics, sigma: SIGMA });
    const { verdicts } = judgeFamily(differences, looks);
    if (verdicts.some((verdict) => verdict === 'regressed' || verdict === 'improved')) counts.gate++;
    else if (verdicts.some((verdict) => verdict === 'slower' || verdict === 'faster')) counts.amber++;
    if (everExcludesZero(differences, looks)) counts.everExcluded++;
  }
  return counts;
}

export function falseAlarmTable(): VerifiedTable {
  return {
    title:
      `False alarms on noise alone, looks at 10, 16 and 24 pairs, noise of a pair ${percent(SIGMA, 0)}: ` +
      `${EXPERIMENTS} experiments a row. Above nominal is a rate whose 99 % interval lies above ${percent(NOMINAL, 0)}.`,
    columns: [
      'noise                 ',
      'metrics',
      'regressed or improved',
      'slower or faster',
      'ever without zero',
    ],
    rows: falseAlarmRows(),
  };
}

function* falseAlarmRows(): Generator<VerifiedRow> {
  for (const [noiseIndex, noise] of NOISES.entries()) {
    for (const metrics of [1, 4]) {
      const alarms = countFalseAlarms(noise, metrics, EXPERIMENTS, 3_000 + 10 * noiseIndex + metrics);
      yield {
        cells: [
          noise.name,
          `${metrics}`,
          ...[alarms.gate, alarms.amber, alarms.everExcluded].map((k) => percent(k / EXPERIMENTS, 2)),
        ],
        bar: 'not above nominal, each and together',
        met: !aboveNominal(alarms.gate + alarms.amber) && !aboveNominal(alarms.everExcluded),
      };
    }
  }
  const peeking = countPeekingAlarms();
  yield {
    cells: ['normal', '1', '', '', percent(peeking / EXPERIMENTS, 2)],
    bar: `above ${percent(CONTROL_ABOVE, 0)}: the control, a look after every pair from 6 at a fixed 95 %`,
    met: peeking / EXPERIMENTS > CONTROL_ABOVE,
  };
}

function countPeekingAlarms(): number {
  const random = seededRandom(4_000);
  const looks = Array.from({ length: PAIRS - 5 }, (_, i) => ({ pairs: 6 + i, level: 0.95 }));
  let alarms = 0;
  for (let experiment = 0; experiment < EXPERIMENTS; experiment++) {
    const differences = NORMAL.differences(random, { pairs: PAIRS, metrics: 1, sigma: SIGMA });
    if (everExcludesZero(differences, looks)) alarms++;
  }
  return alarms;
}

export function diagnosticsTable(): VerifiedTable {
  return {
    title: `Diagnostics on noise alone at 95 %: how often they flag what is not there. ${EXPERIMENTS} experiments a row.`,
    columns: ['noise                 ', 'pairs', 'slope', 'slot effect'],
    rows: diagnosticsRows(),
  };
}

function* diagnosticsRows(): Generator<VerifiedRow> {
  for (const noise of NOISES.filter(({ exact }) => exact)) {
    for (const pairs of [10, 24]) {
      const random = seededRandom(5_000 + pairs);
      let [slopes, slots] = [0, 0];
      for (let experiment = 0; experiment < EXPERIMENTS; experiment++) {
        const [differences = []] = noise.differences(random, { pairs, metrics: 1, sigma: SIGMA });
        const orders = random.shuffled(differences.map((_, pair) => pair % 2 === 0));
        if (flags(theilSenSlope(differences))) slopes++;
        if (flags(slotEffect(differences, orders))) slots++;
      }
      yield {
        cells: [noise.name, `${pairs}`, percent(slopes / EXPERIMENTS, 2), percent(slots / EXPERIMENTS, 2)],
        bar: 'not above nominal',
        met: !aboveNominal(slopes) && !aboveNominal(slots),
      };
    }
  }
}

function flags(diagnostic: { interval: { low: number; high: number } | null } | null): boolean {
  return Boolean(diagnostic?.interval && excludesZero(diagnostic.interval));
}

function aboveNominal(alarms: number): boolean {
  return (falseAlarmRate(alarms, EXPERIMENTS, 0.99)?.low ?? 0) > NOMINAL;
}
