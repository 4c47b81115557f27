import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { USER_SCHEMA } from './user-schema.ts';

/** What a database holds, said in a few numbers that are equal exactly when the content is. */
export interface ContentDigest {
  /** Of all rows, sequences and large objects: SHA-256, 64 hexadecimal digits. Equal on PostgreSQL 13 to 18. */
  readonly content: string;
  /**
   * Of the definitions: columns, constraints, indexes, views, functions, triggers, types and the like. Equal on every
   * server of one major version; others word the same view or expression differently.
   */
  readonly schema: string;
  /** Ordered by name. Partitions are tables of their own; their parents hold nothing. */
  readonly tables: readonly TableDigest[];
  readonly sequences: readonly SequenceState[];
}

export interface TableDigest {
  /** With its schema, quoted where needed: `public.booking`. */
  readonly name: string;
  readonly rows: number;
  /** Sums of both halves of the rows' hashes. */
  readonly digest: string;
}

export interface SequenceState {
  readonly name: string;
  /** As text: it may be larger than a number holds exactly. */
  readonly lastValue: string;
  readonly isCalled: boolean;
}

/**
 * Digests all that a database holds, but for the tool's own schema `rushhour_meta`, what belongs to an extension (a server
 * of another version brings its own), temporary tables, and the rows of materialised views and foreign tables, which are
 * kept elsewhere. Reads everything once, inside the server and in one snapshot; nothing is written, no row is sent.
 *
 * The digest of a table is the sum, not the exclusive or, of a 128-bit hash (half a SHA-256) of each row's text. A sum does not
 * depend on the order, so VACUUM FULL, CLUSTER or a copy back and forth leave it alone. Exclusive or would not either, but two
 * equal rows cancel each other there: {a, a, b} and {c, c, b} would look the same. Rows that differ get another sum but for
 * a chance of 2^-128. It guards against accidents, not against someone who chooses rows to collide.
 *
 * @param client needs SELECT on every table and sequence, nothing more; not inside a transaction
 * @param options.onProgress is told the table it is at
 * @throws the server's error, for example when a table may not be read or row security would hide rows
 */
export async function digestContent(
  client: pg.Client,
  options: { readonly onProgress?: (detail: string) => void } = {},
): Promise<ContentDigest> {
  const { onProgress = () => {} } = options;
  return inPinnedSnapshot(client, async () => {
    const tables: TableDigest[] = [];
    const names = await relationNames(client, 'r');
    const encoding = await hashedEncoding(client);
    for (const [index, name] of names.entries()) {
      onProgress(`table ${index + 1} of ${names.length}: ${name}`);
      tables.push({
        name,
        ...(await sumOfHashes(client, `SELECT (t.*)::text AS item FROM ONLY ${name} AS t`, encoding)),
      });
    }
    onProgress('sequences and definitions');
    const sequences = await readSequences(client);
    const largeObjects = await digestLargeObjects(client, encoding);
    return {
      content: digestOfLines([
        ...tables.map((one) => `table ${one.name} ${one.rows} ${one.digest}`),
        ...sequences.map((one) => `sequence ${one.name} ${one.lastValue} ${one.isCalled}`),
        `large objects ${largeObjects.rows} ${largeObjects.digest}`,
      ]),
      schema: digestOfLines(await schemaLines(client)),
      tables,
      sequences,
    };
  });
}

/**
 * The definitions of a database, a line each, in a fixed order: what `ContentDigest.schema` is a digest of. Two databases of
 * one server have the same lines exactly when they are defined alike.
 *
 * @param client not inside a transaction
 */
export async function readSchemaLines(client: pg.Client): Promise<string[]> {
  return inPinnedSnapshot(client, () => schemaLines(client));
}

/** One moment of the database, read with everything pinned that changes how a value is written. */
async function inPinnedSnapshot<T>(client: pg.Client, read: () => Promise<T>): Promise<T> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    await pinTextForm(client);
    return await read();
  } finally {
    await client.query('ROLLBACK').catch(() => {}); // a lost connection is told by the query it broke
  }
}

/** Everything that a session or a database may set and that changes how a value is written as text. */
const TEXT_FORM: Readonly<Record<string, string>> = {
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  extra_float_digits: '3',
  bytea_output: 'hex',
  lc_monetary: 'C',
  quote_all_identifiers: 'off',
  search_path: '', // names inside values and definitions are then written with their schema
  row_security: 'off', // an error instead of rows that are silently left out
  jit: 'off',
  // The whole database is read in one go; a limit meant for an application's queries would end it half way.
  statement_timeout: '0',
};

async function pinTextForm(client: pg.Client): Promise<void> {
  for (const [name, value] of Object.entries(TEXT_FORM))
    await client.query('SELECT set_config($1, $2, true)', [name, value]);
}

/** Tables ('r') or sequences ('S') that people made, as quoted names in the order of their bytes. */
async function relationNames(client: pg.Client, kind: 'r' | 'S'): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = $1 AND c.relpersistence <> 't'
       AND ${USER_SCHEMA}
       AND NOT EXISTS (SELECT FROM pg_depend d
         WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
     ORDER BY format('%I.%I', n.nspname, c.relname) COLLATE "C"`,
    [kind],
  );
  return rows.map((row) => row.name);
}

/** Text is hashed as UTF-8, whatever the database keeps it in. SQL_ASCII says nothing of its bytes: they are taken as they are. */
async function hashedEncoding(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ server_encoding: string }>('SHOW server_encoding');
  return rows[0]?.server_encoding === 'SQL_ASCII' ? 'SQL_ASCII' : 'UTF8';
}

/**
 * @param items a query with one column `item`, text
 */
async function sumOfHashes(
  client: pg.Client,
  items: string,
  encoding: string,
): Promise<{ rows: number; digest: string }> {
  // OFFSET 0 keeps the planner from pulling the subquery up, which would hash every row twice, once for each half.
  const { rows } = await client.query<{ count: string; high: string; low: string }>(
    `SELECT count(*) AS count,
            coalesce(sum(('x' || substr(hash, 1, 16))::bit(64)::bigint), 0)::text AS high,
            coalesce(sum(('x' || substr(hash, 17, 16))::bit(64)::bigint), 0)::text AS low
     FROM (SELECT encode(sha256(convert_to(item, '${encoding}')), 'hex') AS hash FROM (${items}) items OFFSET 0) hashes`,
  );
  const sums = rows[0];
  return { rows: Number(sums?.count ?? 0), digest: `${sums?.high ?? 0}:${sums?.low ?? 0}` };
}

/** Not `pg_sequences`, which hides the value of a sequence that has not been used. */
async function readSequences(client: pg.Client): Promise<SequenceState[]> {
  const states: SequenceState[] = [];
  for (const name of await relationNames(client, 'S')) {
    const { rows } = await client.query<{ value: string; called: boolean }>(
      `SELECT last_value::text AS value, is_called AS called FROM ${name}`,
    );
    const state = rows[0];
    if (state) states.push({ name, lastValue: state.value, isCalled: state.called });
  }
  return states;
}

/** Large objects are known by their OID, which copies and dumps keep. Each is read whole: below 1 GB. */
async function digestLargeObjects(
  client: pg.Client,
  encoding: string,
): Promise<{ rows: number; digest: string }> {
  const objects =
    "SELECT oid::text || ' ' || encode(lo_get(oid), 'hex') AS item FROM pg_largeobject_metadata";
  return sumOfHashes(client, objects, encoding);
}

const SCHEMA_LINES_FILE = new URL('./schema-lines.sql', import.meta.url);

async function schemaLines(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(await readFile(SCHEMA_LINES_FILE, 'utf8'));
  return rows.map((row) => row.line);
}

function digestOfLines(lines: readonly string[]): string {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(`${line}\n`);
  return hash.digest('hex');
}
