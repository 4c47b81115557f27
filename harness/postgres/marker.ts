import type pg from 'pg';
import { HarnessError } from '../errors.ts';
import { type PostgresServer, withAdmin } from './server.ts';

/**
 * What a database of ours carries inside. A host name or a database name proves nothing (tunnels, copies), so every
 * destructive step first reads this and compares the identity it names with the database it was found in.
 */
export interface Marker {
  /** A template and a backup never change; a clone is dropped with its maker; a restored database is kept. */
  readonly purpose: 'template' | 'clone' | 'backup' | 'restored';
  /** Pid of the harness that made it: a clone whose maker is gone may be cleaned up. */
  readonly harnessPid: number;
  /** What the maker wants to know again, for a template the dataset it holds, for a backup its record. */
  readonly info: unknown;
}

/** Writes the marker into a database that this process has just created. Replaces the one a clone has inherited. */
export async function writeMarker(client: pg.Client, marker: Marker): Promise<void> {
  await client.query('CREATE SCHEMA IF NOT EXISTS rushhour_meta');
  await client.query(
    `CREATE TABLE IF NOT EXISTS rushhour_meta.marker (
       purpose text NOT NULL, harness_pid integer NOT NULL, info jsonb NOT NULL,
       database_oid oid NOT NULL, system_identifier text, created_at timestamptz NOT NULL DEFAULT now())`,
  );
  await client.query('DELETE FROM rushhour_meta.marker');
  await client.query(
    `INSERT INTO rushhour_meta.marker (purpose, harness_pid, info, database_oid, system_identifier)
     SELECT $1, $2, $3, oid, (SELECT system_identifier::text FROM pg_control_system())
     FROM pg_database WHERE datname = current_database()`,
    [marker.purpose, marker.harnessPid, JSON.stringify(marker.info)],
  );
}

/** The marker of the connected database, if it has one that names this very database on this very cluster. */
export async function readMarker(client: pg.Client): Promise<Marker | null> {
  const { rows: tables } = await client.query<{ found: boolean }>(
    "SELECT to_regclass('rushhour_meta.marker') IS NOT NULL AS found",
  );
  if (!tables[0]?.found) return null;
  const { rows } = await client.query<{ purpose: Marker['purpose']; harness_pid: number; info: unknown }>(
    `SELECT m.purpose, m.harness_pid, m.info FROM rushhour_meta.marker m
     JOIN pg_database d ON d.oid = m.database_oid AND d.datname = current_database()
     WHERE m.system_identifier = (SELECT system_identifier::text FROM pg_control_system())`,
  );
  const row = rows[0];
  return row ? { purpose: row.purpose, harnessPid: row.harness_pid, info: row.info } : null;
}

/**
 * Drops a database after proof from inside that the tool made it.
 * @throws HarnessError REFUSED when there is no such proof; the database is then as it was.
 */
export async function dropOwnDatabase(server: PostgresServer, name: string): Promise<void> {
  await withAdmin(server, undefined, async (admin) => {
    const { rows } = await admin.query<{ open: boolean; template: boolean }>(
      'SELECT datallowconn AS open, datistemplate AS template FROM pg_database WHERE datname = $1',
      [name],
    );
    const state = rows[0];
    if (!state) return;
    const quoted = admin.escapeIdentifier(name);
    if (!state.open) await admin.query(`ALTER DATABASE ${quoted} WITH ALLOW_CONNECTIONS true`);
    const marker = await withAdmin(server, name, readMarker).catch(() => null);
    if (!marker) {
      if (!state.open) await admin.query(`ALTER DATABASE ${quoted} WITH ALLOW_CONNECTIONS false`);
      throw new HarnessError(
        'REFUSED',
        `Database "${name}" does not carry rushhour's marker: it is not dropped.`,
        {
          hint: 'rushhour drops only databases it has created itself. Drop this one by hand if it is yours to drop.',
        },
      );
    }
    // A pool reconnects within milliseconds: closing the door first, then FORCE, leaves no race.
    await admin.query(`ALTER DATABASE ${quoted} WITH ALLOW_CONNECTIONS false IS_TEMPLATE false`);
    await admin.query(`DROP DATABASE ${quoted} WITH (FORCE)`);
  });
}
