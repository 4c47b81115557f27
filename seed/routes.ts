import type { CopyBuffer } from './copy-buffer.ts';
import type { Dataset } from './dataset.ts';
import type { PieceTable } from './piece-table.ts';
import { HOUSES, PLACE_RANKS, TOWN_SUFFIXES, type TownPlaces } from './places.ts';
import { DIRECTIONS, type Position, positionAt, writeDegrees } from './positions.ts';
import { RowRandom } from './random.ts';
import { townIndexOf } from './towns.ts';

/** Metres on the road per metre of straight line. */
export const ROAD_FACTOR = 1.3;

/** Where a trip goes: one end is a place of the town, the other an address at the trip's distance from it. */
export interface Route {
  readonly townIndex: number;
  /** Rank of the place among those of the town, from 0. */
  readonly place: number;
  readonly far: Position;
  readonly farHouse: number;
  /** Index into the streets of the dataset. */
  readonly farStreet: number;
  /** True when the trip begins at the place. */
  readonly fromPlace: boolean;
}

export class RouteSource {
  private readonly towns: readonly TownPlaces[];
  private readonly streetCount: number;
  private readonly random: RowRandom;

  constructor(dataset: Dataset, part: 'history' | 'open') {
    this.towns = dataset.towns;
    this.streetCount = dataset.pools.streets.length;
    this.random = new RowRandom(dataset.shape.randomSeed, `booking-route/${part}`);
  }

  /** @param distanceM road distance */
  route(index: number, companyId: number, distanceM: number): Route {
    const random = this.random.at(index);
    const townIndex = townIndexOf(companyId);
    const place = random.pick(PLACE_RANKS);
    const from = placePosition(this.towns[townIndex] as TownPlaces, place);
    return {
      townIndex,
      place,
      far: positionAt(from, distanceM / ROAD_FACTOR, random.below(DIRECTIONS)),
      farHouse: 1 + random.below(HOUSES),
      farStreet: random.below(this.streetCount),
      fromPlace: random.chance(500),
    };
  }
}

export function placePosition({ latE5, lonE5 }: TownPlaces, place: number): Position {
  return { latE5: latE5[place] as number, lonE5: lonE5[place] as number };
}

const SPACE = 0x20;

/** Writes six columns: address, latitude and longitude of the pickup, then of the dropoff. */
export function writeRoute(route: Route, { towns, streets }: Dataset, out: CopyBuffer): void {
  const { columns } = towns[route.townIndex] as TownPlaces;
  if (route.fromPlace) {
    out.piece(columns, route.place);
    out.tab();
    writeFarEnd(route, streets, out);
    return;
  }
  writeFarEnd(route, streets, out);
  out.tab();
  out.piece(columns, route.place);
}

function writeFarEnd(route: Route, streets: PieceTable, out: CopyBuffer): void {
  out.integer(route.farHouse);
  out.byte(SPACE);
  out.piece(streets, route.farStreet);
  out.piece(TOWN_SUFFIXES, route.townIndex);
  out.tab();
  writeDegrees(route.far.latE5, out);
  out.tab();
  writeDegrees(route.far.lonE5, out);
}
