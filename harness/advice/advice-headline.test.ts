import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AdviceRecord, AdvisedStatement } from '../advice-record.ts';
import { adviceHeadline, harmSentence } from './advice-headline.ts';

const statement = (writes: boolean, blocksBefore: number, blocksAfter: number): AdvisedStatement => ({
  ...{
    unit: 'dispatch',
    statement: writes ? 'INSERT' : 'SELECT',
    calls: 1,
    writes,
    blocksBefore,
    blocksAfter,
  },
  ...{ walBytesBefore: 0, walBytesAfter: 0 },
});
const UNIT = {
  ...{
    unit: 'dispatch',
    times: 2,
    statements: 5,
    blocksBefore: 1_000,
    blocksAfter: 100,
    blocksReference: null,
  },
  ...{ walBytesBefore: 0, walBytesAfter: 0, walBytesReference: null, time: null },
};
const record = (parts: Partial<AdviceRecord>) =>
  ({
    units: [UNIT],
    advised: [{}],
    harmed: [],
    statements: [],
    slower: [],
    reference: null,
    ...parts,
  }) as AdviceRecord;

describe('an advice in a line', () => {
  test('it says what the indexes do to the main piece of work, with the numbers', () => {
    assert.equal(
      adviceHeadline(record({})),
      '1 index: a dispatch needs 100 blocks instead of 1,000 (10× fewer).',
    );
  });

  test('a time is told only with an interval', () => {
    const time = { pairs: 6, ratio: 0.5, low: 0.4, high: 0.6, beforeMs: 2, afterMs: 1 };
    const timed = adviceHeadline(record({ units: [{ ...UNIT, time }] }));
    assert.match(timed, /; its statements 2\.0× faster \(6 pairs, 95 % interval 1\.7× to 2\.5× faster\)\.$/);
    const few = { ...time, low: null, high: null };
    assert.equal(adviceHeadline(record({ units: [{ ...UNIT, time: few }] })), adviceHeadline(record({})));
  });

  test('without an index that pays it says so', () => {
    assert.match(adviceHeadline(record({ advised: [] })), /^No index pays: a dispatch needs 1,000 blocks/);
  });

  test('reads that need a block a row more are told apart from those that are harmed, and from upkeep', () => {
    const small = statement(false, 3, 4);
    const harmed = statement(false, 100, 200);
    assert.equal(harmSentence(record({})), 'No statement that only reads needs over 10 % more blocks.');
    assert.equal(
      harmSentence(record({ statements: [small] })),
      'No statement that only reads needs over 10 % more blocks beyond old row versions. ' +
        'By a block a row and a call at the most, for old versions of rows until VACUUM: 1 statement.',
    );
    assert.match(
      harmSentence(record({ statements: [small, harmed], harmed: [harmed] })),
      /^Statements that only read and need over 10 % more blocks: 1\. By a block a row .+: 1 statement\.$/,
    );
    assert.match(
      harmSentence(record({ statements: [statement(true, 10, 15)] })),
      /Upkeep: 5 blocks more in 1 writing statement\.$/,
    );
  });
});
