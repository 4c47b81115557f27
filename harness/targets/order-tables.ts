import type { ForeignKey, ForeignTable } from './foreign-schema.ts';

/** A table to be filled, with the foreign keys that its rows use. */
export interface FilledTable {
  /** As the config calls it. */
  readonly key: string;
  readonly table: ForeignTable;
  readonly used: readonly ForeignKey[];
}

/** Each table after those it refers to, or the tables that refer to each other in a circle. */
export type TableOrder<Filled> =
  | { readonly ordered: readonly Filled[] }
  | { readonly cycle: readonly { readonly from: Filled; readonly by: ForeignKey; readonly to: Filled }[] };

/**
 * Orders tables by their foreign keys. A key to the table itself does not count, since PostgreSQL checks it when the whole COPY is in; nor
 * does one that can be deferred to the end of the transaction. Otherwise as given.
 */
export function orderTables<Filled extends FilledTable>(tables: readonly Filled[]): TableOrder<Filled> {
  const ordered: Filled[] = [];
  const path: { from: Filled; by: ForeignKey; to: Filled }[] = [];
  const visit = (one: Filled): typeof path | null => {
    if (ordered.includes(one)) return null;
    for (const by of one.used) {
      const to = tables.find(({ table }) => table.schema === by.schema && table.name === by.table);
      if (!to || to === one || by.deferrable) continue;
      const start = path.findIndex(({ from }) => from === to);
      path.push({ from: one, by, to });
      const cycle = start >= 0 ? path.slice(start) : visit(to);
      if (cycle) return cycle;
      path.pop();
    }
    ordered.push(one);
    return null;
  };
  for (const one of tables) {
    const cycle = visit(one);
    if (cycle) return { cycle };
  }
  return { ordered };
}
