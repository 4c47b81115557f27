import pg from 'pg';
import { HarnessError, messageOf } from '../errors.ts';
import { rememberSecret, rememberUrlPassword } from '../secrets.ts';
import { HARNESS_APPLICATION_NAME } from './application-name.ts';
import { endClient } from './end-client.ts';
import { connectionLost, isConnectionLost } from './lost-connection.ts';
import { watchSilence } from './silent-session.ts';

/** A PostgreSQL server the harness may create its own databases on. */
export interface PostgresServer {
  readonly embedded: boolean;
  readonly version: string;
  /** Pid of the postmaster when it runs on this machine and is ours to watch, else `null`. */
  readonly postmasterPid: number | null;
  /** Folder of the embedded cluster, gone when somebody cleans up; `null` for a server that is not ours. */
  readonly clusterFolder: string | null;
  /** Connection string for the harness's own sessions. Holds a password: never to be printed. */
  adminUrl(database?: string): string;
  /** Connection string for the service under test. Holds a password: never to be printed. */
  serviceUrl(database: string): string;
  /** Role the service connects as. */
  readonly serviceRole: string;
  /** Gives the server back; the last one out stops an embedded server. */
  release(): Promise<void>;
}

/** More than any statement of ours takes: one that goes on after its harness was killed ends with it. */
const STATEMENT_LIMIT_MS = 3_600_000;

/** Between two statements of a transaction the harness never does anything that takes long. */
const IDLE_TRANSACTION_LIMIT_MS = 600_000;

/**
 * A connected client for the harness's own work. It waits 30 s for a lock, an hour for a statement, and for a server that has
 * fallen silent as long as {@link watchSilence} says. End it with {@link endClient}.
 */
export async function connectAdmin(server: PostgresServer, database?: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: server.adminUrl(database),
    application_name: HARNESS_APPLICATION_NAME,
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
    lock_timeout: 30_000,
    statement_timeout: STATEMENT_LIMIT_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_LIMIT_MS,
  });
  // A dying server also reports on the idle client; the query in flight carries the error to whoever waits.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    throw new HarnessError(
      'DATABASE_FAILED',
      `Cannot connect to ${redactUrl(server.adminUrl(database))}: ${messageOf(error)}`,
      {
        cause: error,
        hint: 'Check that the server runs and that the role may log in.',
      },
    );
  }
  const connectionString = server.adminUrl(database);
  watchSilence(client, { connectionString, where: redactUrl(connectionString) });
  return client;
}

/**
 * Why a server that runs lets this role not into one of its databases: a privilege, pg_hba.conf, its limit of connections.
 * `null` when it was something else that made {@link connectAdmin} fail.
 */
export function loginRefusal(error: unknown): string | null {
  const { code, message } = ((error as Error).cause ?? {}) as { code?: string; message?: string };
  // Classes of https://www.postgresql.org/docs/current/errcodes-appendix.html
  return /^(28|42|53|55)/.test(code ?? '') ? (message ?? '') : null;
}

/**
 * Runs `work` with a client of its own, which is closed whatever happens.
 * @throws HarnessError DATABASE_FAILED when the connection cannot be made or is lost; else what `work` throws
 */
export async function withAdmin<T>(
  server: PostgresServer,
  database: string | undefined,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connectAdmin(server, database);
  try {
    return await work(client);
  } catch (error) {
    throw isConnectionLost(error) ? connectionLost(redactUrl(server.adminUrl(database)), error) : error;
  } finally {
    await endClient(client);
  }
}

/** A connection string fit for messages and results: password and parameters removed. */
export function redactUrl(connectionString: string): string {
  try {
    const url = new URL(connectionString);
    return `${url.protocol}//${url.username ? `${url.username}@` : ''}${url.host}${url.pathname}`;
  } catch {
    return '(a connection string that is no URL)';
  }
}

/** Host and port of a server, for messages. */
export function hostOf(server: PostgresServer): string {
  return new URL(server.adminUrl()).host;
}

/**
 * A server given by URL. The role needs CREATEDB; databases of others on it are never touched.
 * @throws HarnessError POSTGRES_UNAVAILABLE when it cannot be used, REFUSED when it may only be read.
 */
export async function useServer(connectionString: string): Promise<PostgresServer> {
  rememberUrlPassword(connectionString);
  const url = parseServerUrl(connectionString);
  const urlOf = (database?: string) => {
    const copy = new URL(url);
    if (database) copy.pathname = `/${encodeURIComponent(database)}`;
    return copy.toString();
  };
  const facts = await askServer(urlOf());
  return {
    embedded: false,
    version: facts.version,
    postmasterPid: null,
    clusterFolder: null,
    serviceRole: facts.role,
    adminUrl: urlOf,
    serviceUrl: urlOf,
    release: async () => {},
  };
}

function parseServerUrl(connectionString: string): URL {
  let url: URL;
  try {
    url = new URL(connectionString);
  } catch {
    // Never quoted: what cannot be read as a URL may hold a password anywhere.
    const got = connectionString.includes('://') ? 'one that cannot be read' : 'a text without a scheme';
    throw new HarnessError(
      'BAD_OPTION',
      `--server: expected a URL like postgres://user@host:5432/postgres, got ${got}.`,
      {
        hint: 'In a password write @ as %40, : as %3A and / as %2F, or leave it out and set PGPASSWORD.',
      },
    );
  }
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    throw new HarnessError('BAD_OPTION', `--server: expected a postgres:// URL, got ${url.protocol}//.`, {
      hint: 'Give the URL of a PostgreSQL server, or leave --server out for an embedded one.',
    });
  }
  if (url.pathname === '' || url.pathname === '/') url.pathname = '/postgres';
  return url;
}

async function askServer(connectionString: string): Promise<{ version: string; role: string }> {
  const where = redactUrl(connectionString);
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 10_000,
    query_timeout: 10_000,
  });
  client.on('error', () => {}); // the statement under way carries it
  try {
    await client.connect();
    rememberSecret(client.password ?? ''); // of a URL without one it is in PGPASSWORD or ~/.pgpass
    const { rows } = await client.query<{
      version: string;
      number: number;
      role: string;
      createdb: boolean;
      standby: boolean;
      readonly: boolean;
    }>(
      `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
              current_user AS role, rolcreatedb OR rolsuper AS createdb, pg_is_in_recovery() AS standby,
              current_setting('transaction_read_only') = 'on' AS readonly
       FROM pg_roles WHERE rolname = current_user`,
    );
    const facts = rows[0];
    if (!facts) throw new Error('the role has no entry in pg_roles');
    if (facts.number < 130000)
      throw new Error(`PostgreSQL ${facts.version} is too old, expected 13 or newer`);
    if (facts.standby) throw readOnly(where, 'it is a standby, which follows another server');
    if (facts.readonly)
      throw readOnly(where, 'default_transaction_read_only is on for that database, role or server');
    if (!facts.createdb) throw new Error(`role "${facts.role}" lacks CREATEDB`);
    return facts;
  } catch (error) {
    if (error instanceof HarnessError) throw error;
    throw new HarnessError(
      'POSTGRES_UNAVAILABLE',
      `The server ${where} cannot be used: ${messageOf(error)}.`,
      {
        cause: error,
        hint: unavailableHint((error as { code?: string }).code),
      },
    );
  } finally {
    await endClient(client);
  }
}

/** What to do, by the code of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html) or of the system. */
function unavailableHint(code: string | undefined): string {
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND')
    return 'Is it running at that address and port? Leave --server out for an embedded server.';
  if (code?.startsWith('28'))
    return 'Check the role and its password: in the URL, in PGPASSWORD or in ~/.pgpass.';
  if (code === '3D000')
    return 'The URL names the database to connect to, such as postgres; those of rushhour are made beside it.';
  return 'rushhour creates databases of its own there: it needs PostgreSQL 13 or newer and a role with CREATEDB. Leave --server out for an embedded server.';
}

/** Somebody keeps it from being written: a sign of a database that matters. */
function readOnly(where: string, reason: string): HarnessError {
  return new HarnessError(
    'REFUSED',
    `The server ${where} may only be read: ${reason}. Expected one on which rushhour may create databases.`,
    { hint: 'Give a server for tests with --server, or leave --server out for an embedded one.' },
  );
}
