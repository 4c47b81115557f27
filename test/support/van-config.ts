import type { LoadedConfig } from '../../harness/config/loaded-config.ts';
import type { DatasetConfig, RushhourConfig } from '../../harness/config/rushhour-config.ts';
import { resolveShape } from '../../seed/profiles.ts';

/** Unlike ours in every way that matters to a load: see the names. */
export const VAN_SCHEMA = `
  CREATE SCHEMA ops;
  CREATE TYPE stop_state AS ENUM ('due', 'done', 'void');
  CREATE DOMAIN phone_number AS varchar(20) NOT NULL CHECK (value <> '');
  CREATE TABLE depot (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name varchar(80) NOT NULL,
    main_van uuid,
    opened timestamp NOT NULL,
    tags text[] NOT NULL DEFAULT '{}');
  CREATE TABLE ops.van (
    id uuid PRIMARY KEY,
    depot_id bigint NOT NULL REFERENCES depot,
    seats smallint NOT NULL,
    contact phone_number,
    extras jsonb NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'parked');
  ALTER TABLE depot ADD FOREIGN KEY (main_van) REFERENCES ops.van DEFERRABLE;
  CREATE TABLE stop (
    id bigserial,
    depot_id bigint NOT NULL REFERENCES depot,
    state stop_state NOT NULL,
    planned_at timestamp NOT NULL,
    planned_day date NOT NULL,
    moment timestamptz NOT NULL,
    seats integer NOT NULL,
    seats_twice integer GENERATED ALWAYS AS (seats * 2) STORED,
    note text,
    PRIMARY KEY (id, planned_at)) PARTITION BY RANGE (planned_at);
  CREATE TABLE stop_2025 PARTITION OF stop FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
  CREATE TABLE stop_2026 PARTITION OF stop FOR VALUES FROM ('2026-01-01') TO ('2028-01-01');
  CREATE INDEX stop_depot ON stop (depot_id)`;

type Rows = Extract<DatasetConfig, { readonly rows: unknown }>['rows'];

const STATE = { open: 'due', completed: 'done', cancelled: 'void' } as const;

export const VAN_ROWS: Rows = {
  stop: {
    from: 'bookings',
    row: (booking) => ({
      id: booking.id,
      depot_id: booking.companyId,
      state: STATE[booking.status],
      planned_at: booking.scheduledTime,
      planned_day: booking.day,
      moment: booking.scheduledTime,
      seats: booking.passengers,
      note: booking.notes,
    }),
  },
  depot: {
    from: 'companies',
    row: (company, { uuid }) => ({
      id: company.id,
      name: company.name,
      main_van: uuid('van', (company.id - 1) * 10 + 1),
      opened: company.createdAt,
      tags: [company.town, 'a "quoted" one'],
    }),
  },
  'ops.van': {
    from: 'drivers',
    row: (driver, { uuid }) => ({
      id: uuid('van', driver.id),
      depot_id: driver.companyId,
      seats: driver.seats,
      contact: driver.phone,
      extras: { wheelchair: driver.takesWheelchair },
    }),
  },
};

/** 2 depots, 20 vans; 400 past stops, and 20 that are due for each depot. */
export const VAN_SHAPE = resolveShape('smoke', { bookings: 20, history: 400, days: 1 });

export function vanConfig(
  dataset: DatasetConfig,
  changes: Partial<RushhourConfig> = {},
  folder = '/nowhere',
): LoadedConfig {
  const config: RushhourConfig = {
    name: 'vans',
    service: { health: '/health', timeZone: 'Europe/Berlin' },
    dataset,
    dispatch: {
      offers: {
        sql: "SELECT DISTINCT depot_id, planned_day FROM stop WHERE state = 'due' ORDER BY planned_day, depot_id",
      },
      request: { path: '/plan', body: { depot: '{depot_id}' } },
      complete: { by: 'response' },
      rows: 'SELECT 0 AS open, 0 AS assigned',
    },
    outcome: { sql: 'SELECT 1' },
    variants: { before: { url: 'http://127.0.0.1:1' } },
    ...changes,
  };
  return { file: `${folder}/rushhour.config.ts`, folder, config };
}
