/** A table that is written as CSV (RFC 4180); the first row names its columns. */
export type CsvRows = readonly (readonly (string | number | null)[])[];

export function csvText(rows: CsvRows): string {
  return rows.map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

/** A text that a spreadsheet would take for a formula is kept a text. */
function cellText(cell: string | number | null): string {
  if (cell === null || typeof cell === 'number') return String(cell ?? '');
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
