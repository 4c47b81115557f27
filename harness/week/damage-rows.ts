import type pg from 'pg';
import { quoteIdentifier } from '../advice/index-definition.ts';
import { HarnessError } from '../errors.ts';
import { USER_SCHEMA } from '../postgres/user-schema.ts';

/** Tables that hold rows of their own, the largest first; those that foreign keys of other tables keep last. */
const TABLES = `
  SELECT n.nspname AS schema, c.relname AS name,
    EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.confrelid = c.oid AND k.conrelid <> c.oid) AS kept
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND ${USER_SCHEMA}
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid)
    AND pg_relation_size(c.oid) > 0
  ORDER BY kept, pg_relation_size(c.oid) DESC, 1, 2
  LIMIT 1`;

/**
 * Deletes every row of the largest table that no foreign key keeps; where all are kept, those that point to it go too. What its
 * triggers would do elsewhere is not done.
 *
 * @throws HarnessError DATABASE_FAILED when there is no table with rows
 */
export async function deleteLargestTable(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ schema: string; name: string; kept: boolean }>(TABLES);
  const [largest] = rows;
  if (!largest) {
    throw new HarnessError('DATABASE_FAILED', 'There is no table with rows that could be damaged.', {
      hint: 'Look at `dataset` of the config: a backup of nothing proves nothing.',
    });
  }
  const table = `${quoteIdentifier(largest.schema)}.${quoteIdentifier(largest.name)}`;
  await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  await client.query(largest.kept ? `TRUNCATE ${table} CASCADE` : `DELETE FROM ONLY ${table}`);
}
