import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { indexOn } from '../../test/support/advice-builders.ts';
import { loadStatementParser } from '../capture/statement-identity.ts';
import type { JudgedChoice } from './choose-indexes.ts';
import type { IndexDefinition } from './index-definition.ts';
import { indexesOfMigration } from './reference-set.ts';
import { writeMigration } from './write-migration.ts';

const earning = (index: IndexDefinition, unit = 'dispatch'): JudgedChoice<IndexDefinition> => ({
  index,
  beside: [],
  judgement: {
    accepted: true,
    failures: [],
    scans: 7,
    blocksSaved: 1_234,
    blocksAdded: 5,
    walBytesAdded: 2_000,
    units: [{ unit, blocks: 1_229, walBytes: 0 }],
    best: null,
    worst: null,
    hotUpdates: { updates: 0, without: 0, with: 0 },
    bytes: 16_384,
    buildMs: 12,
  },
});
const INDEXES = [
  indexOn('trip', 'town_id', 'day-'),
  { ...indexOn('Fleet "Car"', 'townId'), schema: 'My Schema' },
];
const statements = (sql: string) => sql.split('\n').filter((line) => line !== '' && !line.startsWith('--'));

describe('the migration of an advice', () => {
  before(loadStatementParser);

  test('creates concurrently what is not there, takes it back in the opposite order, and quotes names', () => {
    const { up, down } = writeMigration(
      INDEXES.map((index) => earning(index)),
      'Advice',
    );
    assert.deepEqual(statements(up), [
      'CREATE INDEX CONCURRENTLY IF NOT EXISTS "trip_town_id_day-_idx" ON "public"."trip" ("town_id", "day" DESC);',
      'CREATE INDEX CONCURRENTLY IF NOT EXISTS "Fleet ""Car""_townId_idx" ON "My Schema"."Fleet ""Car""" ("townId");',
    ]);
    assert.deepEqual(statements(down), [
      'DROP INDEX CONCURRENTLY IF EXISTS "My Schema"."Fleet ""Car""_townId_idx";',
      'DROP INDEX CONCURRENTLY IF EXISTS "public"."trip_town_id_day-_idx";',
    ]);
  });

  test('says beside each index what it was counted to earn', () => {
    const { up } = writeMigration([earning(INDEXES[0] as IndexDefinition)], 'Advice');
    assert.match(up, /-- trip \(town_id, day DESC\): saves 1,234 blocks, costs 5 blocks and 2\.00 kB of WAL/);
    assert.match(up, /-- Scanned 7 times; 16\.4 kB, built in 12\.0 ms\./);
  });

  test('a line break in a name does not end a comment', () => {
    const { up } = writeMigration(
      [earning(INDEXES[0] as IndexDefinition, 'GET /\nDROP TABLE trip;')],
      'A\nB',
    );
    assert.equal(statements(up).length, 1);
  });

  test('without an index to create both files do nothing', () => {
    const { up, down } = writeMigration([], 'Advice');
    assert.deepEqual([statements(up), statements(down)], [[], []]);
  });

  test('what was written is read again as the indexes it creates', () => {
    const { up } = writeMigration(
      INDEXES.map((index) => earning(index)),
      'Advice',
    );
    assert.deepEqual(indexesOfMigration(up, 'public'), INDEXES);
  });

  test('indexes that are more than columns are not read', () => {
    const text = `CREATE UNIQUE INDEX a ON t (x); CREATE INDEX b ON t (lower(x)); CREATE INDEX c ON t (x) WHERE y;
      CREATE INDEX d ON t (x, y DESC); DROP INDEX e;`;
    assert.deepEqual(indexesOfMigration(text, 's'), [
      {
        schema: 's',
        table: 't',
        name: 'd',
        keys: [
          { column: 'x', descending: false },
          { column: 'y', descending: true },
        ],
      },
    ]);
  });
});
