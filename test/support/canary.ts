/** Databases that look like a production of ours and are none of the tool's: whatever is run, not a bit of them may change. */
import assert from 'node:assert/strict';
import type pg from 'pg';
import { type ContentDigest, digestContent } from '../../harness/postgres/content-digest.ts';
import { connectAdmin, type PostgresServer, withAdmin } from '../../harness/postgres/server.ts';
import { seedDatabase } from '../../seed/seed-database.ts';
import { eventually } from './command.ts';
import { SMALLEST } from './smallest-shape.ts';

/** Name of the canary that people work in. */
export const PRODUCTION = 'dispatch_production';

/** A canary that the config of a running service names as its database. */
export const SERVED = 'rushhour_served_look_alike';

/** A database with the tables and rows of a dispatch service, made by somebody else. */
export async function createProduction(server: PostgresServer, name: string = PRODUCTION): Promise<void> {
  await withAdmin(server, undefined, (admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE template0`));
  await withAdmin(server, name, async (client) => {
    await seedDatabase(client, SMALLEST);
    await client.query('CREATE EXTENSION pg_stat_statements'); // so that verbs can count, asked to do so in it
    await client.query('CREATE TABLE schema_migration (version bigint PRIMARY KEY)'); // another tool's
    await client.query('INSERT INTO schema_migration VALUES (20260101)');
  });
}

/** Sessions of people at work in a database: one has not committed yet and holds locks. */
export interface Staff {
  /** Fails unless all of them are still there, with what they had begun. */
  check(): Promise<void>;
  leave(): Promise<void>;
}

export async function sendStaff(server: PostgresServer, database: string): Promise<Staff> {
  const [writer, reader] = [await connectAdmin(server, database), await connectAdmin(server, database)];
  const pids = await Promise.all([writer, reader].map(pidOf));
  await writer.query('BEGIN');
  await writer.query("UPDATE driver SET full_name = 'not committed' WHERE id = 1");
  await writer.query('SELECT pg_advisory_xact_lock(20260101)');
  return {
    check: async () => {
      assert.deepEqual(await Promise.all([writer, reader].map(pidOf)), pids);
      const { rows } = await writer.query('SELECT full_name FROM driver WHERE id = 1');
      assert.equal(rows[0]?.full_name, 'not committed');
      const onlyThey = () => withAdmin(server, undefined, (admin) => sessionsAre(admin, database, pids));
      assert.ok(await eventually(onlyThey), `sessions were left in ${database}`);
    },
    leave: async () => {
      await writer.query('ROLLBACK');
      await Promise.all([writer.end(), reader.end()]);
    },
  };
}

async function pidOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

async function sessionsAre(admin: pg.Client, database: string, pids: readonly number[]): Promise<boolean> {
  const { rows } = await admin.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
    [database],
  );
  const found = rows.map(({ pid }) => pid);
  return found.length === pids.length && pids.every((pid) => found.includes(pid));
}

/** All that can be said of the canaries of a server and of the server itself. Equal: nothing was touched. */
export interface Portrait {
  /** By OID, since a name may be changed. */
  readonly databases: Record<string, unknown>;
  readonly contents: Record<string, ContentDigest & { readonly marker: unknown }>;
  readonly server: unknown;
}

/** @param canaries names of the databases to look at; those that let nobody in are looked at from outside only */
export async function portrait(server: PostgresServer, canaries: readonly string[]): Promise<Portrait> {
  return withAdmin(server, 'postgres', async (admin) => {
    const { rows } = await admin.query<{ oid: number; name: string; open: boolean; facts: unknown }>(
      DATABASE_FACTS,
      [canaries],
    );
    const contents: Portrait['contents'] = {};
    for (const { name } of rows.filter(({ open }) => open)) contents[name] = await contentOf(server, name);
    const { rows: facts } = await admin.query(SERVER_FACTS);
    return {
      databases: Object.fromEntries(rows.map(({ oid, facts }) => [oid, facts])),
      contents,
      server: facts[0],
    };
  });
}

/** Written tuples count those that were rolled back too; `sessions_killed` those that somebody has ended. */
const DATABASE_FACTS = `
  SELECT d.oid, d.datname AS name, d.datallowconn AS open, jsonb_build_object(
    'database', to_jsonb(d), 'comment', shobj_description(d.oid, 'pg_database'),
    'settings', (SELECT jsonb_agg(to_jsonb(r)) FROM pg_db_role_setting r WHERE r.setdatabase = d.oid),
    'written', jsonb_build_array(s.tup_inserted, s.tup_updated, s.tup_deleted), 'killed', s.sessions_killed,
    'reset', s.stats_reset) AS facts
  FROM pg_database d JOIN pg_stat_database s ON s.datid = d.oid WHERE d.datname = ANY ($1)`;

const SERVER_FACTS = `
  SELECT (SELECT jsonb_object_agg(name, setting || ' from ' || source) FROM pg_settings) AS settings,
         (SELECT jsonb_agg(to_jsonb(r) ORDER BY rolname) FROM pg_roles r) AS roles,
         (SELECT array_agg(extname ORDER BY extname) FROM pg_extension) AS extensions`;

/** The digest leaves the tool's own schema out; a marker that was copied into a canary is the canary's as well. */
async function contentOf(server: PostgresServer, name: string) {
  return withAdmin(server, name, async (client) => {
    const { rows } = await client.query("SELECT to_regclass('rushhour_meta.marker') IS NOT NULL AS there");
    const marker = rows[0]?.there ? (await client.query('SELECT * FROM rushhour_meta.marker')).rows : null;
    return { ...(await digestContent(client)), marker };
  });
}

/** Databases of a server but for the canaries and the templates of datasets, which are kept on purpose. */
export async function whatIsLeft(server: PostgresServer, canaries: readonly string[]): Promise<string[]> {
  return withAdmin(server, 'postgres', async (admin) => {
    const { rows } = await admin.query<{ datname: string }>(
      `SELECT datname FROM pg_database WHERE datname <> ALL ($1) AND datname !~ '^(postgres|template[01])$'
         AND NOT (datname ~ '^rushhour_tpl_[0-9a-f]{16}(_[0-9a-f]+)*$' AND datistemplate AND NOT datallowconn)
       ORDER BY 1`,
      [canaries],
    );
    return rows.map(({ datname }) => datname);
  });
}
