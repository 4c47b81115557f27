/** A value that has a COPY text form. */
export type CopyValue = string | number | boolean | null;

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/**
 * One column in COPY's text format: NULL is `\N`, and backslash and control characters that could end a column or a
 * row are escaped. PostgreSQL 18 manual, COPY, "File Formats: Text Format".
 *
 * @throws Error for a string with U+0000, which no PostgreSQL text can hold, and for a number that is not finite
 */
export function copyField(value: CopyValue): string {
  if (value === null) return '\\N';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error(`Expected a finite number for COPY, got ${value}.`);
    return String(value);
  }
  if (value.includes('\0'))
    throw new Error('Expected text without U+0000 for COPY: PostgreSQL cannot store it.');
  return value.replace(/[\\\b\f\n\r\t\v]/g, (character) => ESCAPES[character] ?? character);
}

/** One row in COPY's text format, with its newline. */
export function copyLine(values: readonly CopyValue[]): string {
  return `${values.map(copyField).join('\t')}\n`;
}

/** Whole rows as the bytes of one write to the server. */
export interface CopyChunk {
  readonly bytes: Buffer;
  readonly rows: number;
}

/** Large enough that a write costs nothing per row, small enough to stay in the processor's cache. */
export const CHUNK_BYTES = 64 * 1024;

/** Collects lines into chunks of at least `chunkBytes` (the last one may be smaller). Lines are never split. */
export function* copyChunks(lines: Iterable<string>, chunkBytes: number = CHUNK_BYTES): Generator<CopyChunk> {
  let text = '';
  let rows = 0;
  for (const line of lines) {
    text += line;
    rows += 1;
    if (text.length >= chunkBytes) {
      yield { bytes: Buffer.from(text, 'utf8'), rows };
      text = '';
      rows = 0;
    }
  }
  if (rows > 0) yield { bytes: Buffer.from(text, 'utf8'), rows };
}
