/** Indexes that the workload could use, from how it uses columns: equality first, then a range or an order. */
import type { Catalogue, CatalogueIndex, CatalogueTable, IndexKey } from './catalogue.ts';
import { type IndexDefinition, indexName, isPrefix } from './index-definition.ts';
import type { TableUse } from './scope.ts';

/** Below it a table is a few pages, which are read faster in sequence (PgHero leaves such tables out as well). */
export const FEWEST_ROWS = 500;

const MOST_KEYS = 3;
/** Columns under equality that are permuted; beyond these only the most selective are tried. */
const MOST_EQUALITIES = 4;

export interface IndexCandidate extends IndexDefinition {
  readonly origin: 'workload' | 'foreign-key';
  /** Keys that updates of the workload write: each update of them writes every index of the table. */
  readonly writtenKeys: number;
}

/** A table that the workload searches and that gets no index, with the reason. */
export interface SpareTable {
  readonly schema: string;
  readonly table: string;
  readonly rows: number;
  readonly reason: string;
}

export interface Candidates {
  readonly candidates: readonly IndexCandidate[];
  readonly spareTables: readonly SpareTable[];
}

/** @param uses of all statements; how often each runs does not matter here */
export function buildCandidates(uses: readonly TableUse[], catalogue: Catalogue): Candidates {
  const spare = new Map<CatalogueTable, SpareTable>();
  const keysOf = new Map<
    string,
    { table: CatalogueTable; keys: IndexKey[]; origin: IndexCandidate['origin'] }
  >();
  const propose = (table: CatalogueTable, keys: IndexKey[], origin: IndexCandidate['origin']) => {
    if (isCovered(table, keys, catalogue.indexes)) return;
    const id = JSON.stringify([table.schema, table.name, keys]);
    if (!keysOf.has(id)) keysOf.set(id, { table, keys, origin });
  };
  for (const use of uses.filter(isSearch)) {
    const { table } = use;
    if (table.rows < FEWEST_ROWS) spare.set(table, spareTable(table));
    else for (const keys of keysFor(use, catalogue)) propose(table, keys, 'workload');
  }
  for (const { schema, table: name, columns } of catalogue.foreignKeys) {
    const table = catalogue.tables.find((one) => one.schema === schema && one.name === name);
    if (table && table.rows >= FEWEST_ROWS) propose(table, columns.map(ascending), 'foreign-key');
  }
  const taken = new Set(catalogue.indexes.map(({ name }) => name));
  const candidates = [...keysOf.values()].map(({ table, keys, origin }) => {
    const name = indexName(table.name, keys, taken);
    taken.add(name);
    const written = keys.filter(({ column }) =>
      uses.some((use) => use.table === table && use.written.has(column)),
    );
    return { schema: table.schema, table: table.name, name, keys, origin, writtenKeys: written.length };
  });
  return { candidates, spareTables: [...spare.values()] };
}

function isSearch({ equality, join, range, sort }: TableUse): boolean {
  return equality.size + join.size + range.size + sort.length > 0;
}

function spareTable({ schema, name, rows }: CatalogueTable): SpareTable {
  return { schema, table: name, rows, reason: `${rows} rows: a sequential scan is right` };
}

function ascending(column: string): IndexKey {
  return { column, descending: false };
}

/** An index that is there already begins with these keys. Partial, invalid and other kinds of indexes cover nothing. */
function isCovered(
  { schema, name }: CatalogueTable,
  keys: readonly IndexKey[],
  indexes: readonly CatalogueIndex[],
): boolean {
  return indexes.some(
    (index) =>
      index.schema === schema && index.table === name && isPlain(index) && isPrefix(keys, index.keys),
  );
}

export function isPlain({ method, valid, predicate }: CatalogueIndex): boolean {
  return method === 'btree' && valid && predicate === null;
}

/** Every sequence of keys worth trying for one use; none where a unique index finds its one row already. */
function keysFor(use: TableUse, catalogue: Catalogue): IndexKey[][] {
  const { table, equality, join, range, sort } = use;
  const all = new Set([...equality, ...join]);
  if (isUniqueWithin(table, all, catalogue.indexes)) return [];
  const equalities = bySelectivity(all, table).slice(0, MOST_EQUALITIES);
  const heads = [...equalities.map((one) => [one]), ...pairsOf(equalities), equalities.slice(0, MOST_KEYS)];
  const ranges = [...range].filter((column) => !all.has(column)).map((column) => [ascending(column)]);
  const tails = [[], ...ranges, sortTail(sort, all)];
  const sequences = [[], ...heads].flatMap((head) =>
    tails.map((tail) => [...head.map(ascending), ...tail].slice(0, MOST_KEYS)),
  );
  return sequences.filter((keys) => keys.length > 0);
}

function isUniqueWithin(
  { schema, name }: CatalogueTable,
  columns: ReadonlySet<string>,
  indexes: readonly CatalogueIndex[],
): boolean {
  return indexes.some(
    (index) =>
      index.schema === schema &&
      index.table === name &&
      index.unique &&
      isPlain(index) &&
      index.keys.every((key) => key !== null && columns.has(key.column)),
  );
}

/** Most different values first; columns without statistics last. */
function bySelectivity(columns: ReadonlySet<string>, { columns: known }: CatalogueTable): string[] {
  const distinct = (column: string) => known.get(column)?.distinctValues ?? 0;
  return [...columns].sort((a, b) => distinct(b) - distinct(a) || (a < b ? -1 : 1));
}

/** Both orders of every two. */
function pairsOf(columns: readonly string[]): string[][] {
  return columns.flatMap((first) =>
    columns.filter((second) => second !== first).map((second) => [first, second]),
  );
}

/** Columns of an order that are not fixed by equality. One that only runs backwards is read backwards from an index forwards. */
function sortTail(sort: TableUse['sort'], fixed: ReadonlySet<string>): IndexKey[] {
  const keys = sort.filter(({ column }) => !fixed.has(column)).slice(0, MOST_KEYS);
  return keys.every(({ descending }) => descending) ? keys.map(({ column }) => ascending(column)) : keys;
}
