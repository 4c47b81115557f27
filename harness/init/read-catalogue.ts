import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { HarnessError, messageOf } from '../errors.ts';
import { HARNESS_APPLICATION_NAME } from '../postgres/application-name.ts';
import { redactUrl } from '../postgres/server.ts';
import {
  type ColumnFacts,
  type DatabaseFacts,
  isText,
  labelsOfCheck,
  type PasswordScheme,
  passwordSchemeOf,
  type TableFacts,
} from './catalogue.ts';
import { wordsOf } from './name-words.ts';

const CATALOGUE_FILE = new URL('./catalogue.sql', import.meta.url);

/** More labels than a state has: it is another kind of text then. */
const MOST_LABELS = 30;

/**
 * Looks at somebody's database: one transaction that may only read, on a standby too, each statement for 30 s at most. It is bounded
 * by SET LOCAL, not by parameters of the connection: poolers refuse those.
 *
 * @param connectionString holds a password: never printed
 * @throws HarnessError BAD_OPTION for what is no postgres:// URL, DATABASE_FAILED when it cannot be read
 */
export async function readDatabase(connectionString: string, signal: AbortSignal): Promise<DatabaseFacts> {
  const where = checkedUrl(connectionString);
  const client = new pg.Client({
    connectionString,
    application_name: HARNESS_APPLICATION_NAME,
    connectionTimeoutMillis: 15_000,
  });
  client.on('error', () => {}); // the query in flight carries it
  const stop = () => void client.end().catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query("SET LOCAL statement_timeout = '30s'");
    await client.query("SET LOCAL lock_timeout = '5s'");
    return await readFacts(client);
  } catch (error) {
    signal.throwIfAborted();
    throw new HarnessError('DATABASE_FAILED', `${where} cannot be read: ${messageOf(error)}.`, {
      cause: error,
      hint: 'Check that it runs and that the role may log in; or leave the database out, and fill in by hand what it would have told.',
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await client.query('ROLLBACK').catch(() => {});
    await client.end().catch(() => {});
  }
}

/** @returns the URL as it may be printed */
function checkedUrl(connectionString: string): string {
  const protocol = URL.canParse(connectionString) ? new URL(connectionString).protocol : null;
  if (protocol === 'postgres:' || protocol === 'postgresql:') return redactUrl(connectionString);
  throw new HarnessError(
    'BAD_OPTION',
    `The database: expected a URL like postgres://user@host:5432/name, got ${protocol ? `one that begins with ${protocol}//` : 'no URL'}.`,
    { hint: 'Give it by RUSHHOUR_INIT_DATABASE_URL, or let init ask for it, so that no password is seen.' },
  );
}

/** Of the database that a session is connected to, by reading alone. @param client inside a transaction */
export async function readFacts(client: pg.Client): Promise<DatabaseFacts> {
  const { rows } = await client.query<Omit<DatabaseFacts, 'tables' | 'passwordSchemes'>>(
    `SELECT current_database() AS name, current_setting('server_version') AS "serverVersion",
            current_setting('TimeZone') AS "timeZone", current_setting('search_path') AS "searchPath",
            ARRAY(SELECT extname::text FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1) AS extensions`,
  );
  const described = await client.query<{ described: TableFacts & { checks: string[] } }>(
    await readFile(CATALOGUE_FILE, 'utf8'),
  );
  const tables = described.rows.map(({ described: { checks, ...table } }) => ({
    ...table,
    columns: table.columns.map((column) => withLabels(column, checks)),
  }));
  const passwordSchemes: Record<string, PasswordScheme> = {};
  for (const table of tables)
    for (const column of table.columns.filter(isPassword)) {
      const scheme = await readPasswordScheme(client, table, column);
      if (scheme) passwordSchemes[`${table.schema}.${table.name}.${column.name}`] = scheme;
    }
  return { ...(rows[0] as (typeof rows)[number]), tables, passwordSchemes };
}

function withLabels(column: ColumnFacts, checks: readonly string[]): ColumnFacts {
  if (column.isEnum) return column;
  const allowed = checks.map((check) => labelsOfCheck(check, column.name)).find(({ length }) => length > 0);
  const labels = (allowed ?? column.labels).filter((label) => /^[\w .-]{1,40}$/.test(label));
  return { ...column, labels: labels.length > MOST_LABELS ? [] : labels };
}

/** `password`, `password_hash`, `encrypted_password`, `hashed_pw`, but not `password_changed_at`. */
export function isPassword(column: ColumnFacts): boolean {
  const words = wordsOf(column.name);
  return (
    isText(column) &&
    words.some((word) => /^(password|passwd|passwort|pwd?|passhash)$/.test(word)) &&
    !words.some((word) => /^(reset|token|hint|at|expires|changed|salt|old)$/.test(word))
  );
}

/** The server cuts one value down to what names its scheme; salt and hash never leave it. */
async function readPasswordScheme(
  client: pg.Client,
  table: TableFacts,
  column: ColumnFacts,
): Promise<PasswordScheme | null> {
  const name = client.escapeIdentifier(column.name);
  const from = `${client.escapeIdentifier(table.schema)}.${client.escapeIdentifier(table.name)}`;
  await client.query('SAVEPOINT scheme');
  try {
    const { rows } = await client.query<{ prefix: string | null }>(
      `SELECT substring(${name}::text from $1) AS prefix FROM ${from} WHERE ${name} IS NOT NULL LIMIT 1`,
      [SCHEME_PATTERN],
    );
    return rows[0] ? passwordSchemeOf(rows[0].prefix) : null;
  } catch {
    await client.query('ROLLBACK TO SAVEPOINT scheme'); // a role that may not read it: the scheme stays open
    return null;
  }
}

const SCHEME_PATTERN =
  '^(?:pbkdf2[_:]sha256[$:][0-9]+|\\$2[abxy]\\$|\\{?bcrypt|\\$?scrypt|\\$?argon2|sha256\\$)';
