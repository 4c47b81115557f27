import { splitSeries } from '../../harness/history/split-series.ts';
import { falseAlarmRate } from '../../harness/statistics/false-alarm-rate.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { percent, type VerifiedRow, type VerifiedTable } from '../statistics/table.ts';
import { NIGHTS, type StationaryHistory, stationaryHistories } from './histories.ts';

const SERIES = 1_000;

/** Of so many histories of one level, those in which any of the nights would have told a change. */
export function countFalsePoints({ draw, seed }: StationaryHistory, series: number): number {
  const random = seededRandom(seed);
  let wrong = 0;
  for (let one = 0; one < series; one++) if (splitSeries(draw(random, NIGHTS)).length > 0) wrong++;
  return wrong;
}

export function falsePointsTable(): VerifiedTable {
  return {
    title: `Histories of one level, ${NIGHTS} nights, looked at each night: any false change point? ${SERIES} histories a row.`,
    columns: ['nights                                        ', 'false', 'rate', '95 % interval  '],
    rows: rows(),
  };
}

function* rows(): Generator<VerifiedRow> {
  for (const history of stationaryHistories()) {
    const wrong = countFalsePoints(history, SERIES);
    const rate = falseAlarmRate(wrong, SERIES);
    if (!rate) continue;
    const { ratio, low, high } = rate;
    yield {
      cells: [history.name, `${wrong}`, percent(ratio), `${percent(low)} to ${percent(high)}`],
      bar:
        history.bar === null ? 'told, not promised' : `the whole interval at most ${percent(history.bar, 0)}`,
      met: history.bar === null || high <= history.bar,
    };
  }
}
