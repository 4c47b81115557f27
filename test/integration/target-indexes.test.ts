import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { resolveShape } from '../../seed/profiles.ts';
import { seedDatabase } from '../../seed/seed-database.ts';
import { assignmentPageStatement } from '../../target/assignments/assignment-queries.ts';
import { bookingPageStatement } from '../../target/bookings/booking-queries.ts';
import { migrateUp } from '../../target/migrate.ts';
import type { Statement } from '../../target/page.ts';
import { readQuery } from '../../target/queries/read-query.ts';
import { createTestDatabase, startTestServer, type TestDatabase } from '../support/database.ts';

const DAY_RANGE = [new Date('2026-03-02'), new Date('2026-03-03')];
const RECENT_RANGE = [new Date('2026-02-02'), new Date('2026-03-02')];

/** Index → statements of the service that it is there for, with parameters of company 1 and its first open day. */
const SERVED: Readonly<Record<string, readonly Statement[]>> = {
  assignment_booking_created_idx: [
    statement('SELECT driver_id, status FROM assignment WHERE booking_id = $1 ORDER BY created_at DESC', [9]),
    statement('SELECT driver_id, status FROM assignment WHERE booking_id = ANY($1::bigint[])', [[7, 8, 9]]),
    statement(readQuery('latest-assignments'), [[7, 8, 9]]),
  ],
  booking_status_scheduled_company_idx: [
    statement(readQuery('open-bookings'), [1, ...DAY_RANGE]),
    statement(readQuery('open-bookings-with-clients'), [1, ...DAY_RANGE]),
  ],
  driver_company_available_active_idx: [
    statement(readQuery('available-drivers'), [1]),
    statement(readQuery('available-drivers-with-counts'), [1, ...RECENT_RANGE]),
  ],
  booking_company_scheduled_idx: [bookingPageStatement(1, { day: '2026-03-02', limit: 20 })],
  assignment_run_status_idx: [assignmentPageStatement(1, { runId: 9, status: 'completed', limit: 50 })],
  assignment_driver_created_idx: [
    statement(
      'SELECT count(*) FROM assignment WHERE driver_id = $1 AND created_at >= $2 AND created_at < $3',
      [1, ...RECENT_RANGE],
    ),
  ],
  booking_driver_scheduled_idx: [
    statement(readQuery('trips-of-driver'), [1, ...DAY_RANGE]),
    statement(readQuery('trips-of-drivers'), [[1, 2, 3], ...DAY_RANGE]),
  ],
  booking_client_scheduled_idx: [bookingPageStatement(1, { clientId: 1, limit: 20 })],
  dispatch_run_company_day_idx: [statement(readQuery('start-dispatch-run'), [1, '2026-03-02', 1])],
  client_company_idx: [statement('SELECT FROM ONLY client x WHERE $1 = company_id FOR KEY SHARE OF x', [1])],
};

function statement(text: string, values: readonly unknown[]): Statement {
  return { text, values };
}

describe('the performance indexes', () => {
  let server: PostgresServer;
  let database: TestDatabase;

  before(async () => {
    server = await startTestServer();
    database = await createTestDatabase(server);
    await seedDatabase(database.client, resolveShape('smoke', { history: 20_000, drivers: 40 }));
    await migrateUp(database.client);
  });

  after(async () => {
    await database?.drop();
    await server?.release();
  });

  /** The plan when a scan of the table costs more than it does with so few rows. */
  async function planWithout(others: readonly string[], { text, values }: Statement): Promise<string> {
    const { client } = database;
    await client.query('BEGIN');
    try {
      for (const index of others) await client.query(`DROP INDEX ${index}`);
      await client.query('SET LOCAL enable_seqscan = off');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, [...values]);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    } finally {
      await client.query('ROLLBACK');
    }
  }

  for (const [index, statements] of Object.entries(SERVED)) {
    test(`${index} serves its statements by a condition on its columns`, async () => {
      const others = Object.keys(SERVED).filter((name) => name !== index);
      for (const served of statements) {
        const plan = await planWithout(others, served);
        const [, below = ''] = plan.split(index);
        assert.match(below, /^[^\n]*\n\s*Index Cond: /, `${served.text}\n${plan}`);
      }
    });
  }
});
