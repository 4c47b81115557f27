import { readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import type { LoadedConfig } from '../../harness/config/loaded-config.ts';
import type { DispatchConfig, RushhourConfig } from '../../harness/config/rushhour-config.ts';
import { HarnessError } from '../../harness/errors.ts';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import {
  type ConfiguredDispatcher,
  openConfiguredDispatcher,
} from '../../harness/targets/dispatch/configured-dispatcher.ts';
import { DISPATCH_TIMES, type DispatchTimes } from '../../harness/targets/dispatch/dispatch-context.ts';
import type { Offer } from '../../harness/targets/offer.ts';
import type { DispatchAnswer, Logins, ServicePlace } from '../../harness/targets/target.ts';
import type { Oddity } from '../fixtures/odd-services/odd-service.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

const FIXTURES = path.join(import.meta.dirname, '../fixtures/odd-services');

/** Days of depot 1, of which each has 6 trips and cars for 4. */
export const OFFERS: readonly Offer[] = [5, 6, 7, 8].map((day) => offerOf(1, day));

export function offerOf(depot: number, day: number): Offer {
  return { key: `${depot}/0${day}`, values: { depot_id: depot, day: `2026-01-0${day}` } };
}

export interface OddService {
  readonly place: ServicePlace;
  readonly database: TestDatabase;
}

/** Starts a service that is odd so on a database of its own; both are gone after the test. */
export async function startOddService(
  t: { after(work: () => Promise<void>): void },
  server: PostgresServer,
  oddities: readonly Oddity[],
): Promise<OddService> {
  const database = await createTestDatabase(server);
  let stop = async () => {};
  t.after(async () => {
    await stop();
    await database.drop();
  });
  await database.client.query(readFileSync(path.join(FIXTURES, 'schema.sql'), 'utf8'));
  const { rows } = await database.client.query<{ oid: number }>(
    'SELECT oid::int FROM pg_database WHERE datname = current_database()',
  );
  const child = execa(process.execPath, ['--import', 'tsx', path.join(FIXTURES, 'odd-service.ts')], {
    cwd: PROJECT_ROOT, // the loader is found from here
    env: { DATABASE_URL: database.serviceUrl, ODD: oddities.join(',') },
    ...{ stdin: 'ignore', stderr: 'inherit', buffer: false, reject: false },
  });
  stop = async () => {
    child.kill('SIGTERM');
    await child;
  };
  const baseUrl = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(String(line).trim()));
    child.once('exit', (code) => reject(new Error(`odd-service ended before it listened: exit ${code}`)));
  });
  const place: ServicePlace = {
    server,
    database: { name: database.name, oid: rows[0]?.oid ?? 0 },
    service: { baseUrl, pids: [child.pid ?? 0], ended: new AbortController().signal, stop },
  };
  return { place, database };
}

export const ROWS = `SELECT count(*) FILTER (WHERE state = 'waiting') AS open, count(*) FILTER (WHERE state = 'planned') AS assigned,
  count(*) FILTER (WHERE state = 'no_car') AS unassigned
  FROM trip WHERE depot_id = :depot_id AND pickup_at::date = :day`;

/** The config of an odd service. */
export function oddConfig(
  dispatch: Partial<DispatchConfig> = {},
  others: Partial<RushhourConfig> = {},
): RushhourConfig {
  return {
    name: 'odd',
    service: { health: '/healthz' },
    dataset: { seed: [] },
    dispatch: {
      offers: OFFERS.map(({ values }) => values),
      request: { method: 'POST', path: '/plans', body: { depot_id: '{depot_id}', day: '{day}' } },
      complete: { by: 'response' },
      rows: ROWS,
      settleMs: 100,
      ...dispatch,
    },
    outcome: {
      sql: 'SELECT trip_id, car_id FROM plan_trip JOIN trip ON trip.id = trip_id WHERE depot_id = :depot_id AND pickup_at::date = :day',
    },
    endpoints: { plan: { path: '/plans/0' } }, // its pool connects when it is first asked for rows
    variants: { now: {} },
    ...others,
  };
}

export function loadedOdd(config: RushhourConfig): LoadedConfig {
  return { file: '/odd/rushhour.config.ts', folder: '/odd', config };
}

export interface Dispatched {
  readonly answers: readonly DispatchAnswer[];
  /** The first dispatch that failed; the others were not sent. */
  readonly error: HarnessError | null;
  /** What was told, in order. */
  readonly told: readonly string[];
  readonly dispatcher: ConfiguredDispatcher;
}

export interface DispatchRequest {
  readonly config: RushhourConfig;
  readonly offers?: readonly Offer[];
  readonly times?: Partial<DispatchTimes>;
  readonly logins?: Logins;
}

/** On a busy machine any first dispatch may be a second slower than the next. */
const PATIENT: Partial<DispatchTimes> = { firstCallMs: 60_000 };

/** Dispatches offers of an odd service, one after another. */
export async function dispatchOdd(
  { place }: OddService,
  { config, offers = OFFERS, times = {}, logins = new Map() }: DispatchRequest,
): Promise<Dispatched> {
  const told: string[] = [];
  const dispatcher = await openConfiguredDispatcher(
    loadedOdd(config),
    place,
    { offers, logins, signal: new AbortController().signal, onOddity: (sentence) => told.push(sentence) },
    { ...DISPATCH_TIMES, ...PATIENT, ...times },
  );
  const answers: DispatchAnswer[] = [];
  let error: HarnessError | null = null;
  try {
    for (const offer of offers) answers.push(await dispatcher.dispatch(offer));
  } catch (caught) {
    if (!(caught instanceof HarnessError)) throw caught;
    error = caught;
  } finally {
    await dispatcher.closed();
  }
  return { answers, error, told, dispatcher };
}
