import { faker } from '@faker-js/faker/locale/en_GB';
import { RowRandom } from './random.ts';

/**
 * Names and streets to combine rows from. Asking faker for every row would take longer than PostgreSQL needs to store
 * it, so it is asked a few thousand times and rows pick from the answers.
 */
export interface Pools {
  readonly firstNames: readonly string[];
  readonly lastNames: readonly string[];
  readonly streets: readonly string[];
}

/** The same pools for the same random seed and the same version of faker (the lock file pins it). */
export function buildPools(randomSeed: number): Pools {
  faker.seed(new RowRandom(randomSeed, 'pools').at(0).next());
  return {
    firstNames: distinct(600, () => faker.person.firstName()),
    lastNames: distinct(500, () => faker.person.lastName()),
    streets: distinct(1_500, () => faker.location.street()),
  };
}

function distinct(count: number, make: () => string): string[] {
  const found = new Set<string>();
  // Bounded: a pool that faker cannot fill is a little smaller, never an endless loop.
  for (let attempt = 0; found.size < count && attempt < count * 4; attempt++) found.add(make());
  return [...found];
}

/** A first and a last name from the pools, picked with the row's next two numbers. */
export function fullName(pools: Pools, random: RowRandom): string {
  const first = pools.firstNames[random.below(pools.firstNames.length)];
  return `${first} ${pools.lastNames[random.below(pools.lastNames.length)]}`;
}

/** A number from the range Ofcom keeps free for drama use (07700 900000 to 900999): it rings nobody. */
export function phoneNumber(random: RowRandom): string {
  return `+44 7700 ${900_000 + random.below(1_000)}`;
}

/** What callers tell the dispatcher. Some span lines or hold characters that COPY has to escape, as real notes do. */
export const NOTES: readonly string[] = [
  'Please ring the bell',
  'Gate code 4411\nSecond entrance on the left',
  'Two suitcases and a pushchair',
  'Passenger is hard of hearing, please wave',
  'Bay 3\\4, north entrance',
  'Flight BA 117, terminal 5',
  'Return trip\tsame day',
  'Guide dog travels along',
  'Account 20-118, no cash',
  'Will wait at reception',
  '"Blue door" behind the chemist\'s',
  'Walking frame, needs a hand to the car',
];
