import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { indexOn } from '../../../test/support/advice-builders.ts';
import { prioritiesOf } from './index-priorities.ts';

const counted = (blocksSaved: number, blocksAdded: number) => ({
  blocksSaved,
  blocksAdded,
  walBytesAdded: 0,
});
const inMigration = (columns: string[], ...migration: string[][]) =>
  prioritiesOf(
    [{ index: indexOn('booking', ...columns), judgement: null, costSaved: 1 }],
    migration.map((own) => indexOn('booking', ...own)),
  )[0]?.inMigration ?? null;

describe('the priority list of indexes', () => {
  test('verified ones are ordered by what they save on balance, and tell no estimate', () => {
    const wanted = [
      { index: indexOn('client', 'company_id'), judgement: counted(900, 800), costSaved: null }, // 100 on balance
      { index: indexOn('booking', 'day', 'id-'), judgement: counted(200, 10), costSaved: null }, // 190
    ];
    assert.deepEqual(
      prioritiesOf(wanted, []).map(({ description, blocksSaved }) => [description, blocksSaved]),
      [
        ['booking (day, id DESC)', 200],
        ['client (company_id)', 900],
      ],
    );
    assert.deepEqual(prioritiesOf(wanted, [])[0], {
      description: 'booking (day, id DESC)',
      table: 'booking',
      columns: ['day', 'id DESC'],
      blocksSaved: 200,
      blocksAdded: 10,
      estimatedCostSaved: null,
      inMigration: null,
    });
  });

  test('those that were not verified tell the estimate alone, the largest first', () => {
    const wanted = [3, 7].map((costSaved) => ({
      index: indexOn('booking', `c${costSaved}`),
      judgement: null,
      costSaved,
    }));
    const told = prioritiesOf(wanted, []).map((one) => [one.blocksSaved, one.estimatedCostSaved]);
    assert.deepEqual(told, [
      [null, 7],
      [null, 3],
    ]);
  });

  test('an index is in the migration when one there begins with the same columns in the same order', () => {
    assert.equal(inMigration(['day'], ['id'], ['day', 'id']), 'booking_day_id_idx');
    assert.equal(inMigration(['day'], ['day', 'id'], ['day']), 'booking_day_idx');
    assert.equal(inMigration(['id', 'day'], ['day', 'id']), null);
    assert.equal(inMigration(['day', 'id', 'town'], ['day', 'id']), null); // it lacks a column of what is wanted
    assert.equal(inMigration(['day', 'id-'], ['day-', 'id']), 'booking_day-_id_idx'); // read backwards it is the same
  });
});
