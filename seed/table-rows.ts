import type { CopyChunk } from './copy-buffer.ts';

/** The rows of one table, made while they are read. */
export interface TableRows {
  readonly table: string;
  readonly columns: readonly string[];
  rowCount(): number;
  /** All rows in COPY text form, the same bytes every time and however they are cut. */
  chunks(chunkBytes?: number): Iterable<CopyChunk>;
}
