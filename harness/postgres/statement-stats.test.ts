import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  costByStatement,
  isTransactionControl,
  lossBetween,
  type StatementCounters,
  statementDelta,
  sumCounters,
} from './statement-stats.ts';

const counters = (queryId: string, text: string, calls: number): StatementCounters => ({
  queryId,
  text,
  calls,
  rows: calls * 2,
  blocksHit: calls * 3,
  blocksRead: 0,
  blocksDirtied: 0,
  walRecords: 0,
  walBytes: 0,
  databaseMs: calls / 2,
});
const snapshot = (...statements: StatementCounters[]) => ({
  statements: new Map(statements.map((one) => [one.queryId, one])),
  deallocations: 0,
  resetAt: null,
  fill: null,
});

test('the delta holds what moved and what is new, and nothing else', () => {
  const before = snapshot(counters('1', 'SELECT a', 5), counters('2', 'SELECT b', 7));
  const after = snapshot(
    counters('1', 'SELECT a', 8),
    counters('2', 'SELECT b', 7),
    counters('3', 'COMMIT', 2),
  );
  const delta = statementDelta(before, after);
  assert.deepEqual(
    delta.map((one) => [one.queryId, one.calls, one.rows]),
    [
      ['1', 3, 6],
      ['3', 2, 4],
    ],
  );
  const sums = sumCounters(delta);
  assert.deepEqual([sums.queries, sums.transactionStatements, sums.blocksHit], [5, 2, 15]); // 3 + 2 calls; 9 + 6 blocks
});

test('transaction control is told from words that begin alike', () => {
  for (const text of ['BEGIN', 'commit', '  ROLLBACK', 'START TRANSACTION', 'SAVEPOINT a'])
    assert.ok(isTransactionControl(text), text);
  for (const text of ['SELECT commit FROM x', 'beginning', 'RELEASES', 'END_OF_DAY()'])
    assert.ok(!isTransactionControl(text), text);
});

test('costs of several dispatches add up by statement, the costliest first', () => {
  const cost = costByStatement([
    [counters('1', 'cheap', 1)],
    [counters('2', 'dear', 10), counters('1', 'cheap', 1)],
  ]);
  assert.deepEqual(
    cost.map((one) => [one.text, one.calls]),
    [
      ['dear', 10],
      ['cheap', 2],
    ],
  );
});

test('a difference is void when entries were thrown out, reset or went back, and not otherwise', () => {
  const before = snapshot(counters('1', 'SELECT a', 5));
  const grown = snapshot(counters('1', 'SELECT a', 6), counters('2', 'SELECT b', 1));
  assert.equal(lossBetween(before, grown), null);
  assert.match(lossBetween(before, { ...grown, deallocations: 1 }) ?? '', /threw entries out/);
  assert.match(lossBetween(before, { ...grown, resetAt: '2026-01-01' }) ?? '', /was reset/);
  assert.match(lossBetween(before, snapshot(counters('1', 'SELECT a', 4))) ?? '', /went back/);
  assert.match(lossBetween(before, snapshot(counters('2', 'SELECT b', 1))) ?? '', /went back/);
});

test('a server that does not tell of entries thrown out is trusted only below the fill that throwing out leaves', () => {
  const filled = (entries: number, room: number) => ({
    ...snapshot(counters('1', 'SELECT a', 5)),
    deallocations: null,
    fill: { entries, room },
  });
  // room 1000: 5 % are 50, so throwing out leaves 950; room 100: at least 10, so it leaves 90
  assert.equal(lossBetween(filled(100, 1000), filled(949, 1000)), null);
  assert.match(lossBetween(filled(100, 1000), filled(950, 1000)) ?? '', /does not tell/);
  assert.equal(lossBetween(filled(80, 100), filled(89, 100)), null);
  assert.match(
    lossBetween(filled(80, 100), filled(90, 100)) ?? '',
    /nearly full \(90 entries, room for 100\)/,
  );
});
