import { hostname } from 'node:os';
import type pg from 'pg';
import { HarnessError } from '../errors.ts';
import { type DatabaseState, readDatabaseState } from './database-state.ts';
import { hostOf, loginRefusal, type PostgresServer, withAdmin } from './server.ts';

/**
 * What a database of ours carries inside. A host name or a database name proves nothing (tunnels, copies), so every
 * destructive step first reads this and compares the identity it names with the database it was found in.
 */
export interface Marker {
  /**
   * A template and a backup never change; a clone is dropped with its maker; a restored database is kept; a served one too, since a
   * service that is not ours to stop works in it, and is replaced before each measurement.
   */
  readonly purpose: 'template' | 'clone' | 'backup' | 'restored' | 'served';
  /** Pid of the harness that made it: a clone whose maker is gone may be cleaned up. */
  readonly harnessPid: number;
  /** Name of the machine on which that pid means something; `null`: not known. Left out in writing: this one. */
  readonly harnessHost?: string | null;
  /** What the maker wants to know again, for a template the dataset it holds, for a backup its record. */
  readonly info: unknown;
}

/**
 * Writes the marker into a database that this process has just created. Replaces the one that is there in one statement: at no moment
 * is there none, or a kill would leave a database that nobody may drop.
 */
export async function writeMarker(client: pg.Client, marker: Marker): Promise<void> {
  await client.query('CREATE SCHEMA IF NOT EXISTS rushhour_meta');
  await client.query(
    `CREATE TABLE IF NOT EXISTS rushhour_meta.marker (
       purpose text NOT NULL, harness_pid integer NOT NULL, info jsonb NOT NULL,
       database_oid oid NOT NULL, system_identifier text, created_at timestamptz NOT NULL DEFAULT now())`,
  );
  // Apart: a clone inherits the table of its template, which may be older than the column.
  await client.query('ALTER TABLE rushhour_meta.marker ADD COLUMN IF NOT EXISTS harness_host text');
  await client.query(
    `WITH replaced AS (DELETE FROM rushhour_meta.marker)
     INSERT INTO rushhour_meta.marker (purpose, harness_pid, info, harness_host, database_oid, system_identifier)
     SELECT $1, $2, $3, $4, oid, (SELECT system_identifier::text FROM pg_control_system())
     FROM pg_database WHERE datname = current_database()`,
    [marker.purpose, marker.harnessPid, JSON.stringify(marker.info), marker.harnessHost ?? hostname()],
  );
}

/** Whether a database is ours: its marker, or what it has instead, as the end of a sentence. */
export type MarkerProof = { readonly marker: Marker } | { readonly got: string };

/**
 * Looks for proof that the tool has made the connected database: a marker that names this very database on this very cluster.
 * One whose name no longer begins with `rushhour_` was taken over by somebody: its marker does not count any more.
 *
 * @param client not inside a transaction
 */
export async function proveOwn(client: pg.Client): Promise<MarkerProof> {
  try {
    const { rows: tables } = await client.query<{ found: boolean }>(
      "SELECT to_regclass('rushhour_meta.marker') IS NOT NULL AS found",
    );
    return tables[0]?.found ? await weighMarker(client) : { got: 'none' };
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    // A table of that name with other columns, or one that may not be read: https://www.postgresql.org/docs/current/errcodes-appendix.html
    if (code?.startsWith('42')) return { got: `a table of that name that is none (${message})` };
    throw error;
  }
}

interface MarkerRow {
  readonly purpose: Marker['purpose'];
  readonly harness_pid: number;
  readonly harness_host: string | null;
  readonly info: unknown;
  readonly name: string;
  readonly same_cluster: boolean;
  readonly same_database: boolean;
}

async function weighMarker(client: pg.Client): Promise<MarkerProof> {
  const { rows } = await client.query<MarkerRow>(
    `SELECT * FROM (
       SELECT m.purpose, m.harness_pid, to_jsonb(m)->>'harness_host' AS harness_host, m.info, d.datname AS name, (m.database_oid = d.oid) IS TRUE AS same_database,
              (m.system_identifier = c.system_identifier::text) IS TRUE AS same_cluster
       FROM rushhour_meta.marker m, pg_database d, pg_control_system() c WHERE d.datname = current_database()) found
     ORDER BY same_cluster AND same_database DESC LIMIT 1`,
  );
  const row = rows[0];
  if (!row) return { got: 'an empty one' };
  if (!row.same_cluster) return { got: 'a copy of one that was written on another server' };
  if (!row.same_database) return { got: 'a copy of one that was written in another database' };
  if (!row.name.startsWith('rushhour_')) return { got: 'one, in a database that was renamed since' };
  const { purpose, harness_pid: harnessPid, harness_host: harnessHost, info } = row;
  return { marker: { purpose, harnessPid, harnessHost, info } };
}

/** The marker of the connected database; `null` when {@link proveOwn} finds no proof. */
export async function readMarker(client: pg.Client): Promise<Marker | null> {
  const proof = await proveOwn(client);
  return 'marker' in proof ? proof.marker : null;
}

/**
 * The refusal to work in a database that is not ours.
 * @param refused.undone what is therefore not done, as in "it is not dropped"
 * @param refused.got what it has instead of a marker that counts
 */
export function notOurs(
  server: PostgresServer,
  name: string,
  refused: { readonly undone: string; readonly got: string; readonly hint: string },
): HarnessError {
  return new HarnessError(
    'REFUSED',
    `Database "${name}" on ${hostOf(server)} does not carry rushhour's marker: it is ${refused.undone}. Expected a marker inside that names this very database, got ${refused.got}.`,
    { hint: refused.hint },
  );
}

/**
 * Drops a database after proof from inside that the tool made it.
 * @throws HarnessError REFUSED when there is no such proof; the database is then as it was.
 */
export async function dropOwnDatabase(server: PostgresServer, name: string): Promise<void> {
  await withAdmin(server, undefined, async (admin) => {
    const state = await readDatabaseState(admin, name);
    if (!state) return;
    const proof = await proveByName(server, admin, name, state);
    if ('got' in proof) {
      throw notOurs(server, name, {
        undone: 'not dropped',
        got: proof.got,
        hint: 'rushhour drops only databases it has created itself. Drop this one by hand if it is yours to drop.',
      });
    }
    const quoted = admin.escapeIdentifier(name);
    // A pool reconnects within milliseconds: closing the door first, then FORCE, leaves no race.
    await admin.query(`ALTER DATABASE ${quoted} WITH ALLOW_CONNECTIONS false IS_TEMPLATE false`);
    await admin.query(`DROP DATABASE ${quoted} WITH (FORCE)`);
  });
}

/** {@link proveOwn} from outside: into a database that lets nobody in, the door is opened for the moment of reading. */
export async function proveByName(
  server: PostgresServer,
  admin: pg.Client,
  name: string,
  state: Pick<DatabaseState, 'open' | 'owned'>,
): Promise<MarkerProof> {
  const prove = () =>
    withAdmin(server, name, proveOwn).catch((error: unknown) => {
      const reason = loginRefusal(error);
      if (reason === null) throw error;
      return { got: `no way in (${reason})` };
    });
  if (state.open) return prove();
  // What we close belongs to the role that closed it: the door of somebody else's is not even touched.
  if (!state.owned) return { got: 'a closed database of another role' };
  const quoted = admin.escapeIdentifier(name);
  await admin.query(`ALTER DATABASE ${quoted} WITH ALLOW_CONNECTIONS true`);
  try {
    return await prove();
  } finally {
    await admin.query(`ALTER DATABASE ${quoted} WITH ALLOW_CONNECTIONS false`);
  }
}
