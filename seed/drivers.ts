import { HISTORY_DAYS, MINUTES_PER_DAY, timestampText } from './calendar.ts';
import { type CopyBuffer, encodeRows } from './copy-buffer.ts';
import type { Dataset } from './dataset.ts';
import { SPREAD_M } from './places.ts';
import { fullName, phoneNumber } from './pools.ts';
import { DIRECTIONS, degreesText, type Position, positionAt } from './positions.ts';
import { driverIdsOf } from './profiles.ts';
import { RowRandom } from './random.ts';
import { type Shift, shiftOf } from './shifts.ts';
import type { TableRows } from './table-rows.ts';
import { townCentre, townOf } from './towns.ts';

export interface Driver {
  readonly id: number;
  readonly companyId: number;
  readonly fullName: string;
  readonly phone: string;
  readonly seats: number;
  readonly takesWheelchair: boolean;
  readonly shift: Shift;
  readonly home: Position;
  readonly current: Position;
  readonly locationMinute: number;
  readonly isAvailable: boolean;
  readonly isActive: boolean;
  readonly createdMinute: number;
}

const SEATS: readonly number[] = [4, 4, 4, 4, 4, 4, 5, 6, 6, 8];
const INACTIVE_PER_MILLE = 20;
const UNAVAILABLE_PER_MILLE = 80;

/** Table `driver`: the drivers of the first company, then of the second, … */
export function driverRows(dataset: Dataset): TableRows {
  return {
    table: 'driver',
    columns: [
      ...['id', 'company_id', 'full_name', 'phone', 'seats', 'takes_wheelchair'],
      ...['shift_start_minute', 'shift_end_minute', 'home_lat', 'home_lon', 'current_lat', 'current_lon'],
      ...['location_updated_at', 'is_available', 'is_active', 'created_at'],
    ],
    rowCount: () => dataset.shape.companies * dataset.shape.drivers,
    chunks: (chunkBytes) => encodeRows(drivers(dataset), writeDriver, chunkBytes),
  };
}

export function* drivers(dataset: Dataset): Generator<Driver> {
  const random = new RowRandom(dataset.shape.randomSeed, 'driver');
  for (let companyId = 1; companyId <= dataset.shape.companies; companyId++) {
    for (let position = 0; position < dataset.shape.drivers; position++) {
      yield driverAt(dataset, random, companyId, position);
    }
  }
}

function driverAt(dataset: Dataset, random: RowRandom, companyId: number, position: number): Driver {
  const id = driverIdsOf(dataset.shape, companyId).first + position;
  const centre = townCentre(townOf(companyId));
  random.at(id);
  return {
    id,
    companyId,
    fullName: fullName(dataset.pools, random),
    phone: phoneNumber(random),
    seats: SEATS[random.below(SEATS.length)] ?? 4,
    takesWheelchair: takesWheelchair(position),
    shift: shiftOf(position),
    home: positionAt(centre, random.pick(SPREAD_M), random.below(DIRECTIONS)),
    current: positionAt(centre, random.pick(SPREAD_M), random.below(DIRECTIONS)),
    locationMinute: -1 - random.below(15),
    isAvailable: !random.chance(UNAVAILABLE_PER_MILLE),
    isActive: !random.chance(INACTIVE_PER_MILLE),
    createdMinute: -(HISTORY_DAYS + 1 + random.below(540)) * MINUTES_PER_DAY + 9 * 60,
  };
}

/** Every fifth driver, by formula: chance would leave some small company with none, and its clients at home. */
export function takesWheelchair(position: number): boolean {
  return (position + Math.floor(position / 10)) % 5 === 2;
}

function writeDriver(driver: Driver, out: CopyBuffer): void {
  out.row([
    ...[driver.id, driver.companyId, driver.fullName, driver.phone, driver.seats, driver.takesWheelchair],
    ...[driver.shift.startMinute, driver.shift.endMinute],
    ...positionColumns(driver.home),
    ...positionColumns(driver.current),
    ...[timestampText(driver.locationMinute), driver.isAvailable, driver.isActive],
    timestampText(driver.createdMinute),
  ]);
}

function positionColumns(position: Position): string[] {
  return [degreesText(position.latE5), degreesText(position.lonE5)];
}
