/** What a column name means at one place of a statement. */
import { type Catalogue, type CatalogueTable, findTable } from './catalogue.ts';
import { type Fields, fieldsOf, listOf, textOf } from './parse-tree.ts';

/** How one statement uses the columns of one table at one place of its FROM. */
export interface TableUse {
  readonly table: CatalogueTable;
  /** Compared by `=`, `IN`, `= ANY`, `IS NULL` or as a boolean, with what is known before the table is read. */
  readonly equality: Set<string>;
  /** Compared by `=` with a column of another table. */
  readonly join: Set<string>;
  /** Compared by `<`, `>`, `BETWEEN`. */
  readonly range: Set<string>;
  /** Given a new value by UPDATE: an index on one of them ends heap-only updates. */
  readonly written: Set<string>;
  /** ORDER BY, DISTINCT ON, min or max: the leading columns that are of this table. */
  sort: { column: string; descending: boolean }[];
}

/** The column of a table that a name stands for. */
export interface ColumnOrigin {
  readonly use: TableUse;
  readonly column: string;
}

/** Columns that a subquery gives out, by name and in their order; null for one that is an expression. */
export type Outputs = ReadonlyMap<string, ColumnOrigin | null>;

/** One entry of a FROM: a table, or something that gives columns out. */
export interface Source {
  readonly name: string;
  readonly use: TableUse | null;
  readonly outputs: Outputs;
}

/** The names that can be seen in one SELECT, and beyond it those around it. */
export class Scope {
  readonly sources: Source[] = [];
  readonly #commonTables = new Map<string, Outputs>();
  readonly #around: Scope | null;
  readonly #catalogue: Catalogue;

  constructor(catalogue: Catalogue, around: Scope | null) {
    this.#catalogue = catalogue;
    this.#around = around;
  }

  defineCommonTable(name: string, outputs: Outputs): void {
    this.#commonTables.set(name, outputs);
  }

  #commonTable(name: string): Outputs | null {
    const around = this.#around;
    return this.#commonTables.get(name) ?? (around ? around.#commonTable(name) : null);
  }

  /** Adds what a RangeVar names. Returns the use when it is a table of the catalogue. */
  addRelation(relation: Fields): TableUse | null {
    const name = String(relation.relname ?? '');
    const schema = typeof relation.schemaname === 'string' ? relation.schemaname : undefined;
    const alias = aliasOf(relation);
    const common = schema === undefined ? this.#commonTable(name) : null;
    if (common) {
      this.add({ name: alias?.name ?? name, use: null, outputs: renamed(common, alias?.columns) });
      return null;
    }
    const table = findTable(this.#catalogue, name, schema);
    const use: TableUse | null = table && newUse(table);
    this.add({ name: alias?.name ?? name, use, outputs: new Map() });
    return use;
  }

  add(source: Source): void {
    this.sources.push(source);
  }

  /** Null for a column of something that is no table, an expression, or a name that cannot be told. */
  resolve(path: readonly (string | null)[]): ColumnOrigin | null {
    const column = path.at(-1);
    if (column == null) return null;
    const qualifier = path.at(-2);
    for (const source of this.sources) {
      if (qualifier != null && source.name !== qualifier) continue;
      const origin = originIn(source, column);
      if (origin || qualifier != null || source.outputs.has(column)) return origin;
    }
    return this.#around?.resolve(path) ?? null;
  }

  /** All columns that `*` or `name.*` gives out. */
  allColumns(qualifier: string | null): [string, ColumnOrigin | null][] {
    return this.sources
      .filter(({ name }) => qualifier === null || name === qualifier)
      .flatMap(({ use, outputs }): [string, ColumnOrigin | null][] =>
        use ? [...use.table.columns.keys()].map((column) => [column, { use, column }]) : [...outputs],
      );
  }
}

export function newUse(table: CatalogueTable): TableUse {
  return { table, equality: new Set(), join: new Set(), range: new Set(), written: new Set(), sort: [] };
}

function originIn({ use, outputs }: Source, column: string): ColumnOrigin | null {
  if (use) return use.table.columns.has(column) ? { use, column } : null;
  return outputs.get(column) ?? null;
}

/** Alias of an entry of a FROM, with the column names it may give. */
export function aliasOf(entry: Fields): { name: string; columns: string[] } | null {
  const alias = fieldsOf(entry.alias);
  if (!alias) return null;
  return {
    name: String(alias.aliasname ?? ''),
    columns: listOf(alias.colnames).map((one) => textOf(one) ?? ''),
  };
}

/** Outputs under the column names of an alias, which stand in the order of the outputs. */
export function renamed(outputs: Outputs, names: readonly string[] | undefined): Outputs {
  if (!names || names.length === 0) return outputs;
  return new Map([...outputs].map(([name, origin], index) => [names[index] ?? name, origin]));
}
