import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { forgetDatabase, noteDatabase } from './database-notes.ts';
import { readDatabaseState } from './database-state.ts';
import { dropOwnDatabase, type Marker, notOurs, proveByName, writeMarker } from './marker.ts';
import { type PostgresServer, withAdmin } from './server.ts';
import { findStatementView } from './statement-view.ts';
import { USER_SCHEMA } from './user-schema.ts';

/** A seeded database that nobody can connect to, kept to be cloned. */
export interface Template<Info> {
  readonly name: string;
  readonly info: Info;
  /** False when it was there already. */
  readonly built: boolean;
}

export interface TemplateSpec<Info> {
  /** Says what is in it: equal key, equal content. Letters and digits. */
  readonly key: string;
  /** Template to begin with; without one an empty database. */
  readonly from?: string;
  /** Makes the database itself, under the name it is given. Default: a copy of `from`. */
  create?(admin: pg.Client, name: string): Promise<void>;
  /** Fills the new database; its answer is kept with the template. */
  build(client: pg.Client): Promise<Info>;
}

/** How clones are made. FILE_COPY leaves no page in shared buffers, WAL_LOG leaves all of them, dirty. */
export const CLONE_STRATEGY = 'file_copy';

const SYNTAX_ERROR = '42601';

/**
 * Finds the template of this key or builds it. It is built under another name and renamed last, so that a build that
 * was killed can never be taken for a template.
 */
export async function ensureTemplate<Info>(
  server: PostgresServer,
  spec: TemplateSpec<Info>,
): Promise<Template<Info>> {
  const name = `rushhour_tpl_${spec.key}`;
  return withAdmin(server, undefined, async (admin) => {
    // Two processes that want the same template: the second waits here and then finds it.
    await admin.query("SELECT set_config('lock_timeout', '0', false)");
    await admin.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    const found = await readTemplate<Info>(server, admin, name);
    if (found) return { name, info: found, built: false };
    const info = await buildTemplate(server, admin, name, spec);
    return { name, info, built: true };
  });
}

/** @throws HarnessError REFUSED when a database of that name is there that is no template of ours */
async function readTemplate<Info>(
  server: PostgresServer,
  admin: pg.Client,
  name: string,
): Promise<Info | null> {
  const state = await readDatabaseState(admin, name);
  if (!state) return null;
  const proof = await proveByName(server, admin, name, state);
  if ('got' in proof || proof.marker.purpose !== 'template') {
    throw notOurs(server, name, {
      undone: 'not cloned, although it has the name of the template that was wanted',
      got: 'got' in proof ? proof.got : `one of a ${proof.marker.purpose}`,
      hint: 'Rename that database, or drop it if it is yours to drop; the next start then makes the template. Or use another server.',
    });
  }
  if (state.open) await closeTemplate(admin, name); // its maker was killed between its name and its lock
  return proof.marker.info as Info;
}

/** The marker of a database that lets nobody in. */
export async function readClosedMarker(
  server: PostgresServer,
  admin: pg.Client,
  name: string,
): Promise<Marker | null> {
  const proof = await proveByName(server, admin, name, { open: false, owned: true });
  return 'marker' in proof ? proof.marker : null;
}

async function closeTemplate(admin: pg.Client, name: string): Promise<void> {
  await admin.query(
    `ALTER DATABASE ${admin.escapeIdentifier(name)} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true`,
  );
}

async function buildTemplate<Info>(
  server: PostgresServer,
  admin: pg.Client,
  name: string,
  spec: TemplateSpec<Info>,
): Promise<Info> {
  const building = `rushhour_build_${randomBytes(6).toString('hex')}`;
  const from = spec.from ? admin.escapeIdentifier(spec.from) : 'template0';
  await noteDatabase(admin, building);
  if (spec.create) await spec.create(admin, building);
  else await admin.query(`CREATE DATABASE ${building} TEMPLATE ${from}`);
  try {
    const info = await withAdmin(server, building, async (client) => {
      await writeMarker(client, { purpose: 'clone', harnessPid: process.pid, info: null });
      await forgetDatabase(building);
      const built = await spec.build(client);
      await grantToService(client, server);
      await writeMarker(client, { purpose: 'template', harnessPid: process.pid, info: built });
      return built;
    });
    await admin.query(`ALTER DATABASE ${building} RENAME TO ${admin.escapeIdentifier(name)}`);
    await closeTemplate(admin, name);
    return info;
  } catch (error) {
    await dropOwnDatabase(server, building).catch(() => {}); // the first error is the one to tell
    throw error;
  }
}

/**
 * Lets the service's role use everything the owner has made in this database so far. Table grants are copied into
 * clones, unlike grants on the database itself.
 */
export async function grantToService(client: pg.Client, server: PostgresServer): Promise<void> {
  const { rows } = await client.query<{ own: boolean }>('SELECT current_user = $1 AS own', [
    server.serviceRole,
  ]);
  if (rows[0]?.own) return;
  const role = client.escapeIdentifier(server.serviceRole);
  const schemas = await client.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace n WHERE ${USER_SCHEMA} ORDER BY nspname`,
  );
  for (const { name } of schemas.rows) {
    const schema = client.escapeIdentifier(name);
    await client.query(`GRANT ALL ON SCHEMA ${schema} TO ${role}`);
    for (const kind of ['TABLES', 'SEQUENCES', 'ROUTINES'])
      await client.query(`GRANT ALL ON ALL ${kind} IN SCHEMA ${schema} TO ${role}`);
  }
}

/** A database of this run alone, in the same state each time. */
export interface Clone {
  readonly name: string;
  readonly oid: number;
  drop(): Promise<void>;
}

/** A name that no database has: whoever is to use a clone can be told of it before it is there. */
export function newCloneName(): string {
  return `rushhour_run_${randomBytes(6).toString('hex')}`;
}

/** Makes a fresh clone: same rows, same planner statistics, checkpointed, its tables and indexes read into cache. */
export async function cloneTemplate(
  server: PostgresServer,
  template: string,
  name: string = newCloneName(),
): Promise<Clone> {
  await withAdmin(server, undefined, async (admin) => {
    await noteDatabase(admin, name);
    await createFrom(admin, name, template);
  });
  const oid = await withAdmin(server, name, async (client) => {
    await writeMarker(client, { purpose: 'clone', harnessPid: process.pid, info: null });
    await forgetDatabase(name);
    if (server.embedded) {
      await client.query('CHECKPOINT');
      await prewarm(client);
    }
    const { rows } = await client.query<{ oid: number }>(
      'SELECT oid::int AS oid FROM pg_database WHERE datname = current_database()',
    );
    return rows[0]?.oid ?? 0;
  });
  return {
    name,
    oid,
    drop: async () => {
      await dropOwnDatabase(server, name);
      await forgetStatements(server, oid);
    },
  };
}

/** Gives `work` a fresh clone of a template, which is dropped afterwards. */
export async function withClone<T>(
  server: PostgresServer,
  template: string,
  work: (clone: Clone) => Promise<T>,
): Promise<T> {
  const clone = await cloneTemplate(server, template);
  try {
    return await work(clone);
  } finally {
    await clone.drop();
  }
}

/** `CREATE DATABASE … TEMPLATE`, by copying files on every server. */
export async function createFrom(admin: pg.Client, name: string, template: string): Promise<void> {
  const copy = `CREATE DATABASE ${admin.escapeIdentifier(name)} TEMPLATE ${admin.escapeIdentifier(template)}`;
  await admin.query(`${copy} STRATEGY ${CLONE_STRATEGY}`).catch(async (error: unknown) => {
    // The clause came with 15; 13 and 14 do not know it, and always copy files.
    if ((error as { code?: unknown }).code !== SYNTAX_ERROR) throw error;
    await admin.query(copy);
  });
}

/**
 * The counters of a database outlive it and fill the table of pg_stat_statements, which then throws entries out while
 * something is counted. Only those of our own clone go. A server without the extension, or that does not let us, keeps them.
 */
export async function forgetStatements(server: PostgresServer, databaseOid: number): Promise<void> {
  await withAdmin(server, undefined, async (admin) => {
    const view = await findStatementView(admin);
    if (view) await admin.query(`SELECT ${view.schema}.pg_stat_statements_reset(0, $1, 0)`, [databaseOid]);
  }).catch(() => {});
}

/**
 * Reads the tables and indexes that people made into shared buffers. Small relations last, so that in a dataset larger
 * than these they are the ones that stay.
 */
export async function prewarm(client: pg.Client): Promise<void> {
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_prewarm');
  await client.query(
    `SELECT pg_prewarm(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${USER_SCHEMA} AND c.relkind IN ('r', 'i') ORDER BY c.relpages DESC`,
  );
}
