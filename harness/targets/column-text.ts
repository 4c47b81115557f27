import type { TableRow } from '../config/rushhour-config.ts';
import type { ForeignColumn } from './foreign-schema.ts';
import type { LocalTime } from './local-time.ts';

export type MappedValue = Exclude<TableRow[string], undefined>;

type ColumnType = Pick<ForeignColumn, 'type' | 'declared' | 'array' | 'modifier' | 'labels'>;

/** A value that its column cannot hold. `message` is the end of a sentence: "expected …, got …". */
export class WrongValue extends Error {}

/** What PostgreSQL reads as the value of a column; `null` is NULL. */
type TextOf = (value: Exclude<MappedValue, null>, column: ColumnType, local: LocalTime) => string;

/**
 * A mapped value as the text of its column: what PostgreSQL's input function of the type reads.
 *
 * @param local of the service: how moments are written into columns without a zone
 * @throws WrongValue
 */
export function columnText(column: ColumnType, value: MappedValue, local: LocalTime): string | null {
  if (value === null) return null;
  if (column.array) return arrayText(column, value, local);
  if (column.labels) return labelText(column.labels, value);
  return (TEXT_OF[column.type] ?? otherText)(value, column, local);
}

const INTEGER_LIMITS: Readonly<Record<string, bigint>> = {
  int2: 2n ** 15n,
  int4: 2n ** 31n,
  int8: 2n ** 63n,
};

const integerText: TextOf = (value, { type, declared }) => {
  const limit = INTEGER_LIMITS[type] ?? 0n;
  const whole =
    typeof value === 'bigint' ||
    (typeof value === 'number' && Number.isSafeInteger(value)) ||
    (typeof value === 'string' && /^[+-]?\d+$/.test(value));
  if (!whole) throw wrong('a whole number', value);
  const number = BigInt(value);
  if (number < -limit || number >= limit) throw wrong(`a ${declared} (${-limit} to ${limit - 1n})`, value);
  return String(number);
};

const numberText: TextOf = (value, { type }) => {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number' && (Number.isFinite(value) || type !== 'numeric')) return String(value);
  if (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))) return value.trim();
  throw wrong('a number', value);
};

const booleanText: TextOf = (value) => {
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value === 'string' && /^(t|f|true|false)$/i.test(value)) return value;
  throw wrong('true or false', value);
};

const characters: TextOf = (value, { type, declared, modifier }) => {
  const text = otherText(value);
  const limit = type === 'text' || modifier < 4 ? null : modifier - 4; // varlena header, as in atttypmod
  if (limit !== null && text.length > limit && [...text].length > limit)
    throw new WrongValue(
      `expected at most ${limit} characters (${declared}), got ${[...text].length}: ${shown(value)}`,
    );
  return text;
};

const uuidText: TextOf = (value) => {
  if (typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return value;
  throw wrong('a UUID', value);
};

const DATE = /^(\d{4})-(\d\d)-(\d\d)/;
const TIME_OF_DAY = String.raw`\d\d:\d\d(:\d\d(\.\d+)?)?`;
const ZONE = String.raw`\s?(Z|[+-]\d\d(:?\d\d)?)`;
const LOCAL = new RegExp(`${DATE.source}([T ]${TIME_OF_DAY})?$`);
const ZONED = new RegExp(`${DATE.source}[T ]${TIME_OF_DAY}${ZONE}$`, 'i');

const zonedText: TextOf = (value) => {
  if (value instanceof Date) return momentOf(value).toISOString();
  if (typeof value === 'string' && (isEndless(value) || (ZONED.test(value) && isDay(value)))) return value;
  if (typeof value === 'string' && LOCAL.test(value) && isDay(value))
    throw wrong('a Date, or text with its zone (2026-03-02T08:00:00Z)', value);
  throw wrong('a Date', value);
};

const localText: TextOf = (value, _column, local) => {
  if (value instanceof Date) return local.text(momentOf(value));
  if (typeof value === 'string' && (isEndless(value) || (LOCAL.test(value) && isDay(value)))) return value;
  if (typeof value === 'string' && ZONED.test(value))
    throw wrong('a Date, or text without a zone: PostgreSQL would leave it out silently', value);
  throw wrong('a Date', value);
};

const dateText: TextOf = (value, _column, local) => {
  if (value instanceof Date) return local.text(momentOf(value)).slice(0, 10);
  if (typeof value === 'string' && (isEndless(value) || (/^.{10}$/.test(value) && isDay(value))))
    return value;
  throw wrong('a date (YYYY-MM-DD)', value);
};

const timeText: TextOf = (value, { type }, local) => {
  if (value instanceof Date) {
    if (type === 'timetz') return `${momentOf(value).toISOString().slice(11, -1)}+00`;
    return local.text(momentOf(value)).slice(11);
  }
  if (typeof value === 'string' && new RegExp(`^${TIME_OF_DAY}`).test(value)) return value;
  throw wrong('a time (HH:MM)', value);
};

const jsonText: TextOf = (value) => {
  if (typeof value !== 'string')
    return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? Number(one) : one));
  try {
    JSON.parse(value);
    return value;
  } catch {
    throw wrong('an object, an array or JSON text', value);
  }
};

const TEXT_OF: Readonly<Record<string, TextOf>> = {
  ...{ int2: integerText, int4: integerText, int8: integerText },
  ...{ float4: numberText, float8: numberText, numeric: numberText },
  bool: booleanText,
  ...{ text: characters, varchar: characters, bpchar: characters },
  uuid: uuidText,
  ...{ timestamptz: zonedText, timestamp: localText, date: dateText, time: timeText, timetz: timeText },
  ...{ json: jsonText, jsonb: jsonText },
};

/** Of any other type: text, numbers and truth values as they are, all else as JSON. */
function otherText(value: Exclude<MappedValue, null>): string {
  const text =
    value instanceof Date
      ? momentOf(value).toISOString()
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value);
  if (text.includes('\0')) throw wrong('text without U+0000, which PostgreSQL cannot store', value);
  return text;
}

function labelText(labels: readonly string[], value: Exclude<MappedValue, null>): string {
  if (typeof value === 'string' && labels.includes(value)) return value;
  throw wrong(`one of ${labels.join(', ')}`, value);
}

function arrayText(column: ColumnType, value: Exclude<MappedValue, null>, local: LocalTime): string {
  if (typeof value === 'string' && /^\s*[{[]/.test(value)) return value;
  if (!Array.isArray(value)) throw wrong('an array', value);
  const element = { ...column, array: false };
  const items = (value as readonly MappedValue[]).map((item) => {
    const json = column.type === 'json' || column.type === 'jsonb';
    if (Array.isArray(item) && !json) return arrayText(column, item, local);
    const text = columnText(element, item, local);
    return text === null ? 'NULL' : `"${text.replace(/["\\]/g, '\\$&')}"`;
  });
  return `{${items.join(',')}}`;
}

function momentOf(value: Date): Date {
  const year = value.getUTCFullYear();
  if (year >= 1 && year <= 9998) return value; // an invalid Date has no year at all
  throw wrong('a Date of the years 1 to 9998', value);
}

function isEndless(text: string): boolean {
  return text === 'infinity' || text === '-infinity';
}

/** Whether the calendar has the day that a text begins with. */
function isDay(text: string): boolean {
  const [, year = '', month = '', day = ''] = DATE.exec(text) ?? [];
  const moment = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(`${year}-${month}-${day}`);
}

function wrong(expected: string, got: unknown): WrongValue {
  return new WrongValue(`expected ${expected}, got ${shown(got)}`);
}

const SHOWN_CHARS = 60;

/** A value as it may stand in a sentence. */
export function shown(value: unknown): string {
  const text =
    value instanceof Date
      ? Number.isNaN(value.getTime())
        ? 'an invalid Date'
        : `the Date ${value.toISOString()}`
      : typeof value === 'bigint'
        ? String(value)
        : typeof value === 'number'
          ? String(value)
          : (JSON.stringify(value) ?? String(value));
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
}
