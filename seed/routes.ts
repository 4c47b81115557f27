import type { CopyBuffer } from './copy-buffer.ts';
import { copyField, copyPiece } from './copy-text.ts';
import type { Dataset } from './dataset.ts';
import { HOUSES, PLACE_RANKS, type Place, type TownPlaces } from './places.ts';
import { DIRECTIONS, type Position, positionAt, writeDegrees } from './positions.ts';
import { RowRandom } from './random.ts';
import { townIndexOf } from './towns.ts';

/** Metres on the road per metre of straight line. */
export const ROAD_FACTOR = 1.3;

/** Where a trip goes: one end is a place of the town, the other an address at the trip's distance from it. */
export interface Route {
  readonly place: Place;
  readonly far: Position;
  readonly farHouse: number;
  /** Both in COPY text form. */
  readonly farStreet: Uint8Array;
  readonly farTown: Uint8Array;
  /** True when the trip begins at the place. */
  readonly fromPlace: boolean;
}

export class RouteSource {
  private readonly towns: readonly TownPlaces[];
  private readonly streets: readonly Uint8Array[];
  private readonly random: RowRandom;

  constructor(dataset: Dataset, part: 'history' | 'open') {
    this.towns = dataset.towns;
    this.streets = dataset.pools.streets.map((street) => copyPiece(copyField(street)));
    this.random = new RowRandom(dataset.shape.randomSeed, `booking-route/${part}`);
  }

  /** @param distanceM road distance */
  route(index: number, companyId: number, distanceM: number): Route {
    const random = this.random.at(index);
    const town = this.towns[townIndexOf(companyId)] as TownPlaces;
    const place = town.places[random.pick(PLACE_RANKS)] as Place;
    return {
      place,
      far: positionAt(place.position, distanceM / ROAD_FACTOR, random.below(DIRECTIONS)),
      farHouse: 1 + random.below(HOUSES),
      farStreet: this.streets[random.below(this.streets.length)] as Uint8Array,
      farTown: town.suffix,
      fromPlace: random.chance(500),
    };
  }
}

const SPACE = 0x20;

/** Six columns: address, latitude and longitude of the pickup, then of the dropoff. */
export function writeRoute(route: Route, out: CopyBuffer): void {
  if (route.fromPlace) {
    out.piece(route.place.columns);
    out.tab();
  }
  out.integer(route.farHouse);
  out.byte(SPACE);
  out.piece(route.farStreet);
  out.piece(route.farTown);
  out.tab();
  writeDegrees(route.far.latE5, out);
  out.tab();
  writeDegrees(route.far.lonE5, out);
  if (!route.fromPlace) {
    out.tab();
    out.piece(route.place.columns);
  }
}
