import type { TableMapping, TableRow } from '../config/rushhour-config.ts';
import { similarName } from '../config/similar-name.ts';
import { HarnessError } from '../errors.ts';
import { columnText, shown, WrongValue } from './column-text.ts';
import {
  type ForeignColumn,
  type ForeignKey,
  type ForeignTable,
  tableName,
  tablesNamed,
} from './foreign-schema.ts';
import { LocalTime } from './local-time.ts';
import { columnsOf, type MappedEntity } from './mapped-rows.ts';
import { orderTables } from './order-tables.ts';

export interface MappingInput {
  /** By table, as the config calls it. */
  readonly rows: Readonly<Record<string, TableMapping>>;
  readonly schema: readonly ForeignTable[];
  /** What the mappings make of some entities, by table. */
  readonly samples: Readonly<Record<string, readonly MappedEntity[]>>;
  /** `schema.table` of tables that hold rows before anything is loaded. */
  readonly filled: ReadonlySet<string>;
  /** Of the service; left out where the config does not say it. */
  readonly timeZone?: string | undefined;
}

/** A table to load: in which columns, after which others. */
export interface PlannedTable {
  readonly key: string;
  readonly mapping: TableMapping;
  readonly table: ForeignTable;
  /** Those that rows give values for. */
  readonly columns: readonly ForeignColumn[];
  /** Foreign keys that the sampled rows use. */
  readonly used: readonly ForeignKey[];
}

export interface MappingPlan {
  /** In the order of loading. */
  readonly tables: readonly PlannedTable[];
  /** What is worth knowing and wrong in no way. */
  readonly notes: readonly string[];
}

/**
 * Compares a mapping with the tables it is to fill, by their catalogue and by sampled rows.
 * @throws HarnessError BAD_CONFIG with everything that is wrong, a line each
 */
export function checkMapping(input: MappingInput): MappingPlan {
  const check = new MappingCheck(input);
  const tables = Object.entries(input.rows).flatMap(([key, mapping]) => check.table(key, mapping));
  const ordered = check.order(tables);
  const problems = check.problems();
  if (problems.length === 0) return { tables: ordered, notes: check.notes };
  const many = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  throw new HarnessError(
    'BAD_CONFIG',
    `The rows of the config do not fit the schema (${many}; nothing was loaded):\n${problems.map((line) => `  ${line}`).join('\n')}`,
    { hint: 'Mend the mappings in `dataset.rows`, or the schema, and start again.' },
  );
}

class MappingCheck {
  readonly notes: string[] = [];
  private readonly input: MappingInput;
  private readonly local: LocalTime;
  /** By what is wrong where: each is told once, with the first row that shows it. */
  private readonly found = new Map<string, string>();

  constructor(input: MappingInput) {
    this.input = input;
    this.local = this.localTime();
  }

  problems(): string[] {
    return [...this.found.values()];
  }

  table(key: string, mapping: TableMapping): PlannedTable[] {
    const table = this.find(key);
    if (!table) return [];
    if (table.triggers.length > 0) {
      const names = table.triggers.join(', ');
      this.notes.push(`${placeOf(key)}: the table has triggers, which every row fires: ${names}`);
    }
    const samples = this.input.samples[key] ?? [];
    this.mappingErrors(key, mapping, samples);
    const rows = samples.flatMap((one) =>
      'rows' in one ? one.rows.map((row) => ({ row, entity: `${mapping.from} ${one.id}` })) : [],
    );
    const first = rows[0];
    if (!first) {
      const why = samples.length > 0 ? `for none of ${samples.length} ${mapping.from}` : '';
      if (why && !samples.some((one) => 'error' in one)) this.add(key, '', 'empty', `makes a row ${why}`);
      return [{ key, mapping, table, columns: [], used: [] }];
    }
    const columns = this.columns(key, table, first.row);
    for (const { row, entity } of rows) this.row(key, { columns, first: first.row, row, entity });
    this.missing(key, table, first.row);
    const used = this.foreignKeys(
      key,
      table,
      rows.map(({ row }) => row),
    );
    return [{ key, mapping, table, columns, used }];
  }

  order(tables: readonly PlannedTable[]): readonly PlannedTable[] {
    for (const one of tables) {
      const twice = tables.find((other) => other.table === one.table && other !== one);
      if (twice && twice.key > one.key)
        this.add(one.key, '', 'twice', `is the same table as ${placeOf(twice.key)}`);
    }
    const order = orderTables(tables);
    if ('ordered' in order) return order.ordered;
    const circle = order.cycle.map(({ from, by }) => `${from.key}.${by.columns.join('+')}`);
    const first = order.cycle[0]?.from.key ?? '';
    this.add(
      first,
      '',
      'cycle',
      `foreign keys go round in a circle: ${circle.join(' → ')} → ${first}. Make one of them DEFERRABLE in the schema, or leave its column null`,
    );
    return tables;
  }

  private localTime(): LocalTime {
    try {
      return new LocalTime(this.input.timeZone ?? 'UTC');
    } catch {
      const got = shown(this.input.timeZone);
      this.found.set('zone', `service.timeZone: expected the IANA name of a time zone, got ${got}`);
      return new LocalTime('UTC');
    }
  }

  private find(key: string): ForeignTable | null {
    const found = tablesNamed(this.input.schema, key);
    if (found.length === 1) return found[0] ?? null;
    if (found.length > 1) {
      const names = found.map((table) => `${table.schema}.${table.name}`).join(', ');
      this.add(key, '', 'table', `there are several tables of that name: ${names}. Name the schema too`);
      return null;
    }
    const names = this.input.schema.map(tableName);
    const plain = new Map(this.input.schema.map((table) => [table.name, tableName(table)]));
    const near = similarName(key, names) ?? plain.get(similarName(key, plain.keys()) ?? '');
    const said = names.length > 0 ? `there are ${names.join(', ')}` : 'the schema has none';
    this.add(key, '', 'table', `no such table; ${near === undefined ? said : `did you mean ${near}?`}`);
    return null;
  }

  private mappingErrors(key: string, { from }: TableMapping, samples: readonly MappedEntity[]): void {
    for (const one of samples) {
      if ('error' in one) this.add(key, '', 'mapping', `${one.error} (${from} ${one.id})`);
    }
  }

  private columns(key: string, table: ForeignTable, row: TableRow): ForeignColumn[] {
    return columnsOf(row).flatMap((name) => {
      const column = table.columns.find((one) => one.name === name);
      if (!column) {
        const names = table.columns.map((one) => one.name);
        const near = similarName(name, names);
        const said = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`;
        this.add(key, name, 'column', `no such column; ${said}`);
        return [];
      }
      if (column.generated) {
        this.add(key, name, 'generated', 'PostgreSQL computes this column itself: leave it out');
        return [];
      }
      if (column.type === 'timestamp' && this.input.timeZone === undefined) {
        this.notes.push(
          `${placeOf(key, name)}: ${column.declared}, and service.timeZone is not given: moments are written in UTC`,
        );
      }
      return [column];
    });
  }

  private row(
    key: string,
    {
      columns,
      first,
      row,
      entity,
    }: { columns: readonly ForeignColumn[]; first: TableRow; row: TableRow; entity: string },
  ): void {
    const difference = columnDifference(first, row);
    if (difference !== null) {
      const rule = 'Give every row the same columns, and null for what it lacks';
      this.add(key, '', 'columns', `the row of ${entity} is ${difference} unlike the first. ${rule}`);
    }
    for (const column of columns) {
      const value = row[column.name];
      if (value === undefined) continue;
      if (value === null && (column.notNull || column.identity))
        this.add(key, column.name, 'null', `the column is NOT NULL, got null (${entity})`);
      try {
        columnText(column, value, this.local);
      } catch (error) {
        if (!(error instanceof WrongValue)) throw error;
        this.add(key, column.name, 'value', `${error.message} (${entity})`);
      }
    }
  }

  private missing(key: string, table: ForeignTable, row: TableRow): void {
    const given = columnsOf(row);
    for (const { name, notNull, hasDefault, identity, generated, declared } of table.columns) {
      if (!notNull || hasDefault || identity || generated || given.includes(name)) continue;
      this.add(key, name, 'missing', `the column (${declared}) is NOT NULL and has no default: give a value`);
    }
  }

  /** Those of which some row has all columns. */
  private foreignKeys(key: string, table: ForeignTable, rows: readonly TableRow[]): ForeignKey[] {
    const used = table.foreignKeys.filter(({ columns }) =>
      rows.some((row) => columns.every((column) => row[column] !== undefined && row[column] !== null)),
    );
    for (const foreign of used) {
      const target = `${foreign.schema}.${foreign.table}`;
      const mapped = Object.keys(this.input.rows).some((other) =>
        tablesNamed(this.input.schema, other).some((one) => `${one.schema}.${one.name}` === target),
      );
      if (mapped || this.input.filled.has(target)) continue;
      const name = tableName({ schema: foreign.schema, name: foreign.table });
      this.add(
        key,
        foreign.columns.join('+'),
        'foreign key',
        `refers to ${name}, which nobody fills: map it too, or fill it in dataset.schema`,
      );
    }
    return used;
  }

  private add(key: string, column: string, kind: string, problem: string): void {
    const what = `${key}\n${column}\n${kind}`;
    if (!this.found.has(what)) this.found.set(what, `${placeOf(key, column)}: ${problem}`);
  }
}

/** `dataset.rows.stop.planned_at` */
export function placeOf(key: string, column = ''): string {
  const table = /^\w+$/.test(key) ? `dataset.rows.${key}` : `dataset.rows['${key}']`;
  return column === '' ? table : `${table}.${column}`;
}

/** "with notes, without state"; `null` when both give the same columns. */
export function columnDifference(first: TableRow, row: TableRow): string | null {
  const [expected, got] = [columnsOf(first), columnsOf(row)];
  const more = got.filter((name) => !expected.includes(name)).map((name) => `with ${name}`);
  const fewer = expected.filter((name) => !got.includes(name)).map((name) => `without ${name}`);
  const all = [...more, ...fewer];
  return all.length === 0 ? null : all.join(', ');
}
