import type pg from 'pg';
import { type CatalogueIndex, type IndexKey, readIndexes } from '../../advice/catalogue.ts';
import type { IndexDefinition } from '../../advice/index-definition.ts';
import type { MigrationFact } from '../../week-record.ts';

type DeclaredIndex = MigrationFact['declared'][number];
type PresentIndex = MigrationFact['present'][number];

/** An index that a migration is to create. */
export function declaredIndex({ schema, table, name, keys }: IndexDefinition): DeclaredIndex {
  return { name, table: tableName(schema, table), columns: indexColumns(keys) };
}

/** The columns of an index in their order, for example `created_at DESC`; `(expression)` for a key that is no column. */
export function indexColumns(keys: readonly (IndexKey | null)[]): string[] {
  return keys.map((key) => (key === null ? '(expression)' : `${key.column}${key.descending ? ' DESC' : ''}`));
}

/** What the catalogue holds of indexes that no constraint needs, in the order of schema, table and name. */
export async function readSecondaryIndexes(client: pg.Client): Promise<PresentIndex[]> {
  return (await readIndexes(client)).filter(({ required }) => !required).map(presentIndex);
}

function presentIndex({ schema, table, name, keys, valid }: CatalogueIndex): PresentIndex {
  return { name, table: tableName(schema, table), columns: indexColumns(keys), valid };
}

function tableName(schema: string, table: string): string {
  return schema === 'public' ? table : `${schema}.${table}`;
}
