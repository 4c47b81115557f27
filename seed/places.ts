import { copyField } from './copy-text.ts';
import { logNormalTable, zipfTable } from './distributions.ts';
import { PieceTable } from './piece-table.ts';
import type { Pools } from './pools.ts';
import { DIRECTIONS, degreesText, type Position, positionAt } from './positions.ts';
import { type QuantileTable, RowRandom } from './random.ts';
import { TOWNS, townCentre } from './towns.ts';

/** The places of one town where trips begin or end again and again, in the order of their popularity. */
export interface TownPlaces {
  readonly latE5: Int32Array;
  readonly lonE5: Int32Array;
  /** Address, latitude and longitude of each place: three columns in COPY text form. */
  readonly columns: PieceTable;
}

const PLACES_PER_TOWN = 1_200;

/** Houses of a street are numbered from 1 to this. */
export const HOUSES = 240;

/** The most popular places of every town. */
const HUBS = ['Railway Station', 'General Hospital', 'Bus Station', 'Shopping Centre', 'Airport Coach Stop'];

/** Which place of a town a trip has at one end: Zipf, so the first one has about an eighth of all trips. */
export const PLACE_RANKS: QuantileTable = zipfTable(PLACES_PER_TOWN);

/** How far from the centre places are and drivers live, in metres. */
export const SPREAD_M: QuantileTable = logNormalTable(
  { median: 1_800, sigma: 0.7, lowest: 50, highest: 12_000 },
  4_096,
);

/** What follows the street in an address, `, Oxford`, by town index. */
export const TOWN_SUFFIXES = new PieceTable(TOWNS.map(({ name }) => copyField(`, ${name}`)));

/** The places of the first `townCount` towns. */
export function buildPlaces(randomSeed: number, pools: Pools, townCount: number): TownPlaces[] {
  const random = new RowRandom(randomSeed, 'places');
  return TOWNS.slice(0, townCount).map((town, townIndex) => {
    const places = Array.from({ length: PLACES_PER_TOWN }, (_, rank) => {
      random.at(townIndex * PLACES_PER_TOWN + rank);
      const position = positionAt(townCentre(town), random.pick(SPREAD_M), random.below(DIRECTIONS));
      const street = `${1 + random.below(HOUSES)} ${pools.streets[random.below(pools.streets.length)]}`;
      return { position, address: `${HUBS[rank] ?? street}, ${town.name}` };
    });
    return {
      latE5: Int32Array.from(places, ({ position }) => position.latE5),
      lonE5: Int32Array.from(places, ({ position }) => position.lonE5),
      columns: new PieceTable(places.map(placeColumns)),
    };
  });
}

function placeColumns({ position, address }: { position: Position; address: string }): string {
  return [copyField(address), degreesText(position.latE5), degreesText(position.lonE5)].join('\t');
}
