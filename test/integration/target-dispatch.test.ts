import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type pg from 'pg';
import { connectAdmin, type PostgresServer } from '../../harness/postgres/server.ts';
import { grantToService } from '../../harness/postgres/templates.ts';
import { createTestDatabase, startTestServer, type TestDatabase } from '../support/database.ts';
import { createSchema, DAY, insertTown, startTestService, type TestService } from './target-fixture.ts';

const RUN = '/api/v1/company_dispatch/run';

/** Who drives each open booking of the fixture's day, null when nobody does. */
async function driversOfDay(client: pg.Client): Promise<(number | null)[]> {
  const { rows } = await client.query<{ driver_id: number | null }>(
    'SELECT driver_id FROM booking WHERE id BETWEEN 11 AND 16 ORDER BY id',
  );
  return rows.map((row) => row.driver_id);
}

async function assignmentCount(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    'SELECT count(*) FROM assignment WHERE booking_id BETWEEN 11 AND 16',
  );
  return Number(rows[0]?.count);
}

for (const variant of ['baseline', 'optimised']) {
  describe(`a dispatch in ${variant}`, () => {
    let server: PostgresServer;
    let database: TestDatabase;
    let service: TestService;
    let token: string;
    /** Another session, to hold what a dispatch needs. */
    let holder: pg.Client;

    before(async () => {
      server = await startTestServer();
    });

    after(() => server?.release());

    beforeEach(async () => {
      database = await createTestDatabase(server);
      await createSchema(database.client);
      await insertTown(database.client);
      await grantToService(database.client, server);
      holder = await connectAdmin(server, database.name);
      service = await startTestService(database.serviceUrl, variant);
      token = await service.login('dispatcher@one.example');
    });

    afterEach(async () => {
      await holder.end();
      await service.stop();
      await database.drop();
    });

    const dispatch = (query = '?wait=true') =>
      service.call('POST', `${RUN}${query}`, { token, body: { date: DAY } });

    /** Keeps a dispatch from writing until the answer is called. */
    async function holdBooking(id: number, sql = 'SELECT FROM booking WHERE id = $1 FOR UPDATE') {
      await holder.query('BEGIN');
      await holder.query(sql, [id]);
      return () => holder.query('COMMIT');
    }

    /** Waits until the service waits for a lock, and answers its process id. */
    async function waitUntilBlocked(): Promise<number> {
      for (;;) {
        const { rows } = await database.client.query<{ pid: number }>(
          `SELECT pid FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = 'rushhour-target' AND wait_event_type = 'Lock'`,
        );
        if (rows[0]) return rows[0].pid;
      }
    }

    async function runOf(id: number) {
      return (await service.call('GET', `/api/v1/company_dispatch/runs/${id}`, { token })).body.run;
    }

    test('of two dispatches of one company-day at once, the second is refused with 409', async () => {
      const release = await holdBooking(16);
      const first = dispatch();
      await waitUntilBlocked();
      const second = await dispatch();
      assert.equal(second.status, 409);
      assert.equal(second.body.error.code, 'conflict');
      const otherDay = await service.call('POST', `${RUN}?wait=true`, {
        token,
        body: { date: '2026-03-03' },
      });
      assert.equal(otherDay.status, 200);
      await release();
      assert.equal((await first).body.run.assigned, 6);
      assert.equal(await assignmentCount(database.client), 6);
      assert.equal((await dispatch()).body.run.offered, 0); // the lock is free again
    });

    test('a booking that is cancelled while the dispatch decides gets no driver', async () => {
      const release = await holdBooking(14, `UPDATE booking SET status = 'cancelled' WHERE id = $1`);
      const running = dispatch();
      await waitUntilBlocked();
      await release();
      const { run } = (await running).body;
      assert.deepEqual([run.status, run.offered, run.assigned, run.unassigned], ['completed', 6, 5, 1]);
      assert.equal((await driversOfDay(database.client))[3], null);
      assert.equal(await assignmentCount(database.client), 5);
    });

    test('a write that fails ends the run as failed with its error, and the next dispatch works', async () => {
      await database.client.query(
        'ALTER TABLE assignment ADD CONSTRAINT no_fourteen CHECK (booking_id <> 14) NOT VALID',
      );
      const { status, body } = await dispatch();
      assert.equal(status, 200);
      assert.deepEqual([body.run.status, body.run.phases], ['failed', null]);
      assert.match(body.run.error, /no_fourteen/);
      assert.deepEqual(await runOf(body.run.id), body.run);
      assert.deepEqual(
        service.logged.map(({ level, message }) => [level, message]),
        [['error', 'a dispatch failed']],
      );
      // Bookings 11 to 13 were committed before the failure, or all were rolled back: what the variant is about.
      assert.equal(await assignmentCount(database.client), variant === 'baseline' ? 3 : 0);

      await database.client.query('ALTER TABLE assignment DROP CONSTRAINT no_fourteen');
      assert.equal((await dispatch()).body.run.status, 'completed');
      assert.ok((await driversOfDay(database.client)).every((driverId) => driverId !== null));
    });

    test('a connection that dies under a dispatch fails that run and nothing else', async () => {
      const release = await holdBooking(11);
      const started = (await dispatch('')).body.run;
      const pid = await waitUntilBlocked();
      await database.client.query('SELECT pg_terminate_backend($1)', [pid]);
      let run = await runOf(started.id);
      while (run.status === 'running') run = await runOf(started.id);
      assert.equal(run.status, 'failed');
      assert.match(run.error, /terminat/i);
      await release();
      assert.equal((await dispatch()).body.run.assigned, 6);
    });

    test('idle connections that die are logged, and the next request gets a new one', async () => {
      await service.call('GET', '/health');
      await database.client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'rushhour-target'`,
      );
      while (service.logged.length === 0) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(service.logged[0]?.message, 'an idle database connection broke');
      assert.equal((await service.call('GET', '/health')).status, 200);
    });

    test('a run whose process is gone is closed by the next dispatch of its company-day', async () => {
      const { rows } = await database.client.query<{ id: string }>(
        `INSERT INTO dispatch_run (company_id, service_day, status) VALUES (1, $1, 'running') RETURNING id`,
        [DAY],
      );
      const lost = Number(rows[0]?.id);
      assert.equal((await runOf(lost)).status, 'running');
      assert.equal((await dispatch()).body.run.status, 'completed');
      const { status, error } = await runOf(lost);
      assert.equal(status, 'failed');
      assert.match(error, /stopped before/);
    });

    test('trips of an earlier dispatch keep their driver busy', async () => {
      await dispatch();
      // Six more at the same hours: no driver may get two trips at one time.
      await database.client.query(`
        INSERT INTO booking (company_id, client_id, status, scheduled_time, passengers, pickup_address, pickup_lat,
          pickup_lon, dropoff_address, dropoff_lat, dropoff_lon, distance_m, price_cents)
        SELECT company_id, client_id, 'open', scheduled_time, passengers, pickup_address, pickup_lat, pickup_lon,
          dropoff_address, dropoff_lat, dropoff_lon, distance_m, price_cents
        FROM booking WHERE id BETWEEN 11 AND 16 AND client_id <> 3`);
      assert.equal((await dispatch()).body.run.assigned, 5);
      const { rows } = await database.client.query(`
        SELECT driver_id, scheduled_time FROM booking WHERE status = 'assigned'
        GROUP BY driver_id, scheduled_time HAVING count(*) > 1`);
      assert.deepEqual(rows, []);
    });

    test('declined bookings and recent assignments reach the decision', async () => {
      // Driver 1 and 2 refused booking 11; driver 3 has 60 recent assignments and yet is the only one left for it.
      await database.client.query(`
        INSERT INTO assignment (dispatch_run_id, booking_id, driver_id, status, sequence, planned_pickup_at,
          planned_dropoff_at, approach_m, created_at)
        SELECT 1, 11, driver_id, 'declined', 1, now(), now(), 0, timestamptz '2026-03-01' FROM unnest(ARRAY[1, 2]) AS driver_id
        UNION ALL
        SELECT 1, 1, 3, 'completed', 1, now(), now(), 0, timestamptz '2026-02-27' FROM generate_series(1, 60)`);
      await dispatch();
      const drivers = await driversOfDay(database.client);
      assert.equal(drivers[0], 3);
      assert.equal(drivers[2], 3); // the wheelchair
      assert.equal(drivers.filter((driverId) => driverId === 3).length, 2);
    });
  });
}

describe('the service without its database', () => {
  test('health and login answer 503, say no more, and log the reason', async () => {
    const service = await startTestService('postgres://nobody:hidden-word@127.0.0.1:1/nothing');
    try {
      const health = await service.call('GET', '/health');
      assert.equal(health.status, 503);
      assert.deepEqual(health.body.error, {
        code: 'database_unavailable',
        message: 'The database cannot be reached now.',
      });
      const body = { email: 'dispatcher@one.example', password: 'x' };
      assert.equal((await service.call('POST', '/api/v1/auth/login', { body })).status, 503);
      const log = JSON.stringify(service.logged);
      assert.match(log, /ECONNREFUSED/);
      assert.doesNotMatch(log, /hidden-word/);
    } finally {
      await service.stop();
    }
  });
});

describe('a pool of one connection', () => {
  test('is enough for dispatches and requests at the same time', async () => {
    const server = await startTestServer();
    const database = await createTestDatabase(server);
    await createSchema(database.client);
    await insertTown(database.client);
    await grantToService(database.client, server);
    const service = await startTestService(database.serviceUrl, 'baseline', 1);
    try {
      const token = await service.login('dispatcher@one.example');
      const answers = await Promise.all([
        service.call('POST', RUN, { token, body: { date: DAY } }),
        service.call('GET', `/api/v1/bookings?date=${DAY}`, { token }),
        service.call('PATCH', '/api/v1/bookings/1', { token, body: { notes: 'x' } }),
        service.call('POST', `${RUN}?wait=true`, { token, body: { date: '2026-03-03' } }),
      ]);
      assert.deepEqual(
        answers.map(({ status }) => status),
        [202, 200, 200, 200],
      );
    } finally {
      await service.stop();
      await database.drop();
      await server.release();
    }
  });
});
