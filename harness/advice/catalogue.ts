/** What there is in a database to index: tables, columns, indexes, foreign keys. */
import type pg from 'pg';
import { USER_SCHEMA } from '../postgres/user-schema.ts';

export interface CatalogueColumn {
  readonly name: string;
  /** Different values as the statistics of ANALYZE estimate them; null when there are none. */
  readonly distinctValues: number | null;
}

export interface CatalogueTable {
  readonly schema: string;
  readonly name: string;
  /** As the last VACUUM or ANALYZE counted them, or counted now when neither has run. */
  readonly rows: number;
  /** The table itself, without indexes. */
  readonly bytes: number;
  readonly columns: ReadonlyMap<string, CatalogueColumn>;
}

/** One key of an index. */
export interface IndexKey {
  readonly column: string;
  readonly descending: boolean;
}

export interface CatalogueIndex {
  readonly schema: string;
  readonly name: string;
  readonly table: string;
  readonly method: string;
  /** Null for a key that is an expression. */
  readonly keys: readonly (IndexKey | null)[];
  readonly included: readonly string[];
  readonly unique: boolean;
  readonly valid: boolean;
  /** Condition of a partial index, as SQL. */
  readonly predicate: string | null;
  /** It backs a key, a unique or an exclusion constraint, or is what replicas identify rows by: it cannot go. */
  readonly required: boolean;
  readonly bytes: number;
  readonly definition: string;
}

export interface ForeignKey {
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
}

export interface Catalogue {
  readonly tables: readonly CatalogueTable[];
  readonly indexes: readonly CatalogueIndex[];
  readonly foreignKeys: readonly ForeignKey[];
  /** Schemas that a name without one is looked for in, in this order. */
  readonly searchPath: readonly string[];
}

/** Reads the catalogue of the database that `client` is connected to. Partitioned tables are left out. */
export async function readCatalogue(client: pg.Client): Promise<Catalogue> {
  const path = await client.query<{ schemas: string[] }>('SELECT current_schemas(false)::text[] AS schemas');
  return {
    tables: await readTables(client),
    indexes: await readIndexes(client),
    foreignKeys: await readForeignKeys(client),
    searchPath: path.rows[0]?.schemas ?? [],
  };
}

interface TableRow {
  readonly schema: string;
  readonly name: string;
  readonly rows: number;
  readonly bytes: string;
  readonly columns: { name: string; distinct: number | null }[];
}

async function readTables(client: pg.Client): Promise<CatalogueTable[]> {
  // n_distinct below 0 is a share of the rows (manual, pg_stats).
  const { rows } = await client.query<TableRow>(
    `SELECT n.nspname AS schema, c.relname AS name, c.reltuples::float8 AS rows, pg_table_size(c.oid) AS bytes,
            (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'distinct', s.n_distinct) ORDER BY a.attnum), '[]')
             FROM pg_attribute a
             LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
                                 AND NOT s.inherited
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'm') AND ${USER_SCHEMA}
     ORDER BY n.nspname, c.relname`,
  );
  const tables: CatalogueTable[] = [];
  for (const row of rows) {
    const count = row.rows > 0 ? row.rows : await countRows(client, row);
    const columns = row.columns.map(({ name, distinct }): [string, CatalogueColumn] => [
      name,
      { name, distinctValues: distinct !== null && distinct < 0 ? -distinct * count : distinct },
    ]);
    tables.push({
      schema: row.schema,
      name: row.name,
      rows: count,
      bytes: Number(row.bytes),
      columns: new Map(columns),
    });
  }
  return tables;
}

async function countRows(client: pg.Client, { schema, name }: TableRow): Promise<number> {
  const { rows } = await client.query<{ n: string }>(
    `SELECT count(*) AS n FROM ${client.escapeIdentifier(schema)}.${client.escapeIdentifier(name)}`,
  );
  return Number(rows[0]?.n ?? 0);
}

/** All indexes of the database that `client` is connected to, by schema, table and name. */
export async function readIndexes(client: pg.Client): Promise<CatalogueIndex[]> {
  // Bit 0 of indoption is DESC (catalog/pg_index.h).
  const { rows } = await client.query<
    Omit<CatalogueIndex, 'bytes' | 'keys'> & { bytes: string; keys: (IndexKey | null)[] }
  >(
    `SELECT n.nspname AS schema, c.relname AS name, t.relname AS table, am.amname AS method,
            i.indisunique AS unique, i.indisvalid AS valid, pg_get_expr(i.indpred, i.indrelid) AS predicate,
            (EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
              OR i.indisreplident OR i.indisclustered) AS required,
            pg_relation_size(c.oid) AS bytes, pg_get_indexdef(c.oid) AS definition,
            (SELECT json_agg(CASE WHEN a.attname IS NULL THEN NULL ELSE json_build_object(
                      'column', a.attname, 'descending', (i.indoption[k.place - 1] & 1) = 1) END ORDER BY k.place)
             FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
             LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum > 0
             WHERE k.place <= i.indnkeyatts) AS keys,
            ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
                  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                  WHERE k.place > i.indnkeyatts ORDER BY k.place) AS included
     FROM pg_index i
     JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
     JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am am ON am.oid = c.relam
     WHERE t.relkind IN ('r', 'm') AND ${USER_SCHEMA}
     ORDER BY n.nspname, t.relname, c.relname`,
  );
  return rows.map((row) => ({ ...row, bytes: Number(row.bytes), keys: row.keys ?? [] }));
}

async function readForeignKeys(client: pg.Client): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `SELECT k.conname AS name, n.nspname AS schema, t.relname AS table,
            ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS c (attnum, place)
                  JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.attnum ORDER BY c.place) AS columns
     FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE k.contype = 'f' AND t.relkind = 'r' AND ${USER_SCHEMA}
     ORDER BY n.nspname, t.relname, k.conname`,
  );
  return rows;
}

/** The table that a statement means by a name. A name without schema is looked for along the search path, then anywhere. */
export function findTable(
  { tables, searchPath }: Catalogue,
  name: string,
  schema?: string,
): CatalogueTable | null {
  const named = tables.filter((table) => table.name === name);
  if (schema !== undefined) return named.find((table) => table.schema === schema) ?? null;
  for (const candidate of searchPath) {
    const found = named.find((table) => table.schema === candidate);
    if (found) return found;
  }
  return named.length === 1 ? (named[0] as CatalogueTable) : null;
}
