import { splitSeries } from '../../harness/history/split-series.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { percent, type VerifiedRow, type VerifiedTable } from '../statistics/table.ts';
import { autoregressive } from './histories.ts';

const SERIES = 300;
/** Nights before the step. */
const BEFORE = 30;
/** Nights after it at which it is asked whether it was told. */
const AFTER = [3, 5, 7, 10, 15] as const;
const LONGEST = 15;

/** Share of steps that have to be told within so many nights, in spreads of a night: what the texts promise. */
const BARS: ReadonlyMap<number, { readonly within: (typeof AFTER)[number]; readonly share: number }> =
  new Map([
    [3, { within: 15, share: 0.8 }],
    [5, { within: 7, share: 0.9 }],
  ]);

interface Told {
  /** Nights after the step at which each found step was told. */
  readonly after: number[];
  readonly atPlace: number;
  /** The commits named hold the right one. */
  readonly covered: number;
}

function tellSteps(rho: number, step: number): Told {
  const random = seededRandom(500 + 10 * rho + step);
  const draw = autoregressive(rho);
  const after: number[] = [];
  let [atPlace, covered] = [0, 0];
  for (let one = 0; one < SERIES; one++) {
    const values = draw(random, BEFORE + LONGEST).map((value, at) => (at < BEFORE ? value : value + step));
    const found = splitSeries(values).find(({ toldAt }) => toldAt > BEFORE);
    if (!found) continue;
    after.push(found.toldAt - BEFORE);
    if (found.index === BEFORE) atPlace++;
    if (found.first <= BEFORE && BEFORE <= found.last) covered++;
  }
  return { after, atPlace, covered };
}

export function powerTable(): VerifiedTable {
  return {
    title: `A step after ${BEFORE} nights, in spreads of a night: told within so many nights; of those told, at the very night, and among the commits named. ${SERIES} histories a row.`,
    columns: [
      'nights     ',
      'step',
      ...AFTER.map((nights) => `${nights} nights`),
      'very night',
      'in commits',
    ],
    rows: rows(),
  };
}

function* rows(): Generator<VerifiedRow> {
  for (const rho of [0, 0.5]) {
    for (const step of [2, 3, 5]) {
      const { after, atPlace, covered } = tellSteps(rho, step);
      const within = (nights: number) => after.filter((told) => told <= nights).length / SERIES;
      const bar = BARS.get(step);
      yield {
        cells: [
          rho === 0 ? 'independent' : `AR(1) ${rho}`,
          `${step}`,
          ...AFTER.map((nights) => percent(within(nights), 0)),
          percent(atPlace / after.length, 0),
          percent(covered / after.length, 0),
        ],
        bar: bar ? `${percent(bar.share, 0)} within ${bar.within} nights` : 'told, not promised',
        met: !bar || within(bar.within) >= bar.share,
      };
    }
  }
}
