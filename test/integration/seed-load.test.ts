import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type PostgresServer, withAdmin } from '../../harness/postgres/server.ts';
import { datasetDigest } from '../../seed/digest.ts';
import { NOTES } from '../../seed/pools.ts';
import { PROFILES, resolveShape, SEED_PASSWORD } from '../../seed/profiles.ts';
import { type SeedProgress, type SeedSummary, seedDatabase } from '../../seed/seed-database.ts';
import { verifyPassword } from '../../target/password.ts';
import { createTestDatabase, startTestServer, type TestDatabase } from '../support/database.ts';

let server: PostgresServer;

before(async () => {
  server = await startTestServer();
});
after(() => server.release());

async function firstRow<Row extends object>(database: TestDatabase, sql: string): Promise<Row> {
  const { rows } = await database.client.query<Row>(sql);
  assert.ok(rows[0]);
  return rows[0];
}

describe('a seeded smoke dataset', () => {
  let database: TestDatabase;
  let summary: SeedSummary;
  const progress: SeedProgress[] = [];

  before(async () => {
    database = await createTestDatabase(server);
    summary = await seedDatabase(database.client, PROFILES.smoke, {
      onProgress: (step) => progress.push(step),
    });
  });
  after(() => database.drop());

  test('has in each table as many rows as the summary says', async () => {
    for (const [table, expected] of Object.entries(summary.rows)) {
      assert.deepEqual(await firstRow(database, `SELECT count(*)::int AS n FROM ${table}`), { n: expected });
    }
    assert.equal(summary.rows.booking, 2_000 + 20 * 2 * 5); // history, then bookings × companies × days
  });

  test('reports the digest that is computed without a database', () => {
    assert.equal(summary.digest, datasetDigest(PROFILES.smoke));
  });

  test('was reported table by table, parents first, each to its end', () => {
    const ends = progress.filter(({ rows, totalRows }) => rows === totalRows);
    assert.deepEqual(
      ends.map(({ table }) => table),
      ['company', 'app_user', 'client', 'driver', 'booking', 'dispatch_run', 'assignment'],
    );
    assert.equal(
      ends.reduce((sum, { bytes }) => sum + bytes, 0),
      summary.bytes,
    );
  });

  test('has every foreign key, checked by PostgreSQL', async () => {
    const keys = await firstRow(
      database,
      "SELECT count(*)::int AS n, bool_and(convalidated) AS checked FROM pg_constraint WHERE contype = 'f'",
    );
    assert.deepEqual(keys, { n: 11, checked: true }); // the lines of target/constraints.sql
  });

  test('hands out the next free id', async () => {
    const { id } = await firstRow<{ id: string }>(
      database,
      `INSERT INTO dispatch_run (company_id, service_day, status) VALUES (1, '2026-03-02', 'running') RETURNING id`,
    );
    assert.equal(Number(id), 180 * 2 + 1); // a past run for each of 180 days and 2 companies
    await database.client.query('DELETE FROM dispatch_run WHERE id = $1', [id]);
    const next = `SELECT (SELECT last_value FROM booking_id_seq) = (SELECT max(id) + 1 FROM booking)
                     AND (SELECT last_value FROM assignment_id_seq) = (SELECT max(id) + 1 FROM assignment) AS fits`;
    assert.deepEqual(await firstRow(database, next), { fits: true });
  });

  test('keeps notes with line breaks, tabs and backslashes as they were', async () => {
    const { rows } = await database.client.query<{ notes: string }>('SELECT DISTINCT notes FROM booking');
    const stored = rows.map(({ notes }) => notes).filter((note) => note !== null);
    assert.deepEqual(stored.sort(), [...NOTES].sort()); // 15 % of 2,200 rows: each of the 12 about 27 times
  });

  test('has users that can log in', async () => {
    const { password_hash } = await firstRow<{ password_hash: string }>(
      database,
      "SELECT password_hash FROM app_user WHERE email = 'dispatcher-2@rushhour.example' AND company_id = 2",
    );
    assert.equal(await verifyPassword(SEED_PASSWORD, password_hash), true);
    assert.equal(await verifyPassword('something else', password_hash), false);
  });

  test('is vacuumed and analysed: no measured run has to set hint bits or collect statistics', async () => {
    const { rows } = await database.client.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
         AND (relallvisible < relpages OR reltuples < 0)`,
    );
    assert.deepEqual(rows, []);
    const { columns } = await firstRow<{ columns: number }>(
      database,
      "SELECT count(*)::int AS columns FROM pg_stats WHERE tablename = 'booking'",
    );
    assert.equal(columns, 18);
  });
});

describe('a seeded load dataset', () => {
  let database: TestDatabase;

  before(async () => {
    database = await createTestDatabase(server);
    await seedDatabase(database.client, resolveShape('load', { days: 5 }));
  });
  after(() => database.drop());

  test('has company-days of exactly 100 open bookings', async () => {
    const { rows } = await database.client.query(
      `SELECT DISTINCT count(*)::int AS open FROM booking WHERE status = 'open'
       GROUP BY company_id, (scheduled_time AT TIME ZONE 'UTC')::date`,
    );
    assert.deepEqual(rows, [{ open: 100 }]);
  });

  test('has the two peaks of the day and the quiet weekend in its history', async () => {
    const { rows } = await database.client.query<{ hour: number }>(
      `SELECT extract(hour FROM scheduled_time AT TIME ZONE 'UTC')::int AS hour FROM booking
       WHERE status <> 'open' AND extract(isodow FROM scheduled_time AT TIME ZONE 'UTC') <= 5
       GROUP BY 1 ORDER BY count(*) DESC`,
    );
    const hours = rows.map(({ hour }) => hour);
    assert.ok([17, 18, 19].includes(hours[0] ?? -1), hours.join());
    const morning = hours.find((hour) => hour < 12);
    assert.ok([8, 9].includes(morning ?? -1), hours.join());
    assert.equal(hours.at(-1), 4);

    const week = await database.client.query<{ weekday: number }>(
      `SELECT extract(isodow FROM scheduled_time AT TIME ZONE 'UTC')::int AS weekday FROM booking
       WHERE status <> 'open' GROUP BY 1 ORDER BY count(*) DESC`,
    );
    assert.equal(week.rows[0]?.weekday, 5); // Friday
    assert.equal(week.rows.at(-1)?.weekday, 7); // Sunday
  });

  test('gives the largest company its Zipf share of history', async () => {
    const { share } = await firstRow<{ share: number }>(
      database,
      `SELECT max(n)::float8 / sum(n)::float8 AS share FROM
         (SELECT count(*) AS n FROM booking WHERE status <> 'open' GROUP BY company_id)`,
    );
    assert.ok(Math.abs(share - 1 / 3.5977) < 0.006, `${share}`); // 1 / H(20); 4 × √(0.28 × 0.72 / 100,000) = 0.0057
  });

  test('has log-normal trip distances', async () => {
    const { quartiles } = await firstRow<{ quartiles: number[] }>(
      database,
      `SELECT percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY distance_m) AS quartiles FROM booking`,
    );
    const [low = 0, median = 0, high = 0] = quartiles;
    assert.ok(Math.abs(median / 4_500 - 1) < 0.02, `${median}`);
    // The quartiles of a log-normal lie at equal ratios from its median: e^(0.75 × 0.6745) = 1.658.
    assert.ok(Math.abs(high / median / 1.658 - 1) < 0.02, `${high / median}`);
    assert.ok(Math.abs(median / low / 1.658 - 1) < 0.02, `${median / low}`);
  });

  test('refers only to clients and drivers of the booking’s own company', async () => {
    const strangers = await firstRow(
      database,
      `SELECT count(*)::int AS n FROM booking b
         JOIN client c ON c.id = b.client_id LEFT JOIN driver d ON d.id = b.driver_id
         LEFT JOIN assignment a ON a.booking_id = b.id LEFT JOIN driver ad ON ad.id = a.driver_id
         LEFT JOIN dispatch_run r ON r.id = a.dispatch_run_id
       WHERE c.company_id <> b.company_id OR d.company_id <> b.company_id
          OR ad.company_id <> b.company_id OR r.company_id <> b.company_id`,
    );
    assert.deepEqual(strangers, { n: 0 });
  });

  test('counts in each past run what the assignments say', async () => {
    const wrong = await firstRow(
      database,
      `SELECT count(*)::int AS n FROM dispatch_run r LEFT JOIN
         (SELECT dispatch_run_id AS id, count(*) AS n FROM assignment WHERE status = 'completed' GROUP BY 1) a USING (id)
       WHERE bookings_offered <> assigned_count + unassigned_count OR assigned_count <> coalesce(a.n, 0)`,
    );
    assert.deepEqual(wrong, { n: 0 });
  });

  test('was left without an open transaction', async () => {
    const others = await withAdmin(server, undefined, (admin) =>
      admin.query("SELECT state FROM pg_stat_activity WHERE datname = $1 AND state <> 'idle'", [
        database.name,
      ]),
    );
    assert.deepEqual(others.rows, []);
  });
});
