/** An index that is not there yet, and how it is written as SQL. */
import type { IndexKey } from './catalogue.ts';

export interface IndexDefinition {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly keys: readonly IndexKey[];
}

/** Bytes that PostgreSQL keeps of a name (NAMEDATALEN − 1). */
const NAME_BYTES = 63;

/** `<table>_<columns>_idx` as PostgreSQL would name it, cut to fit, with a number when the name is taken. */
export function indexName(table: string, keys: readonly IndexKey[], taken: ReadonlySet<string>): string {
  const base = [table, ...keys.map(({ column }) => column)].join('_');
  for (let number = 0; ; number++) {
    const suffix = number === 0 ? '_idx' : `_idx${number}`;
    const name = `${cutToBytes(base, NAME_BYTES - suffix.length)}${suffix}`;
    if (!taken.has(name)) return name;
  }
}

function cutToBytes(text: string, bytes: number): string {
  let cut = text;
  while (Buffer.byteLength(cut) > bytes) cut = [...cut].slice(0, -1).join('');
  return cut;
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A name that PostgreSQL folds to itself stands plain; key words among them are quoted by {@link quoteIdentifier}. */
function readableIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteIdentifier(name);
}

/** `booking (company_id, scheduled_time DESC)`, for people. */
export function describeIndex({ schema, table, keys }: Omit<IndexDefinition, 'name'>): string {
  const where = schema === 'public' ? '' : `${readableIdentifier(schema)}.`;
  const columns = keys.map(
    ({ column, descending }) => `${readableIdentifier(column)}${descending ? ' DESC' : ''}`,
  );
  return `${where}${readableIdentifier(table)} (${columns.join(', ')})`;
}

/** @param how words between CREATE INDEX and the name, for example `CONCURRENTLY IF NOT EXISTS` */
export function createIndexSql({ schema, table, name, keys }: IndexDefinition, how = ''): string {
  const columns = keys.map(
    ({ column, descending }) => `${quoteIdentifier(column)}${descending ? ' DESC' : ''}`,
  );
  return `CREATE INDEX ${how === '' ? '' : `${how} `}${quoteIdentifier(name)} ON ${quoteIdentifier(schema)}.${quoteIdentifier(table)} (${columns.join(', ')})`;
}

/** @param how words between DROP INDEX and the name */
export function dropIndexSql({ schema, name }: Pick<IndexDefinition, 'schema' | 'name'>, how = ''): string {
  return `DROP INDEX ${how === '' ? '' : `${how} `}${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** Whether the keys of `shorter` are those that `longer` begins with, read forwards or all of them backwards. */
export function isPrefix(shorter: readonly IndexKey[], longer: readonly (IndexKey | null)[]): boolean {
  if (shorter.length > longer.length) return false;
  const same = (turned: boolean) =>
    shorter.every(({ column, descending }, place) => {
      const key = longer[place];
      return key?.column === column && (key.descending === descending) !== turned;
    });
  return same(false) || same(true);
}
