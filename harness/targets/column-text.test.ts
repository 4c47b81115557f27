import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { columnText, type MappedValue } from './column-text.ts';
import { LocalTime } from './local-time.ts';

const BERLIN = new LocalTime('Europe/Berlin');
const MOMENT = new Date('2026-03-29T01:30:00Z');

function textOf(
  type: string,
  value: MappedValue,
  column: { array?: boolean; modifier?: number; labels?: string[] } = {},
) {
  return columnText(
    { type, declared: type, array: false, modifier: -1, labels: null, ...column },
    value,
    BERLIN,
  );
}

const RIGHT: readonly [string, MappedValue, string | null][] = [
  ['int4', null, null],
  ['int2', -32_768, '-32768'],
  ['int8', 9_007_199_254_740_993n, '9007199254740993'],
  ['int4', '12', '12'],
  ['float8', 0.1, '0.1'],
  ['float8', Number.NaN, 'NaN'],
  ['numeric', '12.340', '12.340'],
  ['bool', true, 't'],
  ['text', 5, '5'],
  ['text', { a: 1 }, '{"a":1}'],
  ['uuid', '0f8fad5b-d9cb-469f-a165-70867728950e', '0f8fad5b-d9cb-469f-a165-70867728950e'],
  ['timestamptz', MOMENT, '2026-03-29T01:30:00.000Z'],
  ['timestamptz', '2026-03-29 03:30:00+02', '2026-03-29 03:30:00+02'],
  ['timestamp', MOMENT, '2026-03-29 03:30:00.000'],
  ['timestamp', '2026-03-29 03:30', '2026-03-29 03:30'],
  ['date', new Date('2026-03-28T23:30:00Z'), '2026-03-29'],
  ['date', '2024-02-29', '2024-02-29'],
  ['time', MOMENT, '03:30:00.000'],
  ['timetz', MOMENT, '01:30:00.000+00'],
  ['jsonb', { at: [1, null] }, '{"at":[1,null]}'],
  ['jsonb', '"text"', '"text"'],
  ['inet', '127.0.0.1', '127.0.0.1'],
];

const WRONG: readonly [string, MappedValue, string][] = [
  ['int4', 'twelve', 'expected a whole number, got "twelve"'],
  ['int4', 1.5, 'expected a whole number, got 1.5'],
  ['int8', 2 ** 53, 'expected a whole number, got 9007199254740992'],
  ['int2', 32_768, 'expected a int2 (-32768 to 32767), got 32768'],
  ['int4', true, 'expected a whole number, got true'],
  ['float8', 'fast', 'expected a number, got "fast"'],
  ['numeric', Number.POSITIVE_INFINITY, 'expected a number, got Infinity'],
  ['bool', 1, 'expected true or false, got 1'],
  ['text', 'a\0b', 'expected text without U+0000, which PostgreSQL cannot store, got "a\\u0000b"'],
  ['uuid', 'order-1', 'expected a UUID, got "order-1"'],
  ['timestamptz', 1_772_409_600, 'expected a Date, got 1772409600'],
  [
    'timestamptz',
    '2026-03-29 03:30',
    'expected a Date, or text with its zone (2026-03-02T08:00:00Z), got "2026-03-29 03:30"',
  ],
  [
    'timestamp',
    '2026-03-29T03:30:00Z',
    'expected a Date, or text without a zone: PostgreSQL would leave it out silently, got "2026-03-29T03:30:00Z"',
  ],
  ['timestamp', new Date(Number.NaN), 'expected a Date of the years 1 to 9998, got an invalid Date'],
  ['date', '2026-02-30', 'expected a date (YYYY-MM-DD), got "2026-02-30"'],
  ['time', 'noon', 'expected a time (HH:MM), got "noon"'],
  ['jsonb', 'text', 'expected an object, an array or JSON text, got "text"'],
];

describe('the text of a column', () => {
  for (const [type, value, expected] of RIGHT) {
    test(`of type ${type} for ${String(expected)} is what PostgreSQL reads`, () => {
      assert.equal(textOf(type, value), expected);
    });
  }

  for (const [type, value, message] of WRONG) {
    test(`of type ${type}: ${message}`, () => {
      assert.throws(() => textOf(type, value), { message });
    });
  }

  test('counts characters, not UTF-16 units, against the length of the column', () => {
    assert.equal(textOf('varchar', '🚕🚕', { modifier: 6 }), '🚕🚕'); // varchar(2)
    assert.throws(
      () => textOf('varchar', '🚕🚕🚕', { modifier: 6 }),
      /at most 2 characters .*, got 3: "🚕🚕🚕"/,
    );
  });

  test('of an enum is one of its labels', () => {
    assert.equal(textOf('stop_state', 'due', { labels: ['due', 'done'] }), 'due');
    assert.throws(() => textOf('stop_state', 'open', { labels: ['due', 'done'] }), {
      message: 'expected one of due, done, got "open"',
    });
  });

  test('of an array is in braces, each element by its own type', () => {
    assert.equal(textOf('int4', [1, null, 3], { array: true }), '{"1",NULL,"3"}');
    assert.equal(
      textOf(
        'text',
        [
          ['a "b"', 'c\\'],
          ['', 'NULL'],
        ],
        { array: true },
      ),
      '{{"a \\"b\\"","c\\\\"},{"","NULL"}}',
    );
    assert.equal(textOf('jsonb', [[1], { a: 2 }], { array: true }), '{"[1]","{\\"a\\":2}"}');
    assert.throws(() => textOf('int4', ['x'], { array: true }), /expected a whole number/);
    assert.throws(() => textOf('int4', 3, { array: true }), /expected an array, got 3/);
  });
});
