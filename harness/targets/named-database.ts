import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { HarnessError, messageOf } from '../errors.ts';
import { forgetDatabase, noteDatabase } from '../postgres/database-notes.ts';
import {
  applyDatabaseProperties,
  type DatabaseProperties,
  readDatabaseProperties,
} from '../postgres/database-properties.ts';
import { readDatabaseState } from '../postgres/database-state.ts';
import { dropOwnDatabase, notOurs, proveByName, writeMarker } from '../postgres/marker.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';
import { type Clone, createFrom, forgetStatements, prewarm } from '../postgres/templates.ts';

/**
 * Gives the database of a service that is not ours to stop a new content: a clone is made beside it and takes its name, its owner,
 * grants and settings. Only sessions in that database are ended. It stays when the tool has ended (its marker says `served`), since
 * the service goes on working in it.
 *
 * @param name begins with `rushhour_`; a database of that name must be one of ours that was made here, or not be there
 * @returns a clone whose `drop` leaves it
 * @throws HarnessError BAD_CONFIG for another name, REFUSED when the database is not ours; it is then as it was
 */
export async function replaceNamedDatabase(
  server: PostgresServer,
  template: string,
  name: string,
): Promise<Clone> {
  requireServedName(name);
  const building = `rushhour_build_${randomBytes(6).toString('hex')}`;
  return withAdmin(server, undefined, async (admin) => {
    await admin.query("SELECT set_config('lock_timeout', '0', false)");
    await admin.query('SELECT pg_advisory_lock(hashtext($1))', [name]); // two at once: the second replaces the first
    await admin.query('RESET lock_timeout');
    await requireServed(server, admin, name); // before anything is made
    await noteDatabase(admin, building);
    try {
      await createFrom(admin, building, template);
      const oid = await withAdmin(server, building, (client) => prepareServed(client, server, building));
      const old = await requireServed(server, admin, name);
      if (old) await applyDatabaseProperties(admin, building, old.properties);
      if (old) await dropServed(admin, name, old.oid);
      await admin.query(`ALTER DATABASE ${building} RENAME TO ${admin.escapeIdentifier(name)}`);
      if (old) await forgetStatements(server, old.oid);
      return { name, oid, drop: async () => {} };
    } catch (error) {
      await dropOwnDatabase(server, building).catch(() => {}); // the first error is the one to tell
      throw error;
    }
  });
}

/** PostgreSQL cuts longer names (NAMEDATALEN − 1 bytes): https://www.postgresql.org/docs/current/limits.html */
const NAME = /^rushhour_(?!(tpl|bak|build|run|test)_)[a-z0-9_]{1,54}$/;

function requireServedName(name: string): void {
  if (NAME.test(name)) return;
  throw new HarnessError(
    'BAD_CONFIG',
    `variants.….database: expected a name of lower-case letters, digits and _ that begins with rushhour_ (not with rushhour_tpl_, _bak_, _build_ or _run_) and has at most 63 characters, got "${name}".`,
    { hint: 'Only a database of such a name is ever replaced, and only one that rushhour has made.' },
  );
}

async function prepareServed(client: pg.Client, server: PostgresServer, building: string): Promise<number> {
  await writeMarker(client, { purpose: 'served', harnessPid: process.pid, info: null });
  await forgetDatabase(building);
  if (server.embedded) {
    await client.query('CHECKPOINT');
    await prewarm(client);
  }
  const { rows } = await client.query<{ oid: number }>(
    'SELECT oid::int8::float8 AS oid FROM pg_database WHERE datname = current_database()',
  );
  return rows[0]?.oid ?? 0;
}

/** The database as it is; `null` when there is none. @throws HarnessError REFUSED unless it was made for a service to work in */
async function requireServed(
  server: PostgresServer,
  admin: pg.Client,
  name: string,
): Promise<{ readonly oid: number; readonly properties: DatabaseProperties } | null> {
  const state = await readDatabaseState(admin, name);
  if (!state) return null;
  const proof = await proveByName(server, admin, name, state);
  if ('got' in proof || proof.marker.purpose !== 'served') {
    throw notOurs(server, name, {
      undone: 'not replaced',
      got: 'got' in proof ? proof.got : `one of a ${proof.marker.purpose}`,
      hint: 'Name a database in variants.….database that is not there yet: rushhour makes it, and then the service can be connected to it.',
    });
  }
  return { oid: state.oid, properties: await readDatabaseProperties(admin, name) };
}

/** A pool reconnects within milliseconds: the door is closed first, and opened again if the database could not be dropped. */
async function dropServed(admin: pg.Client, name: string, oid: number): Promise<void> {
  const quoted = admin.escapeIdentifier(name);
  await admin.query(`ALTER DATABASE ${quoted} WITH ALLOW_CONNECTIONS false`);
  try {
    // A name may be another database's a moment later.
    if ((await readDatabaseState(admin, name))?.oid !== oid)
      throw new Error('another one has taken its name meanwhile');
    await admin.query(`DROP DATABASE ${quoted} WITH (FORCE)`);
  } catch (error) {
    await admin.query(`ALTER DATABASE ${quoted} WITH ALLOW_CONNECTIONS true`);
    throw new HarnessError(
      'DATABASE_FAILED',
      `Database "${name}" could not be replaced: ${messageOf(error)}.`,
      {
        hint: 'The role of --server must be allowed to end the sessions of the service: the same role, or a member of it. Prepared transactions and replication slots in it have to go first.',
        cause: error,
      },
    );
  }
}
