/** Whether two variants have done the same work, by the rows of `outcome.sql`. Pure. */

/** What the dispatches of some offers have written. */
export interface WrittenRows {
  readonly variant: string;
  readonly columns: readonly string[];
  /** Values as text, in the order of the columns. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** How the second differs from the first, as a sentence without values; `null` when they are equal in any order. */
export function describeDifference(one: WrittenRows, other: WrittenRows): string | null {
  const left = new Map<string, number>();
  for (const row of one.rows.map(textOf)) left.set(row, (left.get(row) ?? 0) + 1);
  let more = 0;
  for (const row of other.rows.map(textOf)) {
    const count = left.get(row) ?? 0;
    if (count === 0) more++;
    else left.set(row, count - 1);
  }
  const fewer = [...left.values()].reduce((sum, count) => sum + count, 0);
  if (more === 0 && fewer === 0) return null;
  const columns = one.columns.filter((_, at) => columnText(one, at) !== columnText(other, at));
  const where = columns.length === 0 ? 'in how they go together' : `in ${columns.join(', ')}`;
  return (
    `${other.variant} writes ${more} of ${other.rows.length} rows that ${one.variant} does not, ` +
    `and not ${fewer} of the ${one.rows.length} that it does; they differ ${where}`
  );
}

function textOf(row: readonly (string | null)[]): string {
  return JSON.stringify(row);
}

/** All values of a column, whatever the order of the rows. */
function columnText({ rows }: WrittenRows, at: number): string {
  return JSON.stringify(rows.map((row) => JSON.stringify(row[at] ?? null)).sort());
}
