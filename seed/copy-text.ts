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
