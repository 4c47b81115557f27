import { copyField, copyPiece } from './copy-text.ts';
import { logNormalTable, weightedTable, zipfWeights } from './distributions.ts';
import type { Pools } from './pools.ts';
import { DIRECTIONS, degreesText, type Position, positionAt } from './positions.ts';
import { type QuantileTable, RowRandom } from './random.ts';
import { TOWNS, townCentre } from './towns.ts';

/** A point where trips begin or end again and again. */
export interface Place {
  readonly position: Position;
  /** Its address, latitude and longitude: three columns in COPY text form. */
  readonly columns: Uint8Array;
}

/** The places of one town in the order of their popularity. */
export interface TownPlaces {
  readonly places: readonly Place[];
  /** What follows the street in an address, `, Oxford`, in COPY text form. */
  readonly suffix: Uint8Array;
}

const PLACES_PER_TOWN = 1_200;

/** Houses of a street are numbered from 1 to this. */
export const HOUSES = 240;

/** The most popular places of every town. */
const HUBS = ['Railway Station', 'General Hospital', 'Bus Station', 'Shopping Centre', 'Airport Coach Stop'];

/** Which place of a town a trip has at one end: Zipf, so the first one has about an eighth of all trips. */
export const PLACE_RANKS: QuantileTable = weightedTable(zipfWeights(PLACES_PER_TOWN), 65_536);

/** How far from the centre places are and drivers live, in metres. */
export const SPREAD_M: QuantileTable = logNormalTable(
  { median: 1_800, sigma: 0.7, lowest: 50, highest: 12_000 },
  4_096,
);

/** The places of the first `townCount` towns. */
export function buildPlaces(randomSeed: number, pools: Pools, townCount: number): TownPlaces[] {
  const random = new RowRandom(randomSeed, 'places');
  return TOWNS.slice(0, townCount).map((town, townIndex) => {
    const centre = townCentre(town);
    const places = Array.from({ length: PLACES_PER_TOWN }, (_, rank) => {
      random.at(townIndex * PLACES_PER_TOWN + rank);
      const position = positionAt(centre, random.pick(SPREAD_M), random.below(DIRECTIONS));
      const street = `${1 + random.below(HOUSES)} ${pools.streets[random.below(pools.streets.length)]}`;
      return placeAt(position, `${HUBS[rank] ?? street}, ${town.name}`);
    });
    return { places, suffix: copyPiece(copyField(`, ${town.name}`)) };
  });
}

function placeAt(position: Position, address: string): Place {
  const columns = [copyField(address), degreesText(position.latE5), degreesText(position.lonE5)].join('\t');
  return { position, columns: copyPiece(columns) };
}
