import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { inTurn, statementOf } from '../../test/support/captured-statements.ts';
import { loadStatementParser } from './statement-identity.ts';
import type { CapturedStatement, Transcript } from './transcript.ts';
import { waitOf } from './waiting.ts';

const inTransaction = { transactionBefore: 'open', transactionAfter: 'open' } as const;
const begin = statementOf('BEGIN', { rows: null, transactionAfter: 'open' });
const commit = statementOf('COMMIT', { rows: null, transactionBefore: 'open' });
const rollback = statementOf('ROLLBACK', { rows: null, transactionBefore: 'open' });
const failed = { command: null, rows: null, sqlState: '23505' } as const;

describe('waiting for the database', () => {
  before(loadStatementParser);

  test('counts sessions that wait side by side once', () => {
    const exchanges = [
      { session: 1, startedMs: 0, endedMs: 10 },
      { session: 2, startedMs: 2, endedMs: 4 }, // within the first
      { session: 3, startedMs: 8, endedMs: 15 }, // 5 ms more
      { session: 1, startedMs: 20, endedMs: 21 },
    ];
    const statements = exchanges.map((exchange, place) =>
      statementOf('SELECT 1', { ...exchange, exchange: place }),
    );
    const { waitMs, roundTrips, uses } = waitOf({ exchanges, statements, blindSpots: [] });
    assert.equal(waitMs, 10 + 5 + 1);
    assert.equal(roundTrips, 4);
    assert.equal(uses[0]?.waitMs, 10 + 2 + 7 + 1); // each session's own
  });

  test('gives each statement of an exchange its part: from the end of the one before, the last one to the end of all', () => {
    const exchanges = [{ session: 1, startedMs: 0, endedMs: 10 }];
    const statements = [
      statementOf('SELECT 1 FROM a', { startedMs: 0, endedMs: 3 }),
      statementOf('UPDATE b SET c = 1', { startedMs: 1, endedMs: 7 }),
    ];
    const { uses, roundTrips, otherWaitMs } = waitOf({ exchanges, statements, blindSpots: [] });
    assert.deepEqual(
      uses.map(({ statement, waitMs }) => [statement, waitMs]),
      [
        ['UPDATE b SET c = $', 7], // 3 to 7, and the commit up to 10
        ['SELECT $ FROM a', 3],
      ],
    );
    assert.deepEqual([roundTrips, otherWaitMs], [1, 0]);
  });

  test('takes batches that a client sends without waiting for one round trip, and no time for two', () => {
    const exchanges = [
      { session: 1, startedMs: 0, endedMs: 4 },
      { session: 1, startedMs: 1, endedMs: 6 },
    ];
    const statements = exchanges.map((exchange, place) =>
      statementOf('SELECT 1', { ...exchange, exchange: place }),
    );
    const { roundTrips, uses, waitMs } = waitOf({ exchanges, statements, blindSpots: [] });
    assert.deepEqual([roundTrips, uses[0]?.waitMs, waitMs], [1, 6, 6]);
  });

  test('gives a statement whose rows were fetched in parts the waits for all of them', () => {
    const exchanges = [
      { session: 1, startedMs: 0, endedMs: 2 },
      { session: 1, startedMs: 3, endedMs: 4 },
      { session: 1, startedMs: 7, endedMs: 9 },
    ];
    const statements = [statementOf('SELECT 1', { exchange: 2, startedMs: 0, endedMs: 9 })];
    const { roundTrips, uses } = waitOf({ exchanges, statements, blindSpots: [] });
    assert.deepEqual([roundTrips, uses[0]?.calls, uses[0]?.waitMs], [3, 1, 2 + 1 + 2]);
  });

  test('names what was waited for and no statement accounts for: preparing, failing', () => {
    const transcript = inTurn(statementOf('SELECT 1'), statementOf('SELECT 1/0', failed));
    const exchanges = [...transcript.exchanges, { session: 1, startedMs: 10, endedMs: 14 }];
    const { otherWaitMs, statements, failures, roundTrips } = waitOf({ ...transcript, exchanges });
    assert.deepEqual([otherWaitMs, statements, failures, roundTrips], [1 + 4, 1, 1, 3]);
  });

  test('folds calls with lists of any length into one use, and counts the different values', () => {
    const byIds = (...ids: string[]) =>
      statementOf(`SELECT b FROM t WHERE a IN (${ids.map((_, place) => `$${place + 1}`)})`, {
        parameters: ids,
        rows: ids.length,
      });
    const { uses } = waitOf(
      inTurn(
        byIds('1'),
        byIds('1', '2'),
        byIds('1', '2'),
        statementOf('select b from t where a in (3, 4)', { rows: 2 }),
        statementOf('select b from t where a in (3, 5)', { rows: 2 }),
        statementOf('SELECT $1::bytea', { parameters: [{ binary: Uint8Array.from([1]) }] }),
        statementOf('SELECT $1::bytea', { parameters: [{ binary: Uint8Array.from([2]) }] }),
        statementOf('SELECT $1::bytea', { parameters: [{ binary: Uint8Array.from([2]) }] }),
        statementOf('SELECT $1::bytea', { parameters: [null] }),
      ),
    );
    assert.deepEqual(uses, [
      {
        statement: 'SELECT b FROM t WHERE a IN ($, ...)',
        calls: 5,
        rows: 1 + 2 + 2 + 2 + 2,
        distinctParameters: 4,
        waitMs: 5,
      },
      { statement: 'SELECT $::bytea', calls: 4, rows: 4, distinctParameters: 3, waitMs: 4 },
    ]);
  });

  test('keeps transaction control apart', () => {
    const { uses, transactionControl } = waitOf(
      inTurn(begin, statementOf('SELECT 1', inTransaction), commit),
    );
    assert.deepEqual(
      uses.map(({ statement }) => statement),
      ['SELECT $'],
    );
    assert.deepEqual(
      transactionControl.map(({ statement }) => statement),
      ['BEGIN', 'COMMIT'],
    );
  });
});

describe('commits that wrote', () => {
  before(loadStatementParser);

  const insert = statementOf('INSERT INTO t VALUES ($1)');
  const insertInTransaction = { ...insert, ...inTransaction };
  const inOneExchange = (...statements: readonly CapturedStatement[]): Transcript => ({
    ...inTurn(...statements),
    exchanges: [{ session: 1, startedMs: 0, endedMs: 9 }],
    statements,
  });
  const rows: readonly (readonly [commits: number, what: string, transcript: Transcript])[] = [
    [1, 'a transaction that wrote', inTurn(begin, insertInTransaction, insertInTransaction, commit)],
    [0, 'a transaction that only read', inTurn(begin, statementOf('SELECT 1', inTransaction), commit)],
    [0, 'a transaction that was rolled back', inTurn(begin, insertInTransaction, rollback)],
    [
      1,
      'two transactions, the first rolled back',
      inTurn(begin, insertInTransaction, rollback, begin, insertInTransaction, commit),
    ],
    [2, 'two writes outside of a transaction', inTurn(insert, insert)],
    [0, 'reads outside of a transaction', inTurn(statementOf('SELECT 1 FROM t FOR UPDATE'))],
    [0, 'an update that found no row', inTurn(statementOf('UPDATE t SET a = 1', { rows: 0 }))],
    [0, 'a write that failed', inTurn({ ...insert, ...failed })],
    [0, 'a COMMIT that failed', inTurn(begin, insertInTransaction, { ...commit, ...failed })],
    [
      1,
      'a write in a common table expression',
      inTurn(statementOf('WITH x AS (DELETE FROM t RETURNING a) SELECT a FROM x', { command: 'SELECT' })),
    ],
    [
      1,
      'COPY in, and none out',
      inTurn(
        statementOf('COPY t (a) FROM STDIN'),
        statementOf('COPY t TO STDOUT'),
        statementOf('COPY (SELECT a FROM t) TO STDOUT'),
      ),
    ],
    [
      1,
      'a changed schema',
      inTurn(statementOf('CREATE INDEX ON t (a)', { command: 'CREATE INDEX', rows: null })),
    ],
    [
      1,
      'a batch in one message, which is one transaction',
      inOneExchange(insert, insert, statementOf('SELECT 1')),
    ],
    [0, 'a batch of which a part failed', inOneExchange(insert, { ...insert, ...failed })],
    [
      2,
      'sessions that take turns',
      inTurn(
        begin,
        { ...begin, session: 2 },
        insertInTransaction,
        { ...insertInTransaction, session: 2 },
        commit,
        { ...commit, session: 2 },
      ),
    ],
  ];
  for (const [commits, what, transcript] of rows) {
    test(`are ${commits} in ${what}`, () => assert.equal(waitOf(transcript).commits, commits));
  }
});
