import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { AdviceRecord } from '../../harness/advice-record.ts';
import { prioritiesTask } from '../../harness/week/tasks/prioritise-indexes.ts';
import { indexValueTask } from '../../harness/week/tasks/weigh-indexes.ts';
import { performanceIndexes } from '../../harness/week/week-migration.ts';
import { IndexValueFact, PriorityFact } from '../../harness/week-record.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';
import { weekContext } from '../support/week-context.ts';

describe('the indexes of the week', () => {
  let own: OwnServer;
  before(async () => {
    own = await startOwnServer(); // the checkpoints of others would change what is written to the WAL
  });
  after(() => own?.remove());

  test('without rounds the priority list is ranked by the planner, and says that it is estimated', async (t) => {
    const context = await weekContext(t, own.server);
    const fact = PriorityFact.parse(await prioritiesTask.run(context));
    assert.deepEqual([fact.verified, fact.folder], [false, null]);
    const [first] = fact.indexes;
    assert.ok(first);
    assert.equal(first.blocksSaved, null);
    // Earlier assignments of a booking are looked up for each of 20 bookings, over the whole history.
    assert.deepEqual([first.table, first.columns[0]], ['assignment', 'booking_id']);
    assert.equal(first.inMigration, 'assignment_booking_created_idx');
    const savings = fact.indexes.map(({ estimatedCostSaved }) => estimatedCostSaved ?? 0);
    assert.deepEqual(
      savings,
      savings.toSorted((a, b) => b - a),
    );
    assert.ok(savings.every((saving) => saving > 0));
    assert.match(
      prioritiesTask.lines(fact)[0] ?? '',
      /by estimated cost, not verified; the migration has \d+/,
    );
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });

  test('with rounds it is verified by replays, and the whole advice lies in the folder of the week', async (t) => {
    const upText = 'CREATE INDEX earlier_idx ON assignment (booking_id, created_at)';
    const migration = { ...(await performanceIndexes()), upText };
    const context = await weekContext(t, own.server, { migration });
    const advice = { dispatches: 1, perRound: 2, rounds: 1, pairs: 0 };
    const fact = PriorityFact.parse(
      await prioritiesTask.run({ ...context, plan: { ...context.plan, advice } }),
    );
    assert.deepEqual([fact.verified, fact.folder], [true, 'advice']);
    const read = (name: string) => readFile(path.join(context.folder, 'advice', name), 'utf8');
    const record = AdviceRecord.parse(JSON.parse(await read('advice.json')));
    assert.deepEqual(
      fact.indexes.map(({ description, blocksSaved }) => [description, blocksSaved]).sort(),
      record.advised.map(({ description, blocksSaved }) => [description, blocksSaved]).sort(),
    );
    assert.ok(fact.indexes.length > 0);
    assert.ok(
      fact.indexes.every(
        ({ blocksAdded, estimatedCostSaved }) => blocksAdded !== null && estimatedCostSaved === null,
      ),
    );
    assert.match(await read('INDEX_ADVICE.md'), /# Index advice/);
    assert.match(await read('migration/add_performance_indexes.up.sql'), /CREATE INDEX CONCURRENTLY/);
    assert.deepEqual(
      record.reference?.indexes.map(({ name }) => name),
      ['earlier_idx'],
    );
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });

  test('each of the ten indexes is weighed once, by what is counted without it', async (t) => {
    const fact = IndexValueFact.parse(await indexValueTask.run(await weekContext(t, own.server)));
    assert.equal(fact.indexes.length, 10);
    const [best] = fact.indexes;
    assert.deepEqual([best?.description, best?.earns], ['assignment (booking_id, created_at)', true]);
    assert.match(best?.verdict ?? '', /^saves [\d,]+ blocks, costs/);
    const unused = fact.indexes.find(({ name }) => name === 'client_company_idx');
    assert.deepEqual([unused?.scans, unused?.earns, unused?.verdict], [0, false, 'never used']);
    const earning = fact.indexes.filter(({ earns }) => earns).length;
    assert.match(indexValueTask.lines(fact)[0] ?? '', new RegExp(`^${earning} of 10 indexes earn`));
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });

  test('a week that is interrupted while indexes are weighed leaves no database', async (t) => {
    const stop = new AbortController();
    const context = await weekContext(t, own.server, {
      signal: stop.signal,
      progress: {
        step: async (title, work) => {
          if (title.startsWith('Leave out')) stop.abort(new Error('stopped'));
          return work(() => {});
        },
        note: () => {},
      },
    });
    await assert.rejects(indexValueTask.run(context), /stopped/);
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });
});
