/** One page of a list that is walked from row to row. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Give it as `after` to get the next page; null on the last one. */
  readonly nextAfter: number | null;
}

/** Splits off the one row more than `limit` that a page query asks for to learn whether there is a next page. */
export function cutPage<Row extends { readonly id: number }>(rows: readonly Row[], limit: number): Page<Row> {
  const items = rows.slice(0, limit);
  return { items, nextAfter: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** A statement with its parameters. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * A page of `select`. Only the conditions that were asked for are in the statement, so each shape of
 * it can use its own index, also under a generic plan.
 */
export function pageStatement(options: {
  readonly select: string;
  /** Columns that order the list and tell every row from every other. */
  readonly order: string;
  /** SQL with `?` for its one value. */
  readonly conditions: readonly (readonly [sql: string, value: unknown])[];
  readonly limit: number;
}): Statement {
  const values: unknown[] = [];
  const place = (sql: string, value: unknown) => sql.replace('?', `$${values.push(value)}`);
  const where = options.conditions.map(([sql, value]) => place(sql, value)).join(' AND ');
  const limit = place('LIMIT ?', options.limit + 1);
  return { text: `${options.select} WHERE ${where} ORDER BY ${options.order} ${limit}`, values };
}
