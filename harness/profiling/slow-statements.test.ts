import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  judgeSlowStatements,
  type MeasuredStatement,
  rankStatements,
  SLOW_DEFINITIONS,
  slowSentence,
} from './slow-statements.ts';

const measured = (statement: string, overrides: Partial<MeasuredStatement> = {}): MeasuredStatement => ({
  statement,
  calls: 10,
  rows: 10,
  totalMs: 1,
  blocks: 20,
  walBytes: 0,
  ...overrides,
});

/** So much time elsewhere that no statement of a test has a share of 10 %. */
const REST = measured('rest', { totalMs: 1_000_000, calls: 1_000_000_000 });

const judge = (...statements: MeasuredStatement[]) =>
  judgeSlowStatements(statements, { dispatches: 5, clock: 'database', thresholdMs: 15 });

const metBy = (overrides: Partial<MeasuredStatement>) =>
  judge(measured('a', overrides), REST).statements.find(({ statement }) => statement === 'a')?.slow;

test('slow is a mean of 20 ms in 100 calls, or of 500 ms in 3, and both bounds count', () => {
  assert.deepEqual(metBy({ calls: 100, totalMs: 2000 }), ['often']); // 2000 ÷ 100 = 20 ms
  assert.deepEqual(metBy({ calls: 99, totalMs: 1980 }), []); // 20 ms, in 99 calls
  assert.deepEqual(metBy({ calls: 100, totalMs: 1999 }), []); // 19.99 ms
  assert.deepEqual(metBy({ calls: 3, totalMs: 1500 }), ['long']); // 1500 ÷ 3 = 500 ms
  assert.deepEqual(metBy({ calls: 2, totalMs: 1000 }), []); // 500 ms, in 2 calls
  assert.deepEqual(metBy({ calls: 100, totalMs: 50_000 }), ['often', 'long']);
});

test('slow is also a tenth of the time of all statements, however short each call is', () => {
  const { statements } = judge(measured('small', { totalMs: 9.9 }), measured('rest', { totalMs: 89.1 }));
  // 9.9 of 99 is a tenth
  assert.deepEqual(
    statements.map(({ statement, slow }) => [statement, slow]),
    [
      ['rest', ['share']],
      ['small', ['share']],
    ],
  );
  const { slow } = judge(measured('small', { totalMs: 9.8 }), measured('rest', { totalMs: 89.2 }));
  assert.equal(slow, 1);
});

test('a figure is per dispatch, a mean per call, blocks per row', () => {
  const [one] = judge(
    measured('a', { calls: 50, rows: 200, totalMs: 100, blocks: 1000, walBytes: 40 }),
  ).statements;
  assert.deepEqual(one, {
    statement: 'a',
    callsPerDispatch: 10, // 50 ÷ 5 dispatches
    rowsPerDispatch: 40,
    meanMs: 2, // 100 ms ÷ 50 calls
    timeShare: 1,
    blocksPerDispatch: 200,
    blocksPerRow: 5, // 1000 ÷ 200
    walBytesPerDispatch: 8,
    slow: ['share'],
  });
});

test('entries of one statement are added up; where one has no figure the sum has none', () => {
  const [one] = judge(measured('a', { calls: 50 }), measured('a', { calls: 60, walBytes: null })).statements;
  assert.deepEqual([one?.callsPerDispatch, one?.walBytesPerDispatch, one?.blocksPerDispatch], [22, null, 8]);
});

test('without any time nothing is slow, and nothing is said of its share', () => {
  const [one] = judge(measured('a', { totalMs: null })).statements;
  assert.deepEqual([one?.meanMs, one?.timeShare, one?.slow], [null, null, []]);
});

test('a ranking holds at most ten, most first, and leaves out what has nothing of it', () => {
  const many = Array.from({ length: 15 }, (_, index) => measured(`s${index}`, { walBytes: index * 100 }));
  const ranked = rankStatements(judge(...many).statements, 'walBytesPerDispatch');
  assert.deepEqual(
    ranked.map(({ statement }) => statement),
    ['s14', 's13', 's12', 's11', 's10', 's9', 's8', 's7', 's6', 's5'],
  );
  assert.equal(rankStatements(judge(measured('reads')).statements, 'walBytesPerDispatch').length, 0);
});

test('the count at the threshold of the user is told beside the fixed definitions', () => {
  // a: 150 ÷ 10 = 15 ms, b: 149 ÷ 10 = 14.9 ms
  const result = judge(measured('a', { totalMs: 150 }), measured('b', { totalMs: 149 }), REST);
  assert.equal(slowSentence(result), '1 statement is slow, of 3; 1 takes 15 ms or more in the mean.');
  assert.deepEqual(result.definitions, SLOW_DEFINITIONS);
});
