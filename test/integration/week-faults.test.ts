import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import type pg from 'pg';
import { PROJECT_ROOT } from '../../harness/machine/environment.ts';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { referenceTarget } from '../../harness/targets/reference-target.ts';
import { doWeek } from '../../harness/week/do-week.ts';
import { planWeek } from '../../harness/week/plan-week.ts';
import { weekRows } from '../../harness/week/rows/week-rows.ts';
import { migrationTask } from '../../harness/week/tasks/check-migration.ts';
import type { WeekContext } from '../../harness/week/tasks/week-task.ts';
import { performanceIndexes, type WeekMigration } from '../../harness/week/week-migration.ts';
import { NO_FACTS, type WeekDay, type WeekPlan, type WeekRecord } from '../../harness/week-record.ts';
import { resolveShape } from '../../seed/profiles.ts';
import { startTestServer } from '../support/database.ts';
import { weekContext } from '../support/week-context.ts';

/** One day of a small week. 7 pairs are the fewest that give two gate metrics an interval: 2^-6 is below 5 % ÷ 2. */
function smallPlan(day: WeekDay, pairs: 1 | 7): WeekPlan {
  const plan = planWeek({
    mode: 'quick',
    days: [day],
    shape: resolveShape('smoke', { bookings: 60, drivers: 20 }),
    randomSeed: 1,
    generators: [],
  });
  return { ...plan, ladder: { ...plan.ladder, pairs, dispatches: 1 } };
}

/** Rows of one outcome, but for those that tell how fast something is: a busy machine could answer otherwise. */
function rowsThat(
  week: WeekRecord,
  outcome: 'pass' | 'fail' | 'open',
  day: WeekDay,
  but: string[] = [],
): string[] {
  return week.rows
    .filter((row) => row.day === day && row.outcome === outcome && !but.includes(row.id))
    .map(({ id }) => id);
}

describe('in a week with one thing broken, its row fails and no other', () => {
  let server: PostgresServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.release());

  async function weekOf(
    t: TestContext,
    day: WeekDay,
    broken: Partial<WeekContext> = {},
    pairs: 1 | 7 = 1,
  ): Promise<WeekRecord> {
    const context = await weekContext(t, server, { plan: smallPlan(day, pairs), ...broken });
    const { week, failure } = await doWeek(context, { id: 'a week', folder: context.folder });
    assert.equal(failure, null);
    return week;
  }

  async function migrationThat(breaks: Partial<WeekMigration>): Promise<WeekMigration> {
    return { ...(await performanceIndexes()), ...breaks };
  }

  test('an index that is missing after the upgrade', async (t) => {
    const whole = await performanceIndexes();
    const migration = await migrationThat({
      up: async (client: pg.Client) => {
        await whole.up(client);
        await client.query('DROP INDEX IF EXISTS booking_client_scheduled_idx');
      },
    });
    const week = await weekOf(t, 2, { migration });
    assert.deepEqual(rowsThat(week, 'fail', 2, ['day2.benchmark']), ['day2.presence']);
    const row = week.rows.find(({ id }) => id === 'day2.presence');
    assert.match(`${row?.measured}; ${row?.reason}`, /9 of 10 .*booking_client_scheduled_idx is missing/);
  });

  test('a downgrade that leaves something behind', async (t) => {
    const whole = await performanceIndexes();
    const migration = await migrationThat({
      down: async (client: pg.Client) => {
        await whole.down(client);
        await client.query('CREATE INDEX IF NOT EXISTS left_behind_idx ON booking (notes)');
      },
    });
    const context = await weekContext(t, server, { migration });
    const facts = { ...NO_FACTS, migration: await migrationTask.run(context) };
    const failed = weekRows(facts, null, context.plan).filter(({ outcome }) => outcome === 'fail');
    assert.deepEqual(
      failed.map(({ id }) => id),
      ['day2.downgrade'],
    );
    assert.match(failed[0]?.reason ?? '', /left_behind_idx/);
  });

  const entry = (fault: string) => [
    path.join(PROJECT_ROOT, 'test', 'fixtures', 'planted', 'faulty-apply-service.ts'),
    fault,
  ];

  test('a variant that writes a wrong assignment, and what depends on its time stays open', async (t) => {
    const entries = new Map([['indexes+bulk-apply', entry('wrong-driver')]]);
    const week = await weekOf(t, 3, { target: referenceTarget(entries) });
    assert.deepEqual(rowsThat(week, 'fail', 3), ['day3.equal']);
    assert.deepEqual(rowsThat(week, 'open', 3), ['day3.time']);
  });

  test('an apply that is slow again', async (t) => {
    const entries = new Map([['indexes+bulk-apply', entry('row-by-row')]]);
    const week = await weekOf(t, 3, { target: referenceTarget(entries) }, 7);
    // Half the statements and one commit are fewer, but a tenth of the time they are not.
    assert.deepEqual(rowsThat(week, 'fail', 3), ['day3.time']);
  });
});
