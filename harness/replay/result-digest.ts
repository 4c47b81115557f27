import { createHash } from 'node:crypto';

/**
 * Digest of the rows of a result that does not depend on their order: another plan may give equal rows in another order
 * where the statement asks for none. Equal rows that come twice count twice.
 */
export class ResultDigest {
  readonly #rows: string[] = [];

  /** @param row values as the server wrote them in text; null is SQL NULL */
  add(row: readonly (string | null)[]): void {
    this.#rows.push(createHash('sha256').update(JSON.stringify(row)).digest('base64'));
  }

  /** Hexadecimal; `null` when no row was added. */
  digest(): string | null {
    if (this.#rows.length === 0) return null;
    const hash = createHash('sha256');
    for (const row of this.#rows.sort()) hash.update(row);
    return hash.digest('hex').slice(0, 32);
  }
}
