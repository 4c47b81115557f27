import type { Catalogue, CatalogueIndex, CatalogueTable, IndexKey } from '../../harness/advice/catalogue.ts';
import type { IndexDefinition } from '../../harness/advice/index-definition.ts';
import type { Measurement, StatementCosts } from '../../harness/advice/measurement.ts';

/** A table of 10,000 rows; `columns` says how many different values each has. */
export function catalogueTable(
  name: string,
  columns: Readonly<Record<string, number | null>>,
  overrides: Partial<CatalogueTable> = {},
): CatalogueTable {
  const known = Object.entries(columns).map(
    ([column, distinctValues]) => [column, { name: column, distinctValues }] as const,
  );
  return { schema: 'public', name, rows: 10_000, bytes: 1_000_000, columns: new Map(known), ...overrides };
}

export function catalogueOf(tables: readonly CatalogueTable[], rest: Partial<Catalogue> = {}): Catalogue {
  return { tables, indexes: [], foreignKeys: [], searchPath: ['public'], ...rest };
}

/** `day` is ascending, `day-` descending. */
export function keysOf(...columns: string[]): IndexKey[] {
  return columns.map((column) => ({
    column: column.replace(/-$/, ''),
    descending: column.endsWith('-'),
  }));
}

export function catalogueIndex(
  table: string,
  columns: readonly string[],
  overrides: Partial<CatalogueIndex> = {},
): CatalogueIndex {
  const name = overrides.name ?? `${table}_${columns.join('_')}_idx`;
  return {
    schema: 'public',
    name,
    table,
    method: 'btree',
    keys: keysOf(...columns),
    included: [],
    unique: false,
    valid: true,
    predicate: null,
    required: false,
    bytes: 1_000,
    definition: `CREATE INDEX ${name} ON public.${table} USING btree (${columns.join(', ')})`,
    ...overrides,
  };
}

export function indexOn(table: string, ...columns: string[]): IndexDefinition {
  return { schema: 'public', table, name: `${table}_${columns.join('_')}_idx`, keys: keysOf(...columns) };
}

export function statementCosts(overrides: Partial<StatementCosts> & { statement: string }): StatementCosts {
  return { unit: 'dispatch', calls: 1, rows: 1, blocks: 0, walBytes: 0, databaseMs: 1, ...overrides };
}

export function measurementOf(
  statements: readonly StatementCosts[],
  rest: Partial<Measurement> = {},
): Measurement {
  return {
    statements,
    indexScans: new Map(),
    updates: [],
    built: [],
    outcomes: [],
    unitMs: new Map(),
    ...rest,
  };
}
