import { createHash } from 'node:crypto';
import type { TableDigest } from '../../postgres/content-digest.ts';

/**
 * One digest of the rows of some tables, SHA-256 in hexadecimal digits. A migration keeps its own books in a table that comes and
 * goes with it, so rows are compared over the tables that were there before; one of them that is gone changes the digest.
 */
export function rowsDigest(tables: readonly TableDigest[], names: ReadonlySet<string>): string {
  const hash = createHash('sha256');
  for (const { name, rows, digest } of tables)
    if (names.has(name)) hash.update(`${name} ${rows} ${digest}\n`);
  return hash.digest('hex');
}
