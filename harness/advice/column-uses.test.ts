import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { catalogueOf, catalogueTable } from '../../test/support/advice-builders.ts';
import { loadStatementParser } from '../capture/statement-identity.ts';
import { columnUsesOf } from './column-uses.ts';

const table = (name: string, columns: readonly string[], schema = 'public') =>
  catalogueTable(name, Object.fromEntries(columns.map((column) => [column, null])), { schema });

const CATALOGUE = catalogueOf([
  table('trip', ['id', 'town_id', 'status', 'day', 'paid', 'note']),
  table('town', ['id', 'name', 'country']),
  table('Fleet Car', ['Plate', 'townId']),
  table('trip', ['id', 'archived_at'], 'archive'),
]);

/** Uses in one line each: table, =columns, ~joined columns, <ranges, ^sort. Places that use no column are left out. */
function usesOf(text: string): string[] {
  return columnUsesOf(text, CATALOGUE)
    .map(({ table: { schema, name }, equality, join, range, sort }) =>
      [
        schema === 'public' ? name : `${schema}.${name}`,
        ...[...equality].map((column) => `=${column}`),
        ...[...join].map((column) => `~${column}`),
        ...[...range].map((column) => `<${column}`),
        ...sort.map(({ column, descending }) => `^${column}${descending ? '-' : ''}`),
      ].join(' '),
    )
    .filter((line) => / [=~<^]/.test(line));
}

describe('columns that a statement searches and sorts by', () => {
  before(loadStatementParser);

  const cases: readonly [string, string, string[]][] = [
    [
      '=, IN and = ANY are equality',
      'SELECT 1 FROM trip WHERE id = $1 AND status IN ($2, $3) AND town_id = ANY($4)',
      ['trip =id =status =town_id'],
    ],
    [
      'a boolean by itself, NOT and IS NULL are equality',
      'SELECT 1 FROM trip WHERE paid AND note IS NULL',
      ['trip =paid =note'],
    ],
    ['NOT of a boolean too', 'SELECT 1 FROM trip t WHERE NOT t.paid', ['trip =paid']],
    [
      '<, >= and BETWEEN are ranges',
      'SELECT 1 FROM trip WHERE day >= $1 AND day < $2 AND id BETWEEN 1 AND 2',
      ['trip <day <id'],
    ],
    [
      'a row compared by > is led by its first column',
      'SELECT 1 FROM trip WHERE (day, id) > ($1, $2) ORDER BY day, id',
      ['trip <day ^day ^id'],
    ],
    [
      'rows compared by = count in full',
      'SELECT 1 FROM trip WHERE (town_id, day) = ($1, $2)',
      ['trip =town_id =day'],
    ],
    [
      '<>, NOT IN, LIKE and functions of a column are no use',
      "SELECT 1 FROM trip WHERE status <> 'a' AND id NOT IN (1) AND note LIKE 'x%' AND lower(note) = 'y'",
      [],
    ],
    ['a column compared with another of the same row is no use', 'SELECT 1 FROM trip WHERE id = town_id', []],
    [
      'joins are told from equality',
      'SELECT 1 FROM trip t JOIN town w ON w.id = t.town_id WHERE w.country = $1',
      ['trip ~town_id', 'town =country ~id'],
    ],
    ['joins by USING', 'SELECT 1 FROM trip a JOIN trip b USING (day)', ['trip ~day', 'trip ~day']],
    [
      'columns without a table belong to the one that has them',
      'SELECT 1 FROM trip, town WHERE country = $1 AND status = $2',
      ['trip =status', 'town =country'],
    ],
    [
      'ORDER BY with its directions, by alias and by place',
      'SELECT day AS d, id FROM trip WHERE status = $1 ORDER BY d DESC, 2',
      ['trip =status ^day- ^id'],
    ],
    [
      'ORDER BY stops at what is of no or another table',
      'SELECT 1 FROM trip t, town w ORDER BY t.day, w.name',
      ['trip ^day'],
    ],
    ['DISTINCT ON sorts', 'SELECT DISTINCT ON (town_id) town_id FROM trip', ['trip ^town_id']],
    ['max reads one end', 'SELECT max(day) FROM trip WHERE town_id = $1', ['trip =town_id ^day']],
    [
      'grouped rows are not sorted by the index',
      'SELECT status, count(*) FROM trip GROUP BY status ORDER BY status',
      [],
    ],
    [
      'through a common table expression',
      'WITH late AS (SELECT id AS trip_id, town_id FROM trip WHERE paid) SELECT 1 FROM late WHERE trip_id = $1',
      ['trip =paid =id'],
    ],
    [
      'through a subquery and its star',
      'SELECT 1 FROM (SELECT * FROM trip) t WHERE t.status = $1',
      ['trip =status'],
    ],
    [
      'through column names of an alias',
      'SELECT 1 FROM (SELECT now(), id FROM trip) t (at, number) WHERE number = $1',
      ['trip =id'],
    ],
    [
      'EXISTS joins',
      'SELECT 1 FROM town w WHERE EXISTS (SELECT 1 FROM trip t WHERE t.town_id = w.id)',
      ['town ~id', 'trip ~town_id'],
    ],
    [
      'IN (SELECT …) joins',
      'SELECT 1 FROM town WHERE id IN (SELECT town_id FROM trip WHERE paid)',
      ['town ~id', 'trip =paid ~town_id'],
    ],
    [
      'LATERAL sees its neighbours',
      'SELECT 1 FROM town w, LATERAL (SELECT day FROM trip t WHERE t.town_id = w.id ORDER BY day DESC LIMIT 1) l',
      ['town ~id', 'trip ~town_id ^day-'],
    ],
    [
      'each side of OR is a use of its own',
      'SELECT 1 FROM trip WHERE paid AND (id = $1 OR town_id = $2)',
      ['trip =paid', 'trip =id', 'trip =town_id'],
    ],
    [
      'both sides of UNION',
      'SELECT id FROM trip WHERE paid UNION ALL SELECT id FROM town WHERE name = $1',
      ['trip =paid', 'town =name'],
    ],
    [
      'UPDATE … FROM',
      "UPDATE trip t SET status = 'x' FROM unnest($1::int[]) AS p (trip_id) WHERE t.id = p.trip_id AND t.status = 'open'",
      ['trip =id =status'],
    ],
    [
      'DELETE … USING',
      'DELETE FROM trip USING town WHERE town.id = trip.town_id AND town.name = $1',
      ['trip ~town_id', 'town =name ~id'],
    ],
    [
      'INSERT … SELECT reads what it selects from',
      "INSERT INTO town (id) SELECT town_id FROM trip WHERE status = 'x'",
      ['trip =status'],
    ],
    [
      'writes in a common table expression',
      'WITH done AS (UPDATE trip SET paid = true WHERE day < $1 RETURNING id) SELECT 1 FROM done',
      ['trip <day'],
    ],
    ['PREPARE and DECLARE hold a query', 'PREPARE p AS SELECT 1 FROM trip WHERE id = $1', ['trip =id']],
    [
      'quoted names',
      'SELECT 1 FROM "Fleet Car" c WHERE c."townId" = $1 AND "Plate" > $2',
      ['Fleet Car =townId <Plate'],
    ],
    [
      'a schema that is named',
      'SELECT 1 FROM archive.trip WHERE archived_at < $1',
      ['archive.trip <archived_at'],
    ],
    ['what cannot be parsed uses nothing', 'SELEKT 1', []],
  ];
  for (const [behaviour, text, expected] of cases) {
    test(behaviour, () => assert.deepEqual(usesOf(text), expected));
  }

  test('columns that an UPDATE writes are told, in a common table expression too', () => {
    const text =
      "WITH gone AS (UPDATE trip SET status = 'x', day = now() WHERE id = $1) UPDATE town SET name = $2";
    const written = columnUsesOf(text, CATALOGUE).map(({ table: { name }, written }) => [name, ...written]);
    assert.deepEqual(written, [
      ['trip', 'status', 'day'],
      ['town', 'name'],
    ]);
  });
});
