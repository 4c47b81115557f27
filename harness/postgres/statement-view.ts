import type pg from 'pg';

/** Where `pg_stat_statements` is in the database of a session, and what this version of it offers. */
export interface StatementView {
  /** Quoted schema of the extension, which may be outside of the search path. */
  readonly schema: string;
  /** Quoted, with its schema. */
  readonly name: string;
  readonly columns: ReadonlySet<string>;
  /** Quoted name of `pg_stat_statements_info`, which came with 1.9 of the extension; `null` where it is not there. */
  readonly info: string | null;
}

/**
 * Looks the view up in the catalogue. An extension keeps its old version when a server is upgraded and nobody runs
 * ALTER EXTENSION … UPDATE, so only its columns tell what it offers, never the version of the server.
 *
 * @returns `null` when the extension was not created in this database
 */
export async function findStatementView(client: pg.Client): Promise<StatementView | null> {
  const { rows } = await client.query<{ schema: string; columns: string[]; has_info: boolean }>(
    `SELECT quote_ident(n.nspname) AS schema,
            array(SELECT attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND attnum > 0) AS columns,
            EXISTS (SELECT FROM pg_class i
                    WHERE i.relnamespace = n.oid AND i.relname = 'pg_stat_statements_info') AS has_info
     FROM pg_extension e
     JOIN pg_namespace n ON n.oid = e.extnamespace
     JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'pg_stat_statements'
     WHERE e.extname = 'pg_stat_statements'`,
  );
  const found = rows[0];
  if (!found) return null;
  return {
    schema: found.schema,
    name: `${found.schema}.pg_stat_statements`,
    columns: new Set(found.columns),
    info: found.has_info ? `${found.schema}.pg_stat_statements_info` : null,
  };
}
