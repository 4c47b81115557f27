/** k6's CSV output while k6 writes it → the rows that readings are made of, each taken apart once. Pure. */
import { type Row, rowOf, splitCsvLine } from './k6-samples.ts';

export class K6LiveRows {
  readonly #metrics: ReadonlySet<string>;
  #columns: readonly string[] | null = null;
  #rest = '';

  /** @param metrics whose rows are wanted, one in thirteen in all: the others are told by their beginning and not taken apart */
  constructor(metrics: Iterable<string>) {
    this.#metrics = new Set(metrics);
  }

  /**
   * Whole rows since the last call.
   * @param text what the file has got since then; it may end anywhere
   */
  take(text: string): Row[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    const rows: Row[] = [];
    for (const line of lines) {
      if (this.#columns === null) this.#columns = splitCsvLine(line);
      else if (this.#metrics.has(line.slice(0, line.indexOf(',')))) {
        const cells = splitCsvLine(line);
        if (cells.length === this.#columns.length) rows.push(rowOf(this.#columns, cells));
      }
    }
    return rows;
  }
}
