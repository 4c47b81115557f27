import { copyField } from './copy-text.ts';
import { zipfTable } from './distributions.ts';
import { PieceTable } from './piece-table.ts';
import { buildPlaces, type TownPlaces } from './places.ts';
import { buildPools, type Pools } from './pools.ts';
import type { DatasetShape } from './profiles.ts';
import { type QuantileTable, RowRandom } from './random.ts';
import { onShiftByHour } from './shifts.ts';
import { TOWNS } from './towns.ts';

/** A shape with everything that is made once and used by many rows. */
export interface Dataset {
  readonly shape: DatasetShape;
  readonly pools: Pools;
  /** The streets of the pools in COPY text form. */
  readonly streets: PieceTable;
  /** By town index. */
  readonly towns: readonly TownPlaces[];
  /** Company id of a past booking: Zipf over a shuffled order, so that the large companies are not the first ids. */
  readonly historyCompanies: QuantileTable;
  /** Positions of drivers on shift, by hour. */
  readonly onShift: readonly (readonly number[])[];
}

export function openDataset(shape: DatasetShape): Dataset {
  const pools = buildPools(shape.randomSeed);
  const order = shuffledCompanies(shape);
  return {
    shape,
    pools,
    streets: new PieceTable(pools.streets.map(copyField)),
    towns: buildPlaces(shape.randomSeed, pools, Math.min(shape.companies, TOWNS.length)),
    historyCompanies: zipfTable(shape.companies).map((rank) => order[rank] ?? 1),
    onShift: onShiftByHour(shape),
  };
}

/** Company ids from the largest share of history to the smallest (Fisher and Yates's shuffle). */
export function shuffledCompanies(shape: DatasetShape): number[] {
  const random = new RowRandom(shape.randomSeed, 'company-ranks').at(0);
  const order = Array.from({ length: shape.companies }, (_, index) => index + 1);
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  return order;
}
