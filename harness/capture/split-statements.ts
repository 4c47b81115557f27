import { parseSync } from 'libpg-query';

/**
 * The statements of one simple Query, in order, each without its semicolon. One statement is given back as it was sent.
 * Null when the parser does not know the text; it must have been loaded, see `loadStatementParser`.
 */
export function splitStatements(text: string): readonly string[] | null {
  if (!/;\s*\S/.test(text)) return [text];
  try {
    const { stmts = [] } = parseSync(text);
    if (stmts.length < 2) return [text];
    const bytes = Buffer.from(text); // the parser's places are in bytes of UTF-8
    return stmts.map(({ stmt_location: from = 0, stmt_len: length }) =>
      bytes
        .subarray(from, length ? from + length : bytes.length)
        .toString('utf8')
        .trim(),
    );
  } catch {
    return null;
  }
}
