import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type pg from 'pg';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { grantToService } from '../../harness/postgres/templates.ts';
import {
  type CompanyDay,
  companyDays,
  type DatasetShape,
  loginOf,
  resolveShape,
  SEED_PASSWORD,
} from '../../seed/profiles.ts';
import { seedDatabase } from '../../seed/seed-database.ts';
import { migrateDown, migrateUp } from '../../target/migrate.ts';
import { VARIANT_NAMES } from '../../target/variants.ts';
import { createTestDatabase, startTestServer, type TestDatabase } from '../support/database.ts';
import { startTestService, type TestService } from './target-fixture.ts';

let server: PostgresServer;

before(async () => {
  server = await startTestServer();
});

after(() => server?.release());

async function createDataset(shape: DatasetShape): Promise<TestDatabase> {
  const database = await createTestDatabase(server);
  await seedDatabase(database.client, shape);
  await grantToService(database.client, server);
  return database;
}

/** The service in a variant, on a database that is as the variant describes it. */
async function withVariant<T>(
  database: TestDatabase,
  variant: string,
  work: (service: TestService) => Promise<T>,
): Promise<T> {
  if (/indexes|optimised/.test(variant)) await migrateUp(database.client);
  else await migrateDown(database.client);
  const service = await startTestService(database.serviceUrl, variant);
  try {
    return await work(service);
  } finally {
    await service.stop();
  }
}

async function loginTo(service: TestService, companyId: number): Promise<string> {
  const body = { email: loginOf(companyId).email, password: SEED_PASSWORD };
  const answer = await service.call('POST', '/api/v1/auth/login', { body });
  assert.equal(answer.status, 200);
  return answer.body.token;
}

async function dispatch(service: TestService, token: string, day: string) {
  const answer = await service.call('POST', '/api/v1/company_dispatch/run?wait=true', {
    token,
    body: { date: day },
  });
  assert.equal(answer.status, 200);
  assert.equal(answer.body.run.status, 'completed', answer.body.run.error);
  return answer.body.run;
}

/** Brings back the open bookings of a dataset, but not their place on disk: no variant may depend on that. */
class OpenState {
  private readonly client: pg.Client;
  private readonly openIds: readonly string[];
  private readonly lastRunId: string;

  private constructor(client: pg.Client, openIds: readonly string[], lastRunId: string) {
    this.client = client;
    this.openIds = openIds;
    this.lastRunId = lastRunId;
  }

  static async remember(client: pg.Client): Promise<OpenState> {
    const open = await client.query<{ id: string }>(`SELECT id FROM booking WHERE status = 'open'`);
    const runs = await client.query<{ last: string }>('SELECT max(id) AS last FROM dispatch_run');
    return new OpenState(
      client,
      open.rows.map(({ id }) => id),
      runs.rows[0]?.last ?? '0',
    );
  }

  /** Everything the dispatches wrote, times of writing left out. */
  async written(): Promise<unknown> {
    const assignments = await this.client.query(
      `SELECT booking_id, driver_id, status, sequence, planned_pickup_at, planned_dropoff_at, approach_m
       FROM assignment WHERE dispatch_run_id > $1 ORDER BY booking_id`,
      [this.lastRunId],
    );
    const bookings = await this.client.query(
      'SELECT id, status, driver_id FROM booking WHERE id = ANY($1) ORDER BY id',
      [this.openIds],
    );
    const runs = await this.client.query(
      `SELECT company_id, service_day, status, bookings_offered, assigned_count, unassigned_count
       FROM dispatch_run WHERE id > $1 ORDER BY service_day, company_id`,
      [this.lastRunId],
    );
    return { assignments: assignments.rows, bookings: bookings.rows, runs: runs.rows };
  }

  async restore(): Promise<void> {
    await this.client.query('DELETE FROM assignment WHERE dispatch_run_id > $1', [this.lastRunId]);
    await this.client.query('DELETE FROM dispatch_run WHERE id > $1', [this.lastRunId]);
    await this.client.query("UPDATE booking SET status = 'open', driver_id = NULL WHERE id = ANY($1)", [
      this.openIds,
    ]);
    for (const table of ['assignment', 'dispatch_run']) {
      await this.client.query(
        `SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) FROM ${table}))`,
      );
    }
  }
}

const DATASETS = [
  resolveShape('smoke'),
  resolveShape('load', { history: 4_000, companies: 2, days: 2, randomSeed: 7 }),
  // Too few drivers: many bookings stay without one.
  resolveShape('smoke', { bookings: 150, drivers: 6, history: 3_000, companies: 1, days: 3, randomSeed: 42 }),
];

for (const shape of DATASETS) {
  const { profile, bookings, drivers, randomSeed } = shape;
  const dataset = `${profile}, ${bookings} bookings, ${drivers} drivers, random seed ${randomSeed}`;

  test(`every variant writes and shows the same as baseline (${dataset})`, async (t) => {
    const database = await createDataset(shape);
    t.after(() => database.drop());
    const state = await OpenState.remember(database.client);
    const expected = await withVariant(database, 'baseline', (service) =>
      workThroughAll(service, state, shape),
    );
    const { runs } = expected.written as { runs: { bookings_offered: number; assigned_count: number }[] };
    for (const run of runs) assert.equal(run.bookings_offered, bookings);
    assert.ok(runs.every((run) => run.assigned_count > 0));
    t.diagnostic(`assigned per company-day: ${runs.map((run) => run.assigned_count).join(', ')}`);

    for (const variant of [...VARIANT_NAMES.slice(1), 'indexes+bulk-apply']) {
      const actual = await withVariant(database, variant, (service) => workThroughAll(service, state, shape));
      assert.deepEqual(actual, expected, variant);
    }
  });
}

/** Dispatches every company-day in order, then reads what the API shows, and puts everything back. */
async function workThroughAll(service: TestService, state: OpenState, shape: DatasetShape) {
  const days = companyDays(shape);
  const tokens = new Map<number, string>();
  for (const { companyId } of days.slice(0, shape.companies)) {
    tokens.set(companyId, await loginTo(service, companyId));
  }
  const runIds: number[] = [];
  for (const { companyId, day } of days) {
    const run = await dispatch(service, tokens.get(companyId) ?? '', day);
    runIds.push(run.id);
  }
  const shown = await readLists(service, tokens, days, runIds);
  const written = await state.written();
  await state.restore();
  return { written, shown };
}

async function readLists(
  service: TestService,
  tokens: ReadonlyMap<number, string>,
  days: readonly CompanyDay[],
  runIds: readonly number[],
) {
  const shown: unknown[] = [];
  for (const [index, { companyId, day }] of days.entries()) {
    const token = tokens.get(companyId);
    const bookings = await service.call('GET', `/api/v1/bookings?date=${day}&limit=100`, { token });
    const assignments = `/api/v1/company_dispatch/assignments?runId=${runIds[index]}&limit=100`;
    shown.push(withoutCreatedAt(bookings.body), (await service.call('GET', assignments, { token })).body);
  }
  return shown;
}

/** Variants write at different times; everything else in a list must be equal, ids included. */
function withoutCreatedAt(list: unknown): unknown {
  return JSON.parse(JSON.stringify(list, (key, value) => (key === 'createdAt' ? undefined : value)));
}

describe('queries per dispatch of 100 bookings and 50 drivers, counted by pg_stat_statements', () => {
  const shape = resolveShape('load', { history: 4_000, companies: 1, days: VARIANT_NAMES.length });
  const days = companyDays(shape);
  let database: TestDatabase;

  before(async () => {
    database = await createDataset(shape);
    await database.client.query('CREATE EXTENSION pg_stat_statements');
  });

  after(() => database?.drop());

  /** Statements of the service so far, BEGIN and COMMIT included. */
  async function callCount(): Promise<number> {
    const { rows } = await database.client.query<{ calls: string | null }>(
      `SELECT sum(calls) AS calls FROM pg_stat_statements
       WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND userid = $1::regrole`,
      [server.serviceRole],
    );
    return Number(rows[0]?.calls ?? 0);
  }

  async function countOf<T>(work: () => Promise<T>): Promise<{ calls: number; result: T }> {
    const before = await callCount();
    const result = await work();
    return { calls: (await callCount()) - before, result };
  }

  async function availableDrivers(): Promise<number> {
    const { rows } = await database.client.query<{ count: string }>(
      'SELECT count(*) FROM driver WHERE company_id = 1 AND is_available AND is_active',
    );
    return Number(rows[0]?.count);
  }

  for (const [index, variant] of VARIANT_NAMES.entries()) {
    test(`${variant}`, async (t) => {
      const d = await availableDrivers();
      const { calls, result: run } = await withVariant(database, variant, async (service) => {
        const token = await loginTo(service, 1);
        return countOf(() => dispatch(service, token, days[index]?.day ?? ''));
      });
      t.diagnostic(
        `${calls} queries; ${JSON.stringify(run.phases)}; ${run.assigned} of ${run.offered} assigned`,
      );
      assert.equal(run.offered, 100);
      // Lock, begin the run, end the run, unlock.
      const frame = 4;
      // Bookings and drivers, and of each booking client and earlier assignments, of each driver count and trips.
      const load = /eager|optimised/.test(variant) ? 4 : 2 + 2 * run.offered + 2 * d;
      // One statement for all, or BEGIN, UPDATE, INSERT, COMMIT for each assignment.
      const apply = /bulk|optimised/.test(variant) ? 1 : 4 * run.assigned;
      assert.equal(calls, frame + load + apply);
      if (variant === 'baseline') assert.ok(calls >= 150, `${calls} queries`);
      if (variant === 'optimised') assert.ok(calls <= 15, `${calls} queries`);
    });
  }

  test('a page of bookings and of assignments is N+1 without eager loading only', async () => {
    const pages = async (service: TestService) => {
      const token = await loginTo(service, 1);
      const bookings = await countOf(() =>
        service.call('GET', `/api/v1/bookings?date=${days[0]?.day}&status=assigned&limit=20`, { token }),
      );
      const assignments = await countOf(() =>
        service.call('GET', '/api/v1/company_dispatch/assignments?limit=50', { token }),
      );
      assert.equal(bookings.result.body.items.length, 20);
      assert.equal(assignments.result.body.items.length, 50);
      return [bookings.calls, assignments.calls];
    };
    // The page, then client, driver and latest assignment of 20 bookings; booking and driver of 50 assignments.
    assert.deepEqual(await withVariant(database, 'baseline', pages), [1 + 3 * 20, 1 + 2 * 50]);
    assert.deepEqual(await withVariant(database, 'eager-loading', pages), [1 + 3, 1 + 2]);
  });
});
