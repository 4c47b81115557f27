import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { transcriptOf } from '../../test/support/transcript-builders.ts';
import { loadStatementParser } from '../capture/statement-identity.ts';
import type { StatementCounters } from '../postgres/statement-stats.ts';
import { appliedTables } from './applied-tables.ts';

const BEGUN = 'INSERT INTO plan (day) VALUES ($1) RETURNING id';
const ENDED = 'UPDATE plan SET state = $1 WHERE id = $2';
const STOP = 'INSERT INTO app.stop (plan_id, trip_id) VALUES ($1, $2)';
const TRIP = "UPDATE trip SET state = 'planned' WHERE id = $1";

function heard(assigned: number, texts: readonly string[], counted: StatementCounters[] | null = null) {
  return { assigned, counted, transcript: transcriptOf(texts.map((text) => ({ text }))) };
}

function counter(text: string, rows: number): StatementCounters {
  return {
    ...{ queryId: text, text, calls: 1, rows, blocksHit: 0, blocksRead: 0, blocksDirtied: 0 },
    ...{ walRecords: 0, walBytes: 0, databaseMs: 0 },
  };
}

describe('the tables that apply writes', () => {
  before(loadStatementParser);

  test('are those that are written for each assignment, not those of the dispatch itself', () => {
    const each = [STOP, TRIP, STOP, TRIP, STOP, TRIP];
    assert.deepEqual(appliedTables(heard(3, [BEGUN, ...each, ENDED])), ['stop', 'trip']);
  });

  test('are seen in one statement for all of them too, by the rows that the server counted', () => {
    const all = 'INSERT INTO stop (plan_id, trip_id) SELECT $1, unnest($2::int[])';
    assert.deepEqual(appliedTables(heard(3, [BEGUN, all, ENDED], [counter(all, 3)])), ['stop']);
  });

  test('are all that were written where none is written so often', () => {
    assert.deepEqual(appliedTables(heard(3, [BEGUN, STOP, 'SELECT 1'])), ['plan', 'stop']);
  });
});
