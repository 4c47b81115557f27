import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TableMapping, TableRow } from '../config/rushhour-config.ts';
import { HarnessError } from '../errors.ts';
import { checkMapping } from './check-mapping.ts';
import type { ForeignColumn, ForeignKey, ForeignTable } from './foreign-schema.ts';
import type { MappedEntity } from './mapped-rows.ts';

const INTEGER = { type: 'int4', declared: 'integer' };

function column(name: string, facts: Partial<ForeignColumn> = {}): ForeignColumn {
  const text = { type: 'text', declared: 'text', array: false, modifier: -1, labels: null };
  const plain = { notNull: false, hasDefault: false, identity: null, generated: false, sequence: null };
  return { name, ...text, ...plain, ...facts };
}

function table(
  name: string,
  columns: readonly ForeignColumn[],
  foreignKeys: readonly ForeignKey[] = [],
): ForeignTable {
  return { schema: 'public', name, columns, foreignKeys, keys: [], checks: [], triggers: [] };
}

function refersTo(other: string, by: string, deferrable = false): ForeignKey {
  return { name: `${by}_fkey`, columns: [by], schema: 'public', table: other, deferrable };
}

const BOOKINGS = { from: 'bookings', row: () => null } as const satisfies TableMapping;

interface Given {
  readonly schema: readonly ForeignTable[];
  /** The rows that each table's mapping makes of the first entities, one an entity; or what it throws. */
  readonly rows: Readonly<Record<string, readonly (TableRow | string)[]>>;
  readonly timeZone?: string;
}

function check({ schema, rows, timeZone = 'UTC' }: Given) {
  const entity = (row: TableRow | string, index: number): MappedEntity =>
    typeof row === 'string' ? { id: index + 1, error: row } : { id: index + 1, rows: [row] };
  return checkMapping({
    rows: Object.fromEntries(Object.keys(rows).map((key) => [key, BOOKINGS])),
    schema,
    samples: Object.fromEntries(Object.entries(rows).map(([key, made]) => [key, made.map(entity)])),
    filled: new Set(),
    timeZone,
  });
}

function problemsOf(given: Given): string[] {
  try {
    check(given);
  } catch (error) {
    assert.ok(error instanceof HarnessError && error.code === 'BAD_CONFIG', String(error));
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}

describe('a mapping', () => {
  test('that fits is loaded in the order of its foreign keys', () => {
    const schema = [
      table('stop', [column('id', INTEGER), column('trip', INTEGER)], [refersTo('trip', 'trip')]),
      table('trip', [column('id', INTEGER)]),
    ];
    const { tables } = check({ schema, rows: { stop: [{ id: 1, trip: 1 }], trip: [{ id: 1 }] } });
    assert.deepEqual(
      tables.map(({ key }) => key),
      ['trip', 'stop'],
    );
  });

  test('is told all that is wrong with it at once, each with its place', () => {
    const schema = [
      table('stop', [
        column('id', { ...INTEGER, notNull: true, identity: 'always' }),
        column('state', { type: 'stop_state', labels: ['due', 'done'] }),
        column('label', { type: 'varchar', declared: 'character varying(3)', modifier: 7 }),
        column('total', { ...INTEGER, generated: true }),
        column('place', { notNull: true }),
        column('kind', { notNull: true, hasDefault: true }),
        column('weight', { type: 'int2', declared: 'smallint' }),
      ]),
    ];
    const row = { state: 'open', label: 'long', total: 1, weight: 40_000, lable: 'x' };
    assert.deepEqual(problemsOf({ schema, rows: { stop: [row, row], stops: [{}] } }), [
      'dataset.rows.stop.total: PostgreSQL computes this column itself: leave it out',
      'dataset.rows.stop.lable: no such column; did you mean label?',
      'dataset.rows.stop.state: expected one of due, done, got "open" (bookings 1)',
      'dataset.rows.stop.label: expected at most 3 characters (character varying(3)), got 4: "long" (bookings 1)',
      'dataset.rows.stop.weight: expected a smallint (-32768 to 32767), got 40000 (bookings 1)',
      'dataset.rows.stop.place: the column (text) is NOT NULL and has no default: give a value',
      'dataset.rows.stops: no such table; did you mean stop?',
    ]);
  });

  test('that throws, makes no row, or rows of different columns is told of which entity', () => {
    const schema = [
      table('a', [column('x'), column('y')]),
      table('b', [column('x')]),
      table('c', [column('x')]),
    ];
    const rows = { a: [{ x: '1', y: '2' }, { x: '1' }], b: ['the mapping threw: no town', {}], c: [] };
    assert.deepEqual(problemsOf({ schema, rows }), [
      'dataset.rows.a: the row of bookings 2 is without y unlike the first. Give every row the same columns, and null for what it lacks',
      'dataset.rows.b: the mapping threw: no town (bookings 1)',
    ]);
    const nothing = checkMapping.bind(null, {
      rows: { c: BOOKINGS },
      schema,
      samples: { c: [{ id: 1, rows: [] }] },
      filled: new Set<string>(),
      timeZone: 'UTC',
    });
    assert.throws(nothing, /dataset\.rows\.c: makes a row for none of 1 bookings/);
  });

  test('must not leave a NOT NULL column null', () => {
    const schema = [table('stop', [column('place', { notNull: true })])];
    assert.deepEqual(problemsOf({ schema, rows: { stop: [{ place: 'a' }, { place: null }] } }), [
      'dataset.rows.stop.place: the column is NOT NULL, got null (bookings 2)',
    ]);
  });

  test('must fill the tables that its rows refer to', () => {
    const stop = table('stop', [column('trip', INTEGER)], [refersTo('trip', 'trip')]);
    const schema = [stop, table('trip', [column('id', INTEGER)])];
    assert.deepEqual(problemsOf({ schema, rows: { stop: [{ trip: 1 }] } }), [
      'dataset.rows.stop.trip: refers to trip, which nobody fills: map it too, or fill it in dataset.schema',
    ]);
    assert.deepEqual(problemsOf({ schema, rows: { stop: [{ trip: null }] } }), []);
  });

  test('may not go round in a circle of foreign keys unless one can wait or is left null', () => {
    const circle = (deferrable: boolean) => [
      table('van', [column('id', INTEGER), column('crew', INTEGER)], [refersTo('crew', 'crew')]),
      table('crew', [column('id', INTEGER), column('van', INTEGER)], [refersTo('van', 'van', deferrable)]),
    ];
    const rows = { van: [{ id: 1, crew: 1 }], crew: [{ id: 1, van: 1 }] };
    assert.deepEqual(problemsOf({ schema: circle(false), rows }), [
      'dataset.rows.van: foreign keys go round in a circle: van.crew → crew.van → van. Make one of them DEFERRABLE in the schema, or leave its column null',
    ]);
    assert.deepEqual(problemsOf({ schema: circle(true), rows }), []);
    assert.deepEqual(
      problemsOf({ schema: circle(false), rows: { ...rows, crew: [{ id: 1, van: null }] } }),
      [],
    );
  });

  test('may refer to its own table', () => {
    const schema = [
      table('stop', [column('id', INTEGER), column('next', INTEGER)], [refersTo('stop', 'next')]),
    ];
    assert.deepEqual(problemsOf({ schema, rows: { stop: [{ id: 1, next: 1 }] } }), []);
  });

  test('is told of triggers and of moments without a zone, which are no problems', () => {
    const stop = table('stop', [
      column('at', { type: 'timestamp', declared: 'timestamp without time zone' }),
    ]);
    const { notes } = checkMapping({
      rows: { stop: BOOKINGS },
      schema: [{ ...stop, triggers: ['audit'] }],
      samples: { stop: [{ id: 1, rows: [{ at: new Date(0) }] }] },
      filled: new Set(),
    });
    assert.deepEqual(notes, [
      'dataset.rows.stop: the table has triggers, which every row fires: audit',
      'dataset.rows.stop.at: timestamp without time zone, and service.timeZone is not given: moments are written in UTC',
    ]);
  });

  test('of a table that is in several schemas must name one', () => {
    const schema = [
      { ...table('stop', [column('x')]), schema: 'a' },
      { ...table('stop', [column('x')]), schema: 'b' },
    ];
    assert.deepEqual(problemsOf({ schema, rows: { stop: [{ x: '1' }] } }), [
      'dataset.rows.stop: there are several tables of that name: a.stop, b.stop. Name the schema too',
    ]);
    assert.deepEqual(problemsOf({ schema, rows: { 'b.stop': [{ x: '1' }] } }), []);
  });

  test('needs a time zone that there is', () => {
    const schema = [table('stop', [column('x')])];
    assert.deepEqual(problemsOf({ schema, rows: { stop: [{ x: '1' }] }, timeZone: 'Europe/Atlantis' }), [
      'service.timeZone: expected the IANA name of a time zone, got "Europe/Atlantis"',
    ]);
  });
});
