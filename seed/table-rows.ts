/** The rows of one table, made while they are read. */
export interface TableRows {
  readonly table: string;
  readonly columns: readonly string[];
  rowCount(): number;
  /** Rows in COPY text form, one line each, the same every time. */
  lines(): Iterable<string>;
}
