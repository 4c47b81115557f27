import type { Dataset } from './dataset.ts';
import { DIRECTIONS, PLACE_RANKS, type TownPlaces } from './places.ts';
import { degreesText, positionAt } from './positions.ts';
import { RowRandom } from './random.ts';
import { townIndexOf } from './towns.ts';

/** Metres on the road per metre of straight line. */
export const ROAD_FACTOR = 1.3;

const HOUSES = Array.from({ length: 240 }, (_, index) => `${index + 1} `);

/** Pickup and dropoff of bookings: one end is a place of the town, the other lies at the booking's distance from it. */
export class RouteSource {
  private readonly towns: readonly TownPlaces[];
  private readonly streets: readonly string[];
  private readonly random: RowRandom;

  constructor(dataset: Dataset, part: 'history' | 'open') {
    this.towns = dataset.towns;
    this.streets = dataset.pools.streets;
    this.random = new RowRandom(dataset.shape.randomSeed, `booking-route/${part}`);
  }

  /** Six columns in COPY text form: address, latitude and longitude of the pickup, then of the dropoff. */
  columns(index: number, companyId: number, distanceM: number): string {
    const random = this.random.at(index);
    const town = this.towns[townIndexOf(companyId)] as TownPlaces;
    const place = town.places[random.pick(PLACE_RANKS)] as TownPlaces['places'][number];
    const far = positionAt(place.position, distanceM / ROAD_FACTOR, random.below(DIRECTIONS));
    const address = `${HOUSES[random.below(HOUSES.length)]}${this.streets[random.below(this.streets.length)]}${town.suffix}`;
    const farColumns = `${address}\t${degreesText(far.latE5)}\t${degreesText(far.lonE5)}`;
    return random.chance(500) ? `${place.columns}\t${farColumns}` : `${farColumns}\t${place.columns}`;
  }
}
