import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { catalogueIndex, catalogueOf, catalogueTable } from '../../test/support/advice-builders.ts';
import { loadStatementParser } from '../capture/statement-identity.ts';
import { buildCandidates } from './candidates.ts';
import type { Catalogue } from './catalogue.ts';
import { columnUsesOf } from './column-uses.ts';
import { describeIndex } from './index-definition.ts';

const TRIP = catalogueTable('trip', { id: 10_000, town_id: 40, status: 4, day: 300 });

const build = (text: string, catalogue: Catalogue) =>
  buildCandidates(columnUsesOf(text, catalogue), catalogue);
const namesOf = (text: string, catalogue = catalogueOf([TRIP])) =>
  build(text, catalogue).candidates.map((one) => describeIndex(one).replace('trip ', ''));

describe('index candidates', () => {
  before(loadStatementParser);

  test('equality comes first, in both orders, then the range; three columns at most', () => {
    assert.deepEqual(
      namesOf('SELECT 1 FROM trip WHERE town_id = $1 AND status = $2 AND day >= $3 AND day < $4').sort(),
      [
        '(day)',
        '(status)',
        '(status, day)',
        '(status, town_id)',
        '(status, town_id, day)',
        '(town_id)',
        '(town_id, day)',
        '(town_id, status)',
        '(town_id, status, day)',
      ],
    );
  });

  test('an order follows equality; one that only runs backwards needs no backward index', () => {
    assert.deepEqual(namesOf('SELECT 1 FROM trip WHERE town_id = $1 ORDER BY day DESC, id DESC LIMIT 5'), [
      '(day, id)',
      '(town_id)',
      '(town_id, day, id)',
    ]);
    assert.ok(namesOf('SELECT 1 FROM trip ORDER BY day DESC, id').includes('(day DESC, id)'));
  });

  test('the beginning of an index that is there is no candidate, whichever way it is read', () => {
    const indexes = [catalogueIndex('trip', ['town_id-', 'day-'])];
    assert.deepEqual(
      namesOf('SELECT 1 FROM trip WHERE town_id = $1 AND day < $2', catalogueOf([TRIP], { indexes })),
      ['(day)'],
    );
  });

  test('partial, invalid and hash indexes cover nothing', () => {
    for (const kind of [{ predicate: 'paid' }, { valid: false }, { method: 'hash' }]) {
      const indexes = [catalogueIndex('trip', ['town_id'], kind)];
      assert.deepEqual(namesOf('SELECT 1 FROM trip WHERE town_id = $1', catalogueOf([TRIP], { indexes })), [
        '(town_id)',
      ]);
    }
  });

  test('what a key finds already needs nothing', () => {
    const indexes = [catalogueIndex('trip', ['id'], { unique: true, required: true })];
    const catalogue = catalogueOf([TRIP], { indexes });
    assert.deepEqual(namesOf('SELECT 1 FROM trip WHERE id = $1 AND status = $2', catalogue), []);
    assert.deepEqual(namesOf('SELECT 1 FROM trip WHERE id > $1 AND status = $2', catalogue), [
      '(status)',
      '(status, id)',
    ]);
  });

  test('a small table gets none and says why', () => {
    const small = catalogueOf([{ ...TRIP, rows: 499 }]);
    const { candidates, spareTables } = build('SELECT 1 FROM trip WHERE town_id = $1', small);
    assert.deepEqual(candidates, []);
    assert.equal(spareTables[0]?.reason, '499 rows: a sequential scan is right');
  });

  test('a foreign key without an index is one, unless its table is small', () => {
    const foreignKeys = [{ name: 'trip_town_fk', schema: 'public', table: 'trip', columns: ['town_id'] }];
    const of = (rows: number) =>
      build('SELECT 1', catalogueOf([{ ...TRIP, rows }], { foreignKeys })).candidates.map(
        ({ origin }) => origin,
      );
    assert.deepEqual(of(500), ['foreign-key']);
    assert.deepEqual(of(499), []);
  });

  test('names fit into 63 bytes and are no others', () => {
    const long = 'a_very_long_column_name_indeed_of_forty_';
    const catalogue = catalogueOf([catalogueTable('trip', { [`${long}1`]: 9, [`${long}2`]: 8 })]);
    const { candidates } = build(`SELECT 1 FROM trip WHERE ${long}1 = $1 AND ${long}2 = $2`, catalogue);
    const names = candidates.map(({ name }) => name);
    assert.equal(new Set(names).size, 4);
    assert.ok(names.every((name) => Buffer.byteLength(name) <= 63));
  });
});
