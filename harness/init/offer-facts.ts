/** What a dispatch of a foreign schema is offered: the open bookings of a company and day, in SQL of its own names. */
import {
  type ColumnFacts,
  isNaiveTimestamp,
  quotedLabel,
  quotedName,
  quotedTable,
  type TableFacts,
} from './catalogue.ts';
import { sameName, singular, wordsOf } from './name-words.ts';
import type { ApiSchema } from './openapi.ts';
import { keyColumn, type Roles, referenceTo, scheduledColumn, stateColumn } from './roles-of-tables.ts';
import { labelOf } from './state-labels.ts';

export interface OfferFacts {
  readonly bookings: TableFacts;
  readonly state: ColumnFacts;
  readonly time: ColumnFacts;
  /** By which bookings belong to a company; `null`: an offer is a day. */
  readonly company: ColumnFacts | null;
  /** Labels of the state; `null` where they cannot be told. */
  readonly open: string | null;
  readonly assigned: string | null;
  readonly unassigned: string | null;
  /** Of a booking `b`, its day, as SQL of type date. */
  readonly day: string;
  /** That a booking `b` belongs to the offer `:…`. */
  readonly condition: string;
  /** Names of its values. */
  readonly columns: readonly string[];
}

export function offerFacts(roles: Roles): OfferFacts | null {
  const bookings = roles.bookings?.table;
  const state = bookings && stateColumn(bookings);
  const time = bookings && scheduledColumn(bookings);
  if (!bookings || !state || !time) return null;
  const company = roles.companies ? referenceTo(bookings, roles.companies.table) : null;
  const unassigned = labelOf('unassigned', state.labels);
  const open = labelOf('open', state.labels, [unassigned]) ?? labelOf('open', state.labels);
  const day = dayOf(time);
  const conditions = [
    ...(company ? [`b.${quotedName(company.name)} = :${placeholderName(company)}`] : []),
    `${day} = :day::date`,
  ];
  return {
    bookings,
    state,
    time,
    company,
    open,
    assigned: labelOf('assigned', state.labels, [open, unassigned]),
    unassigned: unassigned === open ? null : unassigned,
    day,
    condition: conditions.join(' AND '),
    columns: [...(company ? [placeholderName(company)] : []), 'day'],
  };
}

/** A placeholder is a word; a column may be called anything. */
export function placeholderName(column: ColumnFacts): string {
  return /^[A-Za-z_]\w*$/.test(column.name) ? column.name : wordsOf(column.name).join('_');
}

function dayOf(time: ColumnFacts): string {
  const name = `b.${quotedName(time.name)}`;
  if (time.type === 'date') return name;
  return isNaiveTimestamp(time) ? `${name}::date` : `(${name} AT TIME ZONE 'UTC')::date`;
}

/** The query of all offers, a line each. */
export function offersSql(offer: OfferFacts): string {
  const company = offer.company ? [`b.${quotedName(offer.company.name)}`] : [];
  const columns = [...company, `to_char(${offer.day}, 'YYYY-MM-DD') AS day`];
  const places = columns.map((_, index) => String(index + 1));
  return [
    `SELECT ${columns.join(', ')}`,
    `FROM ${quotedTable(offer.bookings)} b`,
    `WHERE b.${quotedName(offer.state.name)} = ${labelOrTodo(offer.open)}`,
    `GROUP BY ${places.join(', ')}`,
    `ORDER BY ${[...places].reverse().join(', ')}`,
  ].join('\n');
}

export const labelOrTodo = (label: string | null): string => quotedLabel(label ?? 'TODO');

/** How many bookings of an offer are open, assigned and given up. */
export function rowsSql(offer: OfferFacts, roles: Roles): string {
  const state = `b.${quotedName(offer.state.name)}`;
  const counted = (condition: string, name: string) => `count(*) FILTER (WHERE ${condition}) AS ${name}`;
  const columns = [
    counted(`${state} = ${labelOrTodo(offer.open)}`, 'open'),
    counted(assignedCondition(offer, roles), 'assigned'),
    ...(offer.unassigned ? [counted(`${state} = ${quotedLabel(offer.unassigned)}`, 'unassigned')] : []),
  ];
  return [
    `SELECT ${columns.join(',\n       ')}`,
    `FROM ${quotedTable(offer.bookings)} b`,
    `WHERE ${offer.condition}`,
  ].join('\n');
}

/** Whether {@link rowsSql} holds no TODO. */
export function rowsAreSure(offer: OfferFacts, roles: Roles): boolean {
  return offer.open !== null && !assignedCondition(offer, roles).includes("'TODO'");
}

function assignedCondition(offer: OfferFacts, roles: Roles): string {
  const state = `b.${quotedName(offer.state.name)}`;
  if (offer.assigned !== null) return `${state} = ${quotedLabel(offer.assigned)}`;
  const assignments = roles.assignments?.table;
  const booking = assignments && referenceTo(assignments, offer.bookings);
  const key = keyColumn(offer.bookings);
  if (!assignments || !booking || !key) return `${state} = 'TODO'`;
  return `EXISTS (SELECT FROM ${quotedTable(assignments)} a WHERE a.${quotedName(booking.name)} = b.${quotedName(key.name)})`;
}

/** How many drivers an offer may be given to: those of its company who are on duty, as far as columns say. `null` where no table is sure to hold them. */
export function driversSql({ company }: OfferFacts, { drivers, companies }: Roles): string | null {
  if (!drivers?.sure) return null;
  const own = companies ? referenceTo(drivers.table, companies.table) : null;
  if (company !== null && own === null) return null;
  const onDuty = drivers.table.columns.filter(
    ({ name, type }) => type === 'boolean' && /^(is_?)?(active|available|enabled|on_?duty)$/i.test(name),
  );
  const conditions = [
    ...(company && own ? [`d.${quotedName(own.name)} = :${placeholderName(company)}`] : []),
    ...onDuty.map(({ name }) => `d.${quotedName(name)}`),
  ];
  const where = conditions.length > 0 ? `\nWHERE ${conditions.join(' AND ')}` : '';
  return `SELECT count(*)\nFROM ${quotedTable(drivers.table)} d${where}`;
}

/** What the dispatch of an offer wrote, without generated ids and clock times. */
export function outcomeSql(offer: OfferFacts, roles: Roles): string | null {
  const key = keyColumn(offer.bookings);
  if (!key) return null;
  const bookingKey = `b.${quotedName(key.name)}`;
  const state = `b.${quotedName(offer.state.name)}`;
  const assignments = roles.assignments?.table;
  const booking = assignments && referenceTo(assignments, offer.bookings);
  const where = `WHERE ${offer.condition}\nORDER BY 1, 2`;
  if (!assignments || !booking) {
    const driver = roles.drivers ? referenceTo(offer.bookings, roles.drivers.table) : null;
    const columns = [bookingKey, state, ...(driver ? [`b.${quotedName(driver.name)}`] : [])];
    return `SELECT ${columns.join(', ')}\nFROM ${quotedTable(offer.bookings)} b\n${where}`;
  }
  const written = assignments.columns.filter(
    (column) =>
      column.name !== booking.name &&
      !isGenerated(assignments, column) &&
      !isClock(column) &&
      !isRun(assignments, column, roles),
  );
  const columns = [bookingKey, state, ...written.map(({ name }) => `a.${quotedName(name)}`)];
  return [
    `SELECT ${columns.join(', ')}`,
    `FROM ${quotedTable(offer.bookings)} b`,
    `LEFT JOIN ${quotedTable(assignments)} a ON a.${quotedName(booking.name)} = ${bookingKey}`,
    where,
  ].join('\n');
}

function isGenerated(table: TableFacts, column: ColumnFacts): boolean {
  return column.identity !== null || (table.primaryKey.length === 1 && table.primaryKey[0] === column.name);
}

function isClock(column: ColumnFacts): boolean {
  const clock = /now\(\)|CURRENT_(TIMESTAMP|DATE|TIME)|clock_timestamp|statement_timestamp/i;
  return (
    clock.test(column.default ?? '') ||
    /^(created|updated|modified|inserted|changed|assigned_at)/.test(column.name)
  );
}

function isRun(table: TableFacts, column: ColumnFacts, roles: Roles): boolean {
  return roles.dispatchRuns !== undefined && referenceTo(table, roles.dispatchRuns.table) === column;
}

/**
 * The placeholder of an offer that a parameter or member of a request wants: `depotId` or `depot` for `depot_id`, and whatever is a
 * day. `null` when it is none of them.
 */
export function placeholderFor(name: string, schema: ApiSchema, columns: readonly string[]): string | null {
  const bare = (text: string) =>
    wordsOf(text)
      .filter((word) => !/^(id|uuid|pk)$/.test(word))
      .map(singular)
      .join('_');
  const same =
    columns.find((column) => sameName(column, name)) ??
    columns.find((column) => bare(column) === bare(name) && bare(name) !== '');
  if (same) return `{${same}}`;
  const isDay = schema.format === 'date' || /(^|_)(day|date)$/.test(wordsOf(name).join('_'));
  return isDay && columns.includes('day') ? '{day}' : null;
}
