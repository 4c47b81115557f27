/** How a table of a foreign schema is filled from our entities: a proposal, column by column. */
import type { EntityName } from '../../seed/entities.ts';
import {
  type ColumnFacts,
  type DatabaseFacts,
  fillsItself,
  nameOfTable,
  type TableFacts,
} from './catalogue.ts';
import { ENTITY_VARIABLE, meaningOf } from './column-meaning.ts';
import { arrow, type ConfigEntry, code, object, plain, quoted, TODO } from './config-tree.ts';
import { isPassword } from './read-catalogue.ts';
import {
  keyColumn,
  type RoleOfTable,
  type Roles,
  referenceTo,
  scheduledColumn,
  stateColumn,
} from './roles-of-tables.ts';
import { labelOf, type Meaning } from './state-labels.ts';

/** Members of our entities that hold the id of another. */
const REFERENCES: Readonly<
  Record<EntityName, Readonly<Partial<Record<EntityName, { member: string; optional?: true }>>>>
> = {
  companies: {},
  users: { companies: { member: 'companyId' } },
  clients: { companies: { member: 'companyId' } },
  drivers: { companies: { member: 'companyId' } },
  bookings: {
    companies: { member: 'companyId' },
    clients: { member: 'clientId' },
    drivers: { member: 'driverId', optional: true },
  },
  dispatchRuns: { companies: { member: 'companyId' }, users: { member: 'requestedBy', optional: true } },
  assignments: {
    dispatchRuns: { member: 'dispatchRunId' },
    bookings: { member: 'bookingId' },
    drivers: { member: 'driverId' },
  },
};

/** States of our entities and what of the target's labels means the same. */
const STATES: Readonly<Partial<Record<EntityName, Readonly<Record<string, Meaning>>>>> = {
  bookings: { open: 'open', completed: 'completed', cancelled: 'cancelled' },
  assignments: { completed: 'completed', cancelled: 'cancelled', declined: 'declined' },
};

/** The entry of `dataset.rows` for a table, with a TODO for each column that needs a value and has none. */
export function tableMapping(
  entity: EntityName,
  role: RoleOfTable,
  { roles, database }: { readonly roles: Roles; readonly database: DatabaseFacts },
): ConfigEntry {
  const { table } = role;
  const context = { entity, table, roles, database };
  const entries = table.columns.flatMap((column) => mapColumn(column, context) ?? []);
  const named = new Set(entries.map(({ name }) => name));
  const left = table.columns.filter(({ name, generated }) => !generated && !named.has(name));
  const usesTools = entries.some(({ value }) => value.kind === 'code' && value.text.includes('tools.'));
  const variable = ENTITY_VARIABLE[entity];
  const size = table.rows === null ? '' : `, about ${table.rows.toLocaleString('en-US')} rows`;
  return {
    name: nameOfTable(table),
    comments: [
      `By ${role.why}${size}.${left.length > 0 ? ` Left to their defaults: ${left.map(({ name }) => name).join(', ')}.` : ''}`,
    ],
    ...(role.sure
      ? { found: `filled from ${entity}` }
      : {
          todo: `does ${nameOfTable(table)} hold ${entity}? Then take this out of the comment`,
          offered: true,
        }),
    value: object([
      { name: 'from', value: plain(entity) },
      {
        name: 'row',
        value: arrow(usesTools ? `${variable}, tools` : variable, object(entries)),
      },
    ]),
  };
}

interface MappingContext {
  readonly entity: EntityName;
  readonly table: TableFacts;
  readonly roles: Roles;
  readonly database: DatabaseFacts;
}

/** @returns `null` for a column that is left to its default */
function mapColumn(column: ColumnFacts, context: MappingContext): ConfigEntry | null {
  if (column.generated) return null;
  const { entity, table } = context;
  const { name } = column;
  const variable = ENTITY_VARIABLE[entity];
  const reference = mapReference(column, context);
  if (reference !== undefined) return reference;
  if (keyColumn(table)?.name === name) {
    const id = idAs(column, entity, `${variable}.id`);
    if (id) return { name, value: code(id) };
  }
  if (isPassword(column)) return mapPassword(column, context);
  if (stateColumn(table) === column) return mapState(column, context);
  if (entity === 'bookings' && scheduledColumn(table) === column)
    return { name, value: code(column.type === 'date' ? 'booking.day' : 'booking.scheduledTime') };
  const meaning = column.labels.length > 0 ? null : meaningOf(entity, column);
  if (meaning) return { name, value: code(meaning) };
  return stillNeeded(column, column.labels.length > 0 ? `one of ${column.labels.join(', ')}` : undefined);
}

function stillNeeded(column: ColumnFacts, what?: string): ConfigEntry | null {
  if (!column.notNull || fillsItself(column)) return null;
  const todo = `${column.type}, never null, no default${what ? `: ${what}` : ''}`;
  return { name: column.name, value: TODO, todo, offered: true };
}

/** @returns `undefined` for a column that refers to nothing */
function mapReference(
  column: ColumnFacts,
  { entity, table, roles }: MappingContext,
): ConfigEntry | null | undefined {
  const { name } = column;
  for (const [other, role] of Object.entries(roles) as [EntityName, RoleOfTable][]) {
    if (role.table === table || referenceTo(table, role.table) !== column) continue;
    const known = REFERENCES[entity][other];
    const key = keyColumn(role.table);
    const id =
      known && key && role.sure ? idAs(key, other, `${ENTITY_VARIABLE[entity]}.${known.member}`) : null;
    if (!known || !id) return stillNeeded(column, `refers to ${nameOfTable(role.table)}`);
    if (!known.optional || !id.includes('(')) return { name, value: code(id) };
    const member = `${ENTITY_VARIABLE[entity]}.${known.member}`;
    return { name, value: code(`${member} === null ? null : ${id}`) };
  }
  const declared = table.foreignKeys.find(({ columns }) => columns.includes(name));
  return declared
    ? stillNeeded(column, `refers to ${nameOfTable({ ...declared, name: declared.table })}`)
    : undefined;
}

/** An id of ours in the target's type of key. */
function idAs(key: ColumnFacts, entity: EntityName, id: string): string | null {
  if (/^(smallint|integer|bigint|numeric)/.test(key.type)) return id;
  if (key.type === 'uuid') return `tools.uuid('${ENTITY_VARIABLE[entity]}', ${id})`;
  if (/^(text|character)/.test(key.type)) return `String(${id})`;
  return null;
}

function mapPassword(column: ColumnFacts, { table, database }: MappingContext): ConfigEntry | null {
  const { name } = column;
  const scheme = database.passwordSchemes[`${table.schema}.${table.name}.${name}`];
  if (scheme?.name === 'pbkdf2-sha256') {
    const options = scheme.iterations ? `, { iterations: ${scheme.iterations} }` : '';
    return { name, value: code(`tools.passwordHash('pbkdf2-sha256'${options})`) };
  }
  if (scheme?.name === 'scrypt' || scheme?.name === 'sha256') {
    return {
      name,
      value: code(`tools.passwordHash('${scheme.name}')`),
      comments: [`As one value begins. Does the service take this form of ${scheme.name}?`],
    };
  }
  const known = scheme && scheme.name !== 'unknown' ? `a ${scheme.name} hash` : 'a hash';
  return {
    name,
    value: TODO,
    todo: `${known} of the password that login.accounts names, as the service makes it; the same for all users will do`,
  };
}

function mapState(column: ColumnFacts, { entity }: MappingContext): ConfigEntry | null {
  const states = STATES[entity];
  if (!states) {
    const label = entity === 'dispatchRuns' ? labelOf('done', column.labels) : null;
    if (label) return { name: column.name, value: plain(label) };
    return stillNeeded(column, column.labels.length > 0 ? `one of ${column.labels.join(', ')}` : undefined);
  }
  const labels = Object.entries(states).map(
    ([state, meaning]) => [state, labelOf(meaning, column.labels)] as const,
  );
  const known = labels.map(([state, label]) => `${state}: ${quoted(label ?? 'TODO')}`);
  const value = code(`{ ${known.join(', ')} }[${ENTITY_VARIABLE[entity]}.status]`);
  if (labels.every(([, label]) => label !== null)) return { name: column.name, value };
  const has = column.labels.length > 0 ? `, one of ${column.labels.join(', ')}` : '';
  return { name: column.name, value, todo: `the ${column.type} for what is 'TODO'${has}` };
}
