import { readFile } from 'node:fs/promises';
import type pg from 'pg';

/** A column of somebody's table. */
export interface ForeignColumn {
  readonly name: string;
  /** Name of the type in `pg_type`, below any domain; of an array its element's: `int4`, `varchar`, `timestamptz`. */
  readonly type: string;
  /** As PostgreSQL writes it: `character varying(20)`, or the name of a domain. */
  readonly declared: string;
  readonly array: boolean;
  /** The column's, or its domain's. */
  readonly notNull: boolean;
  /** Whether there is a value when none is given; identity not counted. */
  readonly hasDefault: boolean;
  readonly identity: 'always' | 'by default' | null;
  /** Computed from other columns: nothing can be written into it. */
  readonly generated: boolean;
  /** What `varchar(20)` and the like say in the parentheses, as PostgreSQL keeps it; -1 for nothing. */
  readonly modifier: number;
  /** Of an enum, in its order. */
  readonly labels: readonly string[] | null;
  /** The sequence that belongs to the column, quoted where needed. */
  readonly sequence: string | null;
}

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly schema: string;
  readonly table: string;
  readonly deferrable: boolean;
}

/** A table, or a partitioned one with all its partitions. */
export interface ForeignTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ForeignColumn[];
  readonly keys: readonly {
    readonly kind: 'primary' | 'unique';
    readonly name: string;
    readonly columns: readonly string[];
  }[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly { readonly name: string; readonly text: string }[];
  /** Those that are on. */
  readonly triggers: readonly string[];
}

/** The tables that people made in a database, ordered by schema and name. */
export async function readForeignSchema(client: pg.Client): Promise<ForeignTable[]> {
  const { rows } = await client.query<ForeignTable>(await readFile(CATALOGUE_FILE, 'utf8'));
  return rows.map((row) => ({ ...row, columns: row.columns ?? [] }));
}

const CATALOGUE_FILE = new URL('./foreign-schema.sql', import.meta.url);

/** `stop`, or `ops.vehicle` outside of the schema `public`. */
export function tableName({ schema, name }: Pick<ForeignTable, 'schema' | 'name'>): string {
  return schema === 'public' ? name : `${schema}.${name}`;
}

/** The tables that a name in a config may mean: with its schema, or the one in `public`, or else those in any schema. */
export function tablesNamed(schema: readonly ForeignTable[], text: string): readonly ForeignTable[] {
  const exact = schema.filter((table) => `${table.schema}.${table.name}` === text);
  if (exact.length > 0) return exact;
  const plain = schema.filter((table) => table.name === text);
  const inPublic = plain.filter((table) => table.schema === 'public');
  return inPublic.length > 0 ? inPublic : plain;
}
