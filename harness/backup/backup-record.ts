import { z } from 'zod';
import { DatabaseProperties } from '../postgres/database-properties.ts';

const bytes = z.number().int().nonnegative();
const digest = z.string().describe('64 hexadecimal digits');

/** What is known of one backup: written once, beside its dump, and kept inside the template as well. */
export const BackupRecord = z.object({
  schema: z.literal('rushhour.backup/1'),
  id: z.string().describe('name of its folder in results/backups/'),
  createdAt: z.string().describe('ISO 8601 instant, UTC'),
  tool: z.string().describe('version of rushhour'),
  database: z.object({
    name: z.string(),
    sizeBytes: bytes,
    properties: DatabaseProperties,
  }),
  server: z.object({
    version: z.string(),
    systemIdentifier: z.string().describe('of the cluster: the same after a restart on another port'),
    embedded: z.boolean(),
  }),
  template: z.object({ name: z.string().describe('database on that server that nobody can connect to') }),
  content: z.object({
    digest: digest.describe('of all rows, sequences and large objects; equal on PostgreSQL 13 to 18'),
    schemaDigest: digest.describe('of the definitions; comparable on servers of one major version'),
    tables: z.array(
      z.object({
        name: z.string(),
        rows: bytes,
        digest: z.string().describe('sums of the hashes of its rows'),
      }),
    ),
  }),
  dump: z
    .object({
      file: z.string().describe('beside this record'),
      sizeBytes: bytes,
      sha256: digest,
      pgDumpVersion: z.string(),
    })
    .nullable(),
  noDumpBecause: z.string().nullable().describe('null when there is a dump'),
});
export type BackupRecord = z.infer<typeof BackupRecord>;

/** Rows of all tables. */
export function rowsOf(record: BackupRecord): number {
  return record.content.tables.reduce((sum, table) => sum + table.rows, 0);
}
