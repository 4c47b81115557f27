import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type SaidStatement, transcriptOf } from '../../../test/support/transcript-builders.ts';
import { loadStatementParser } from '../../capture/statement-identity.ts';
import { applyOf, applyWalBytes } from './apply-phase.ts';

const LOAD: readonly SaidStatement[] = [
  { text: 'SELECT pg_try_advisory_lock($1, $2)' },
  { text: 'INSERT INTO dispatch_run (company_id) VALUES ($1) RETURNING id', rows: 1 },
  { text: 'SELECT id FROM booking WHERE company_id = $1', rows: 100 },
];
const FINISH: readonly SaidStatement[] = [
  { text: "UPDATE dispatch_run SET status = 'completed' WHERE id = $1", rows: 1 },
  { text: 'SELECT pg_advisory_unlock($1, $2)' },
];

const OPEN = { transactionBefore: 'open', transactionAfter: 'open' } as const;
const BEGIN = { text: 'BEGIN', transactionAfter: 'open' } as const;
const CLAIM = { text: "UPDATE booking SET status = 'assigned' WHERE id = $1", rows: 1, ...OPEN };
const INSERT = { text: 'INSERT INTO assignment (booking_id) VALUES ($1)', rows: 1, ...OPEN };
const END = { transactionBefore: 'open', transactionAfter: 'idle' } as const;

const ONE: readonly SaidStatement[] = [BEGIN, CLAIM, INSERT, { text: 'COMMIT', ...END }];

const BULK: SaidStatement = {
  text: `WITH planned AS (SELECT * FROM unnest($1)), claimed AS (UPDATE booking b SET status = 'assigned'
         FROM unnest($1) RETURNING b.id) INSERT INTO assignment (booking_id) SELECT id FROM claimed`,
  command: 'INSERT',
  rows: 100,
};

const TABLES = ['booking', 'assignment'];

const apply = (...said: readonly SaidStatement[]) =>
  applyOf(transcriptOf([...LOAD, ...said, ...FINISH]), TABLES);

describe('apply in a transcript', () => {
  before(loadStatementParser);

  test('row by row it is four statements and a commit for each assignment', () => {
    const rows = Array.from({ length: 100 }, () => ONE).flat();
    // BEGIN, UPDATE, INSERT, COMMIT: 4 × 100; the 5 statements around them are not of it
    assert.deepEqual(apply(...rows), { statements: 400, roundTrips: 400, commits: 100 });
  });

  test('in bulk it is one statement that commits itself', () => {
    assert.deepEqual(apply(BULK), { statements: 1, roundTrips: 1, commits: 1 });
  });

  test('all assignments in one transaction are one commit', () => {
    const said = [BEGIN, CLAIM, INSERT, CLAIM, INSERT, { text: 'COMMIT', ...END }];
    // BEGIN + 2 × (UPDATE, INSERT) + COMMIT
    assert.deepEqual(apply(...said), { statements: 6, roundTrips: 6, commits: 1 });
  });

  test('a booking that was taken meanwhile is rolled back: its statements count, and no commit', () => {
    const taken = [BEGIN, { ...CLAIM, rows: 0 }, { text: 'ROLLBACK', ...END }];
    assert.deepEqual(apply(...ONE, ...taken), { statements: 7, roundTrips: 7, commits: 1 });
  });

  test('a dispatch that writes nothing has no apply', () => {
    assert.deepEqual(apply(), { statements: 0, roundTrips: 0, commits: 0 });
  });

  test('its WAL is that of the statements that write bookings or assignments', () => {
    const counted = (text: string, walBytes: number) => ({
      ...{ queryId: text, text, calls: 1, rows: 1, blocksHit: 0, blocksRead: 0, blocksDirtied: 0 },
      ...{ walRecords: 1, walBytes, databaseMs: 1 },
    });
    const bytes = applyWalBytes(
      [
        counted(CLAIM.text, 300),
        counted(INSERT.text, 200),
        counted('UPDATE dispatch_run SET status = $2 WHERE id = $1', 90),
        counted('SELECT id FROM booking', 7),
      ],
      TABLES,
    );
    assert.equal(bytes, 500); // 300 + 200
  });
});
