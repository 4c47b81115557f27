import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { measurementOf, statementCosts } from '../../test/support/advice-builders.ts';
import { judgeIndex, netSaving } from './judge-index.ts';
import type { Measurement, StatementCosts } from './measurement.ts';

const READ = 'SELECT * FROM trip WHERE town_id = $';
const OTHER = 'SELECT * FROM trip WHERE status = $';
const WRITE = 'INSERT INTO trip VALUES ($)';
const INDEX = { name: 'i', table: 'public.trip', bytes: 100, buildMs: 1, tableBytes: 1_000 };

const scanned = (statements: StatementCosts[], rest: Partial<Measurement> = {}) =>
  measurementOf(statements, { indexScans: new Map([['i', 5]]), ...rest });
const judge = (without: Measurement, withIndex: Measurement, initial = without) =>
  judgeIndex(INDEX, { initial, without, withIndex, stable: new Set([0]) });
const read = (blocks: number) => statementCosts({ statement: READ, blocks });
const other = (blocks: number, rows = 1) => statementCosts({ statement: OTHER, blocks, rows });
const write = (blocks: number, walBytes = 0) => statementCosts({ statement: WRITE, blocks, walBytes });

describe('whether an index pays', () => {
  test('it does when reads save 1.5 times what writes cost, WAL counted as the blocks it fills', () => {
    // saves 90; costs 30 blocks and 24 more (196,608 ÷ 8,192) = 54; 1.5 × 54 = 81
    const judgement = judge(measurementOf([read(100), write(10)]), scanned([read(10), write(40, 196_608)]));
    assert.deepEqual(judgement.failures, []);
    assert.equal(judgement.blocksSaved, 90);
    assert.equal(judgement.blocksAdded, 30);
    assert.equal(netSaving(judgement), 90 - 30 - 24);
  });

  test('writes that cost more than that refuse it, with the numbers', () => {
    const { failures } = judge(measurementOf([read(100), write(10)]), scanned([read(10), write(71)]));
    assert.deepEqual(failures, [
      'it saves 90 blocks and costs 61 blocks and 0 B of WAL, expected a saving of 1.5 × the cost',
    ]); // 1.5 × 61 = 91.5
  });

  test('one that nothing scans is refused', () => {
    const { failures } = judge(measurementOf([read(100)]), measurementOf([read(100)]));
    assert.deepEqual(failures, [
      'no statement of the workload used it',
      'no statement needs fewer blocks with it',
    ]);
  });

  test('some statement must need a fifth less', () => {
    const { failures } = judge(measurementOf([read(100)]), scanned([read(81)]));
    assert.deepEqual(failures, ['the statement it helps most needs 19 % fewer blocks, expected 20 %']);
    assert.deepEqual(judge(measurementOf([read(100)]), scanned([read(80)])).failures, []);
  });

  test('a read that is over 10 % worse than at first refuses it, whatever it saves elsewhere', () => {
    const before = measurementOf([read(10_000), other(50)]);
    assert.deepEqual(judge(before, scanned([read(10), other(60)])).failures, [
      'in dispatch, SELECT * FROM trip WHERE status = $ needs 60 blocks instead of 50',
    ]);
    assert.equal(judge(before, scanned([read(10), other(55)])).accepted, true);
  });

  test('a read that an earlier index had helped more is no worse than at first', () => {
    const initial = measurementOf([read(10_000), other(500)]);
    const without = measurementOf([read(10_000), other(50)]);
    assert.equal(judge(without, scanned([read(10), other(60)]), initial).accepted, true);
  });

  test('a block more a row and a call is what updates leave behind, and let pass', () => {
    const before = measurementOf([read(1_000), other(30, 9)]);
    assert.equal(judge(before, scanned([read(10), other(40, 9)])).accepted, true); // 10 more: 9 rows, 1 call
    assert.equal(judge(before, scanned([read(10), other(41, 9)])).accepted, false);
  });

  test('other rows refuse it, where equal replays agree', () => {
    const gave = (...outcomes: string[]) => ({ outcomes });
    const before = measurementOf([read(100)], gave('1 aa', '1 10:00'));
    assert.equal(judge(before, scanned([read(10)], gave('1 aa', '1 10:01'))).accepted, true);
    assert.deepEqual(judge(before, scanned([read(10)], gave('0 null', '1 10:00'))).failures, [
      '1 statements gave other rows with it',
    ]);
  });

  test('one that is larger than its table is refused', () => {
    const large = judgeIndex(
      { ...INDEX, bytes: 1_001 },
      {
        initial: measurementOf([read(100)]),
        without: measurementOf([read(100)]),
        withIndex: scanned([read(10)]),
        stable: new Set(),
      },
    );
    assert.deepEqual(large.failures, ['it is larger than its table: 1.00 kB against 1.00 kB']);
  });

  test('heap-only updates are told as they were without it and with it', () => {
    const updates = (hotUpdates: number) => ({
      updates: [{ table: 'public.trip', updates: 10, hotUpdates }],
    });
    const { hotUpdates } = judge(measurementOf([read(100)], updates(9)), scanned([read(10)], updates(0)));
    assert.deepEqual(hotUpdates, { updates: 10, without: 9, with: 0 });
  });
});
