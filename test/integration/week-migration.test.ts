import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { missingIndexes } from '../../harness/week/rows/missing-indexes.ts';
import { migrationTask } from '../../harness/week/tasks/check-migration.ts';
import type { WeekMigration } from '../../harness/week/week-migration.ts';
import { performanceIndexes } from '../../harness/week/week-migration.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';
import { weekContext } from '../support/week-context.ts';

type Scratch = Parameters<typeof weekContext>[0];

describe('the migration of the week', () => {
  let own: OwnServer;
  before(async () => {
    own = await startOwnServer();
  });
  after(() => own?.remove());

  /** The migration with one part of it changed, and what the task found out about it. */
  const check = async (t: Scratch, change: (right: WeekMigration) => Partial<WeekMigration> = () => ({})) => {
    const right = await performanceIndexes();
    const context = await weekContext(t, own.server, { migration: { ...right, ...change(right) } });
    const fact = await migrationTask.run(context);
    assert.deepEqual(await leftoverDatabases(own.server), []);
    return fact;
  };

  test('creates its ten indexes, does nothing a second time, and down leaves schema and rows as they were', async (t) => {
    const fact = await check(t);
    assert.deepEqual([fact.before, fact.declared.length, missingIndexes(fact)], [[], 10, []]);
    assert.deepEqual(
      fact.present.find(({ name }) => name === 'booking_status_scheduled_company_idx'),
      {
        name: 'booking_status_scheduled_company_idx',
        table: 'booking',
        columns: ['status', 'scheduled_time', 'company_id'],
        valid: true,
      },
    );
    const { secondUpgrade, afterDowngrade, secondDowngrade, digests } = fact;
    assert.deepEqual([secondUpgrade, afterDowngrade, secondDowngrade], [[], [], []]);
    assert.equal(new Set(Object.values(digests)).size, 1);
    assert.match(
      migrationTask.lines(fact).join('\n'),
      /^10 of 10 indexes present after .+; down leaves the schema as it was; rows unchanged\nup and down again change nothing$/,
    );
  });

  test('one that forgets an index is found out by the catalogue', async (t) => {
    const fact = await check(t, (right) => ({
      up: async (client) => {
        await right.up(client);
        await client.query('DROP INDEX IF EXISTS client_company_idx');
      },
    }));
    assert.deepEqual(missingIndexes(fact), ['client_company_idx is missing.']);
    assert.match(migrationTask.lines(fact)[0] ?? '', /^9 of 10 indexes present/);
  });

  test('a downgrade that leaves an index behind does not leave the schema as it was', async (t) => {
    const fact = await check(t, (right) => ({
      down: async (client) => {
        await right.down(client);
        await client.query('CREATE INDEX IF NOT EXISTS client_company_idx ON client (company_id)');
      },
    }));
    assert.deepEqual(fact.afterDowngrade, ['+ index client_company_idx on client (company_id)']);
    assert.deepEqual([fact.secondUpgrade, fact.secondDowngrade], [[], []]);
    assert.match(
      migrationTask.lines(fact)[0] ?? '',
      /down does not leave the schema as it was: \+ index client_company_idx on client/,
    );
  });

  test('an upgrade that changes rows is told by their digest', async (t) => {
    const fact = await check(t, (right) => ({
      up: async (client) => {
        await right.up(client);
        await client.query('UPDATE booking SET notes = $1 WHERE id = 1', ['migrated']);
      },
    }));
    assert.notEqual(fact.digests.upgraded, fact.digests.before);
    assert.deepEqual([fact.afterDowngrade, missingIndexes(fact)], [[], []]);
    assert.match(migrationTask.lines(fact)[0] ?? '', /rows changed by the upgrade/);
  });

  test('an upgrade that fails the second time is told, and the rest is done all the same', async (t) => {
    const fact = await check(t, (right) => ({
      up: async (client) => {
        await client.query('CREATE INDEX client_again_idx ON client (company_id)');
        await right.up(client);
      },
      down: async (client) => {
        await right.down(client);
        await client.query('DROP INDEX IF EXISTS client_again_idx');
      },
    }));
    assert.deepEqual(fact.secondUpgrade, ['failed: relation "client_again_idx" already exists']);
    assert.deepEqual([fact.afterDowngrade, fact.secondDowngrade], [[], []]);
    assert.match(migrationTask.lines(fact)[1] ?? '', /not safe to repeat: failed: relation/);
  });

  test('a first upgrade that fails leaves every index missing, with the reason', async (t) => {
    const fact = await check(t, () => ({ up: (client) => client.query('CREATE INDEX ON nowhere (id)') }));
    assert.deepEqual([fact.present, missingIndexes(fact).length], [[], 10]);
    assert.equal(fact.secondUpgrade[0], 'first upgrade failed: relation "nowhere" does not exist');
  });

  test('a week that is interrupted leaves no database', async (t) => {
    const stop = new AbortController();
    const right = await performanceIndexes();
    const up: WeekMigration['up'] = async (client) => {
      await right.up(client);
      stop.abort(new Error('stopped'));
    };
    const context = await weekContext(t, own.server, { migration: { ...right, up }, signal: stop.signal });
    await assert.rejects(migrationTask.run(context), /stopped/);
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });
});
