import { createHash, type Hash } from 'node:crypto';
import type { CopyChunk } from './copy-buffer.ts';
import type { DatasetShape } from './profiles.ts';
import { datasetTables } from './tables.ts';

/**
 * Identity of a dataset: SHA-256 over the name and the SHA-256 of the encoded rows of each table, in table order.
 * How the rows were cut into chunks does not matter.
 */
export class DatasetDigest {
  private readonly whole = createHash('sha256');
  private table: { readonly name: string; readonly hash: Hash } | null = null;

  beginTable(name: string): void {
    this.endTable();
    this.table = { name, hash: createHash('sha256') };
  }

  /** @throws Error before the first `beginTable` */
  update(bytes: Buffer): void {
    if (!this.table) throw new Error('Expected beginTable before the first bytes of a dataset.');
    this.table.hash.update(bytes);
  }

  /** 64 hexadecimal digits. Call once, at the end. */
  finish(): string {
    this.endTable();
    return this.whole.digest('hex');
  }

  private endTable(): void {
    if (this.table) this.whole.update(`${this.table.name} ${this.table.hash.digest('hex')}\n`);
    this.table = null;
  }
}

/** Passes chunks on and adds their bytes to the digest, so that no row is made a second time for it. */
export function* digestedChunks(chunks: Iterable<CopyChunk>, digest: DatasetDigest): Generator<CopyChunk> {
  for (const chunk of chunks) {
    digest.update(chunk.bytes);
    yield chunk;
  }
}

/**
 * The digest that seeding this shape reports, without a database. Makes every row: a second or so per million.
 *
 * @param chunkBytes has no influence on the answer
 */
export function datasetDigest(shape: DatasetShape, chunkBytes?: number): string {
  const digest = new DatasetDigest();
  for (const { table, chunks } of datasetTables(shape)) {
    digest.beginTable(table);
    for (const { bytes } of chunks(chunkBytes)) digest.update(bytes);
  }
  return digest.finish();
}
