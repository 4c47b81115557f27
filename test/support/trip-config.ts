import path from 'node:path';
import type { LoadedConfig } from '../../harness/config/loaded-config.ts';
import type { RushhourConfig, VariantConfig } from '../../harness/config/rushhour-config.ts';
import { ODD_SERVICES } from './odd-services.ts';

export const TRIP_PROGRAM = path.join(ODD_SERVICES, 'trip-service.mjs');

/** A variant of the trip service. @param odd what is not right about it, see trip-service.mjs */
export function tripVariant(odd = '', more: Partial<VariantConfig> = {}): VariantConfig {
  return { start: { command: [process.execPath, TRIP_PROGRAM], environment: { ODD: odd } }, ...more };
}

export function tripWorker(odd = '') {
  return { command: [process.execPath, TRIP_PROGRAM, 'worker'], environment: { ODD: odd } };
}

const OF_OFFER = 'depot_id = :depot_id AND pickup_at::date = :day::date';

/** A whole config of the trip service, of which every part works. */
export const TRIP_CONFIG: RushhourConfig = {
  name: 'trips',
  service: { health: '/health', startTimeoutSeconds: 60, warmUp: [{ path: '/warm' }] },
  database: { extensions: ['pgcrypto'], settings: { search_path: 'public' } },
  login: {
    kind: 'token',
    request: { path: '/login', body: { login: '{login}', password: '{password}' } },
    token: 'token',
    accounts: { sql: 'SELECT login, password, depot_id FROM staff ORDER BY login' },
    accountOf: 'depot_id',
  },
  dataset: {
    schema: [{ file: 'schema.sql' }],
    seed: ['UPDATE car SET depot_id = depot_id WHERE id > 0'],
  },
  dispatch: {
    offers: {
      sql: 'SELECT DISTINCT depot_id, pickup_at::date::text AS day FROM trip ORDER BY depot_id, day',
    },
    request: { path: '/plans', body: { depot_id: '{depot_id}', day: '{day}' } },
    extract: { planId: 'plan.id' },
    complete: { by: 'response' },
    rows: `SELECT count(*) FILTER (WHERE state = 'waiting') AS open, count(*) FILTER (WHERE state = 'planned') AS assigned,
      count(*) FILTER (WHERE state = 'no_car') AS unassigned FROM trip WHERE ${OF_OFFER}`,
    settleMs: 50,
    timeoutSeconds: 5,
  },
  outcome: {
    sql: `SELECT trip_id, car_id FROM plan_trip JOIN trip ON trip.id = trip_id WHERE ${OF_OFFER}`,
    answers: [{ path: '/trips?day={day}' }],
  },
  endpoints: {
    trips: {
      path: '/trips?limit={limit}',
      extract: { trip: 'items.0.id' },
      page: { size: 'limit', items: 'items' },
    },
    trip: { path: '/trips/{trip}' },
  },
  scenarios: {
    load: { mix: [{ weight: 1, visit: ['trips', 'trip'] }], steps: [{ ratePerSecond: 5, seconds: 10 }] },
  },
  variants: {
    before: tripVariant('', { workers: [tripWorker()] }),
    after: tripVariant('', {
      migration: { up: ['CREATE INDEX trip_depot ON trip (depot_id)'], down: ['DROP INDEX trip_depot'] },
    }),
  },
  hooks: { afterReset: [{ command: [process.execPath, '--version'] }] },
  week: { baseline: 'before', optimised: 'after' },
};

/** As if it stood in a file beside the service. */
export function loadedTrips(config: RushhourConfig): LoadedConfig {
  return { file: path.join(ODD_SERVICES, 'schema.sql'), folder: ODD_SERVICES, config };
}
