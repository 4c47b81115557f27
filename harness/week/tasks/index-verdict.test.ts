import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { catalogueIndex, measurementOf, statementCosts } from '../../../test/support/advice-builders.ts';
import { judgeExisting } from '../../advice/judge-existing.ts';
import { judgeIndex } from '../../advice/judge-index.ts';
import { indexVerdict } from './index-verdict.ts';

const INDEX = catalogueIndex('booking', ['day']);

/** What is said of an index with which a read needs other blocks than without, and a write 3 blocks and 500 bytes more. */
function verdict(
  read: { without: number; with: number },
  scans = 1,
  neighbours = [INDEX],
  write = { blocks: 3, walBytes: 500 },
): string {
  const measured = (readBlocks: number, writeBlocks: number, walBytes: number) =>
    measurementOf(
      [
        statementCosts({ statement: 'SELECT FROM booking WHERE day = $', blocks: readBlocks }),
        statementCosts({ statement: 'INSERT INTO booking VALUES ($)', blocks: writeBlocks, walBytes }),
      ],
      { indexScans: new Map(scans > 0 ? [[INDEX.name, scans]] : []) },
    );
  const without = measured(read.without, 10, 1_000);
  const withIndex = measured(read.with, 10 + write.blocks, 1_000 + write.walBytes);
  const facts = { name: INDEX.name, table: 'public.booking', bytes: 1, buildMs: null, tableBytes: 2 };
  const judgement = judgeIndex(facts, { initial: withIndex, without, withIndex, stable: new Set() });
  return indexVerdict({ judgement, verdict: judgeExisting(INDEX, judgement, neighbours) });
}

describe('what is said of an index', () => {
  test('one that earns its place tells what it saves and costs', () => {
    assert.equal(verdict({ without: 1_500, with: 6 }), 'saves 1,494 blocks, costs 3 blocks and 500 B of WAL');
  });

  test('one that nothing used tells what its upkeep is', () => {
    assert.equal(verdict({ without: 6, with: 6 }, 0), 'never used, costs 3 blocks and 500 B of WAL');
  });

  test('a byte of WAL is no upkeep: no record is that small', () => {
    const unused = (walBytes: number) =>
      verdict({ without: 6, with: 6 }, 0, [INDEX], { blocks: 0, walBytes });
    assert.equal(unused(1), 'never used');
    assert.equal(unused(24), 'never used, costs 24 B of WAL');
  });

  test('one that saves less than it costs says so with both numbers', () => {
    assert.equal(verdict({ without: 8, with: 6 }), 'saves less than it costs: 2 against 3 blocks');
  });

  test('one that saves a little more than it costs tells which rule it fails', () => {
    // 4 blocks are less than 1.5 × (3 blocks and 500 bytes)
    assert.match(verdict({ without: 10, with: 6 }), /^does not pay: it saves 4 blocks and costs 3 blocks/);
  });

  test('one that another index serves for names the other', () => {
    const longer = catalogueIndex('booking', ['day', 'town']);
    assert.equal(
      verdict({ without: 1_500, with: 6 }, 1, [INDEX, longer]),
      'booking_day_town_idx serves as well',
    );
  });
});
