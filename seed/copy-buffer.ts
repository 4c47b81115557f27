import { type CopyValue, copyLine } from './copy-text.ts';
import { type PieceTable, viewOf } from './piece-table.ts';

/** Whole rows as the bytes of one write to the server. */
export interface CopyChunk {
  readonly bytes: Buffer;
  readonly rows: number;
}

/** Large enough that a write costs nothing per row, small enough to stay in the processor's cache. */
export const CHUNK_BYTES = 64 * 1024;

/** No row is longer: addresses, notes and names come from pools whose longest entries are far shorter. */
const MAX_ROW_BYTES = 8 * 1024;

const TAB = 0x09;
const NEWLINE = 0x0a;
const ZERO = 0x30;

/**
 * Bytes of COPY text under construction. Strings would be the natural way, but putting a row together from twenty of
 * them takes longer than making its values; bytes written in place are several times as fast.
 */
export class CopyBuffer {
  private bytes: Buffer;
  private view: DataView;
  private length = 0;

  constructor(chunkBytes: number) {
    this.bytes = Buffer.allocUnsafeSlow(chunkBytes + MAX_ROW_BYTES);
    this.view = viewOf(this.bytes);
  }

  /** A text of a table, which is COPY text already. */
  piece(table: PieceTable, index: number): void {
    this.length = table.copyTo(this.view, this.length, index);
  }

  byte(value: number): void {
    this.bytes[this.length++] = value;
  }

  /** A whole number from 0 to 2^31 - 1. */
  integer(value: number): void {
    this.digits(value, digitCount(value));
  }

  /** A whole number from 0 to 2^31 - 1 in exactly `count` digits, with leading zeros. */
  digits(value: number, count: number): void {
    const { bytes, length } = this;
    let rest = value;
    for (let at = length + count - 1; at >= length; at--) {
      const next = (rest / 10) | 0;
      bytes[at] = ZERO + rest - next * 10;
      rest = next;
    }
    this.length = length + count;
  }

  /** The end of a column that is not the last. */
  tab(): void {
    this.byte(TAB);
  }

  endRow(): void {
    this.byte(NEWLINE);
    // Writes past the end of a typed array are lost without an error: better to stop than to send such a row.
    if (this.length > this.bytes.length) throw new Error(`Expected rows of at most ${MAX_ROW_BYTES} bytes.`);
  }

  /** A whole row from values; the comfortable way for tables that are not large. */
  row(values: readonly CopyValue[]): void {
    const line = copyLine(values);
    if (line.length * 3 > MAX_ROW_BYTES) throw new Error(`Expected rows of at most ${MAX_ROW_BYTES} bytes.`);
    this.length += this.bytes.write(line, this.length, 'utf8');
  }

  get size(): number {
    return this.length;
  }

  /** Hands the bytes over and goes on with an empty buffer. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.length);
    this.bytes = Buffer.allocUnsafeSlow(this.bytes.length);
    this.view = viewOf(this.bytes);
    this.length = 0;
    return taken;
  }
}

function digitCount(value: number): number {
  let count = 1;
  for (let limit = 10; value >= limit; limit *= 10) count += 1;
  return count;
}

/** Encodes rows into chunks of at least `chunkBytes` (the last one may be smaller). Rows are never split. */
export function* encodeRows<Row>(
  rows: Iterable<Row>,
  write: (row: Row, out: CopyBuffer) => void,
  chunkBytes: number = CHUNK_BYTES,
): Generator<CopyChunk> {
  const out = new CopyBuffer(chunkBytes);
  let count = 0;
  for (const row of rows) {
    write(row, out);
    count += 1;
    if (out.size >= chunkBytes) {
      yield { bytes: out.take(), rows: count };
      count = 0;
    }
  }
  if (count > 0) yield { bytes: out.take(), rows: count };
}
