/** A dispatch service that is nobody's of ours, and configs of it on disk, as a person has them. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CommandConfig, RushhourConfig, VariantConfig } from '../../harness/config/rushhour-config.ts';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';

export const TRIPS = path.join(PROJECT_ROOT, 'test', 'fixtures', 'trips');

/** Days of the first depot. */
export const TRIP_OFFERS = [5, 6, 7, 8, 9].map((day) => ({ depot_id: 1, day: `2026-01-0${day}` }));

export function tripsProgram(name: 'service' | 'worker', more: Partial<CommandConfig> = {}): CommandConfig {
  return { command: [process.execPath, path.join(TRIPS, `trips-${name}.mjs`)], ...more };
}

export const PLAIN: VariantConfig = { start: tripsProgram('service') };

/** A config of it; what is given takes the place of a whole member. */
export function tripsConfig(parts: Partial<RushhourConfig> = {}): RushhourConfig {
  return {
    name: 'trips',
    service: { health: '/health' },
    dataset: { seed: [{ file: path.join(TRIPS, 'schema.sql') }] },
    dispatch: {
      offers: TRIP_OFFERS,
      request: { method: 'POST', path: '/plans', body: { depot_id: '{depot_id}', day: '{day}' } },
      complete: { by: 'response' },
      rows: `SELECT count(*) FILTER (WHERE state = 'waiting') AS open, count(*) FILTER (WHERE state = 'planned') AS assigned,
        count(*) FILTER (WHERE state = 'no_car') AS unassigned FROM trip WHERE depot_id = :depot_id AND day = :day`,
      timeoutSeconds: 20,
      settleMs: 50,
    },
    outcome: { sql: 'SELECT id, state, car_id FROM trip WHERE depot_id = :depot_id AND day = :day' },
    endpoints: { trips: { path: '/trips?depot={depot_id}' } },
    variants: { before: PLAIN, after: PLAIN },
    ...parts,
  };
}

/** Writes it into a folder. Returns the file. */
export async function writeConfig(
  folder: string,
  config: RushhourConfig,
  name = 'rushhour.config.json',
): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, JSON.stringify(config));
  return file;
}
