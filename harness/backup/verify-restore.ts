import { formatCount } from '../quantity.ts';
import type { BackupRecord } from './backup-record.ts';

/** What a restored database holds, as far as a record can say it too. */
export interface RestoredContent {
  readonly content: string;
  readonly schema: string;
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly digest: string }[];
}

export interface Verification {
  /** How the content differs from what was backed up, a sentence each; empty: it is the same. */
  readonly differences: readonly string[];
  /** True, or why the definitions could not be compared. */
  readonly definitionsCompared: true | string;
}

/**
 * Compares a restored database with the record of its backup: the rows of each table, the digest of the content, and on a server
 * of the same major version the digest of the definitions.
 */
export function verifyRestored(
  record: BackupRecord,
  restored: RestoredContent,
  sameMajor: boolean,
): Verification {
  const differences = tableDifferences(record, restored);
  if (differences.length === 0 && record.content.digest !== restored.content)
    differences.push('The tables are the same, but sequences or large objects differ.');
  if (sameMajor && record.content.schemaDigest !== restored.schema)
    differences.push('The definitions differ: columns, constraints, indexes, views, functions or triggers.');
  return {
    differences,
    definitionsCompared: sameMajor || 'servers of another major version word definitions differently',
  };
}

function tableDifferences(record: BackupRecord, restored: RestoredContent): string[] {
  const differences: string[] = [];
  const found = new Map(restored.tables.map((table) => [table.name, table]));
  for (const expected of record.content.tables) {
    const got = found.get(expected.name);
    found.delete(expected.name);
    if (!got) differences.push(`${expected.name} is missing.`);
    else if (got.rows !== expected.rows)
      differences.push(
        `${expected.name}: expected ${formatCount(expected.rows)} rows, got ${formatCount(got.rows)}.`,
      );
    else if (got.digest !== expected.digest)
      differences.push(`${expected.name}: as many rows as expected, with other content.`);
  }
  for (const name of found.keys()) differences.push(`${name} was not in the backup.`);
  return differences;
}
