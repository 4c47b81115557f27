import type { Queryable } from '../database.ts';
import type { Place } from '../dispatch/distance.ts';
import { notFound } from '../http-error.ts';

const DRIVER_COLUMNS = `id, full_name, seats, takes_wheelchair, shift_start_minute, shift_end_minute, current_lat,
  current_lon, is_available, is_active`;

interface DriverRow {
  readonly id: number;
  readonly full_name: string;
  readonly seats: number;
  readonly takes_wheelchair: boolean;
  readonly shift_start_minute: number;
  readonly shift_end_minute: number;
  readonly current_lat: number;
  readonly current_lon: number;
  readonly is_available: boolean;
  readonly is_active: boolean;
}

/** A driver as the API shows it. Shift minutes count from midnight UTC. */
export interface Driver {
  readonly id: number;
  readonly fullName: string;
  readonly seats: number;
  readonly takesWheelchair: boolean;
  readonly shift: { startMinute: number; endMinute: number };
  readonly location: Place;
  readonly isAvailable: boolean;
  readonly isActive: boolean;
}

function toDriver(row: DriverRow): Driver {
  return {
    id: row.id,
    fullName: row.full_name,
    seats: row.seats,
    takesWheelchair: row.takes_wheelchair,
    shift: { startMinute: row.shift_start_minute, endMinute: row.shift_end_minute },
    location: { lat: row.current_lat, lon: row.current_lon },
    isAvailable: row.is_available,
    isActive: row.is_active,
  };
}

/** Drivers by id. `available: true` leaves out those who no longer work for the company. */
export async function listDrivers(
  db: Queryable,
  companyId: number,
  filter: { readonly available?: boolean | undefined; readonly limit: number },
): Promise<Driver[]> {
  const available =
    filter.available === undefined
      ? ''
      : filter.available
        ? 'AND is_available AND is_active'
        : 'AND NOT is_available';
  const { rows } = await db.query<DriverRow>(
    `SELECT ${DRIVER_COLUMNS} FROM driver WHERE company_id = $1 ${available} ORDER BY id LIMIT $2`,
    [companyId, filter.limit],
  );
  return rows.map(toDriver);
}

export interface DriverKey {
  readonly companyId: number;
  readonly id: number;
}

/** @throws HttpError 404 */
export async function setAvailability(db: Queryable, key: DriverKey, isAvailable: boolean): Promise<Driver> {
  const { rows } = await db.query<DriverRow>(
    `UPDATE driver SET is_available = $3 WHERE id = $1 AND company_id = $2 RETURNING ${DRIVER_COLUMNS}`,
    [key.id, key.companyId, isAvailable],
  );
  if (!rows[0]) throw notFound('driver');
  return toDriver(rows[0]);
}

/** @throws HttpError 404 */
export async function setLocation(db: Queryable, key: DriverKey, place: Place): Promise<Driver> {
  const { rows } = await db.query<DriverRow>(
    `UPDATE driver SET current_lat = $3, current_lon = $4, location_updated_at = now()
     WHERE id = $1 AND company_id = $2 RETURNING ${DRIVER_COLUMNS}`,
    [key.id, key.companyId, place.lat, place.lon],
  );
  if (!rows[0]) throw notFound('driver');
  return toDriver(rows[0]);
}
