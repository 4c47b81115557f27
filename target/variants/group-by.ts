/** Rows by key, as a function that answers an empty list for a key without rows. */
export function groupBy<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => number,
): (key: number) => readonly Row[] {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return (key) => groups.get(key) ?? [];
}
