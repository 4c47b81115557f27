/** Which table of a foreign schema holds what: a guess, from names, keys and kinds of columns. */
import type { EntityName } from '../../seed/entities.ts';
import { type ColumnFacts, isNumber, isText, isTime, nameOfTable, type TableFacts } from './catalogue.ts';
import { singular, wordsOf } from './name-words.ts';
import { isPassword } from './read-catalogue.ts';
import { isStateName } from './state-labels.ts';

export interface RoleOfTable {
  readonly table: TableFacts;
  /** Name and structure agree. A table that is not sure is told, not used. */
  readonly sure: boolean;
  /** What spoke for it. */
  readonly why: string;
}

/** By the entity of ours that resembles what the table holds. */
export type Roles = Readonly<Partial<Record<EntityName, RoleOfTable>>>;

const NAMES: Readonly<Record<EntityName, string>> = {
  companies:
    'company tenant organisation organization org firm agency depot branch fleet workspace merchant hub warehouse operator business station',
  users: 'user account login staff member employee dispatcher admin',
  clients: 'client customer patient passenger consignee recipient shopper buyer rider',
  drivers: 'driver courier chauffeur technician engineer messenger worker carrier crew rider',
  bookings:
    'booking order job trip ride delivery request task shipment appointment visit parcel consignment ticket transport workorder reservation',
  dispatchRuns: 'run plan batch planning optimisation optimization wave dispatch schedule solve',
  assignments: 'assignment allocation match leg stop',
};

/** Bookkeeping of frameworks, and copies of what matters. */
const ASIDE =
  /^(django_|auth_(group|permission)|schema_migration|ar_internal|alembic|flyway|databasechange|knex_|active_storage|pg_|spatial_)|_(log|logs|history|audit|archive|event|events|backup|migration|migrations|old|tmp)$/;

export function rolesOfTables(tables: readonly TableFacts[]): Roles {
  const open = new Set(tables.filter(({ name }) => !ASIDE.test(name)));
  const roles: Partial<Record<EntityName, RoleOfTable>> = {};
  const take = (role: EntityName, judge: (table: TableFacts, byName: number) => Judgement | null) => {
    const judged = [...open].flatMap((table) => {
      const judgement = judge(table, nameScore(role, table));
      return judgement ? [{ table, ...judgement }] : [];
    });
    const best = judged.sort((a, b) => b.score - a.score)[0];
    if (!best) return;
    open.delete(best.table);
    // Two that are as good as each other are a choice.
    const rivals = judged.filter(({ score, table }) => score === best.score && table !== best.table);
    const rivalry = rivals.map(({ table }) => `${nameOfTable(table)} looks the same`);
    roles[role] = {
      table: best.table,
      sure: best.sure && rivals.length === 0,
      why: [...best.signs, ...rivalry].join(', '),
    };
  };
  const at = (role: EntityName) => roles[role]?.table;
  const referring = (table: TableFacts, others: readonly (TableFacts | undefined)[]) =>
    others.filter((other) => other && referenceTo(other, table) !== null).length;

  take('users', (table, byName) => {
    const password = table.columns.some(isPassword);
    const login = table.columns.some(({ name }) => /^(e_?mail|login|user_?name)/i.test(name));
    if (!(password && login) && byName < 2) return null;
    const signs = [...named(byName), ...(password ? ['a password'] : []), ...(login ? ['a login name'] : [])];
    return { score: byName + (password ? 3 : 0) + (login ? 1 : 0), sure: password && login, signs };
  });
  take('bookings', (table, byName) => {
    const state = stateColumn(table);
    const time = scheduledColumn(table);
    if (!state || !time || byName === 0) return null;
    const referred = tables.filter((other) => other !== table && referenceTo(other, table)).length;
    const references = table.columns.filter((column) => refersToAny(table, column, tables)).length;
    const signs = [...named(byName), `state \`${state.name}\``, `time \`${time.name}\``];
    return { score: byName * 2 + Math.min(referred, 3) + Math.min(references, 2), sure: byName >= 2, signs };
  });
  take('drivers', (table, byName) => {
    const bookings = at('bookings');
    if (byName < 2 || (bookings && referenceTo(table, bookings))) return null;
    const referred = tables.filter((other) => other !== table && referenceTo(other, table)).length;
    return {
      score: byName * 2 + Math.min(referred, 2),
      sure: byName >= 3 && referred > 0,
      signs: named(byName),
    };
  });
  take('companies', (table, byName) => {
    const referred = referring(table, [at('bookings'), at('drivers'), at('users')]);
    if (byName < 2 || referred === 0) return null;
    const signs = [...named(byName), `${referred} of users, drivers and bookings refer to it`];
    return { score: byName + referred * 2, sure: at('bookings') !== undefined && referred > 1, signs };
  });
  take('clients', (table, byName) => {
    const referred = referring(table, [at('bookings')]);
    if (byName < 2) return null;
    return {
      score: byName + referred * 3,
      sure: referred > 0,
      signs: [...named(byName), 'bookings refer to it'],
    };
  });
  take('assignments', (table, byName) => {
    const [bookings, drivers] = [at('bookings'), at('drivers')];
    const both = bookings && drivers && referenceTo(table, bookings) && referenceTo(table, drivers);
    if (!both && byName < 3) return null;
    const signs = [...named(byName), ...(both ? ['it refers to bookings and drivers'] : [])];
    return { score: byName + (both ? 4 : 0), sure: Boolean(both), signs };
  });
  take('dispatchRuns', (table, byName) => {
    const referred = referring(table, [at('assignments'), at('bookings')]);
    if (byName === 0 || referred === 0) return null;
    const signs = [...named(byName), 'assignments or bookings refer to it'];
    return { score: byName + referred * 2, sure: byName >= 2, signs };
  });
  return roles;
}

interface Judgement {
  readonly score: number;
  readonly sure: boolean;
  readonly signs: readonly string[];
}

const named = (byName: number): string[] => (byName > 0 ? ['its name'] : []);

/** 3: the table is called that; 2: its last word is; 1: another word is; 0: none. */
function nameScore(role: EntityName, { name }: TableFacts): number {
  const words = wordsOf(name).map(singular);
  const wanted = NAMES[role].split(' ');
  const isWanted = (word: string) => wanted.includes(word);
  if (words.every(isWanted) || isWanted(words.join(''))) return 3;
  if (isWanted(words.at(-1) ?? '')) return words.length === 2 ? 3 : 2; // `core_order`: the prefix is the application's
  return words.some(isWanted) ? 1 : 0;
}

/**
 * The column by which a table refers to another: a foreign key, else one named for it, such as `courier_id` for `couriers`. Of
 * several the first that is never null, else the first.
 */
export function referenceTo(table: TableFacts, other: TableFacts): ColumnFacts | null {
  const declared = table.foreignKeys.filter(
    (key) => key.schema === other.schema && key.table === other.name && key.columns.length === 1,
  );
  const names = declared.map(({ columns }) => columns[0] as string);
  const keyed = (name: string) => table.foreignKeys.some(({ columns }) => columns.includes(name));
  const found = table.columns.filter(({ name }) =>
    names.length > 0 ? names.includes(name) : !keyed(name) && isNamedFor(name, other),
  );
  return found.find(({ notNull }) => notNull) ?? found[0] ?? null;
}

function isNamedFor(column: string, { name }: TableFacts): boolean {
  const words = wordsOf(column);
  if (words.length < 2 || words.at(-1) !== 'id') return false;
  const said = words.slice(0, -1).map(singular).join('_');
  const table = wordsOf(name).map(singular);
  return said === table.join('_') || said === table.at(-1);
}

export function refersToAny(table: TableFacts, column: ColumnFacts, tables: readonly TableFacts[]): boolean {
  if (table.foreignKeys.some(({ columns }) => columns.includes(column.name))) return true;
  return tables.some((other) => other !== table && isNamedFor(column.name, other));
}

export function stateColumn({ columns }: TableFacts): ColumnFacts | null {
  const states = columns.filter((column) => isStateName(column.name) && (isText(column) || isNumber(column)));
  return states.find(({ name }) => /^(status|state)$/.test(name)) ?? states[0] ?? null;
}

const BOOKKEEPING =
  /^(created|updated|deleted|modified|inserted|finished|completed|cancelled|canceled|assigned|delivered|picked|changed|archived|last|date_joined|seen|synced|paid)/;
const SCHEDULED =
  /scheduled|pickup|pick_up|due|planned|requested|desired|wanted|deliver|window|start|slot|depart|arriv|time|date|day|for/;

/** When the work of a row is to be done; nothing that only says when the row was written. */
export function scheduledColumn({ columns }: TableFacts): ColumnFacts | null {
  const times = columns.filter(
    (column) => isTime(column) && !BOOKKEEPING.test(wordsOf(column.name).join('_')),
  );
  const scheduled = times.filter(({ name }) => SCHEDULED.test(wordsOf(name).join('_')));
  return scheduled.find(({ notNull }) => notNull) ?? scheduled[0] ?? times[0] ?? null;
}

/** The only column of the primary key. */
export function keyColumn(table: TableFacts): ColumnFacts | null {
  const [name, ...others] = table.primaryKey;
  return others.length > 0 ? null : (table.columns.find((column) => column.name === name) ?? null);
}
