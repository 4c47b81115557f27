/**
 * Rows as aligned lines of plain text, two spaces between columns.
 *
 * @param right columns that are aligned to the right, by index
 */
export function plainTable(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => [...(row[column] ?? '')].length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const room = ' '.repeat((widths[column] ?? 0) - [...cell].length);
        return right.includes(column) ? room + cell : cell + room;
      })
      .join('  ')
      .trimEnd(),
  );
}
