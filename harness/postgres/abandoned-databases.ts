import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { isProcessAlive } from '../process-alive.ts';
import { forgetDatabase, unmarkedByTheKilled } from './database-notes.ts';
import { dropOwnDatabase, type Marker, readMarker, writeMarker } from './marker.ts';
import { type PostgresServer, withAdmin } from './server.ts';
import { readClosedMarker } from './templates.ts';

const NONE: ReadonlyMap<string, number> = new Map();

/** How long a database that a killed process has asked for may take to be there. */
const CREATION_MS = 10_000;

/**
 * Drops clones and unfinished builds whose maker was killed on this machine. One that the server is still creating, or that a session
 * is still in, is left to the start after this one. Returns their names.
 *
 * @param patienceMs how long to wait for sessions to leave, where their processes have just been ended. Default: not at all.
 */
export async function dropAbandoned(server: PostgresServer, patienceMs = 0): Promise<string[]> {
  return withAdmin(server, undefined, async (admin) => {
    // Two starts at once: the second waits here and then finds nothing left.
    await admin.query("SELECT set_config('lock_timeout', '0', false)");
    await admin.query("SELECT pg_advisory_lock(hashtext('rushhour: abandoned databases'))");
    return [...(await dropOpen(server, admin, patienceMs)), ...(await dropClosed(server, admin))];
  });
}

async function dropOpen(server: PostgresServer, admin: pg.Client, patienceMs: number): Promise<string[]> {
  // In a cluster of the tool's own all databases are its own. Elsewhere nothing but a marker inside proves that.
  const unmarked = server.embedded ? await unmarkedByTheKilled(admin) : NONE;
  const { unused, settled } = await settle(admin, unmarked, patienceMs);
  const dropped: string[] = [];
  const unknown = new Set<string>();
  for (const name of unused) {
    const decide = (client: pg.Client) => isAbandoned(server, client, unmarked.get(name));
    const abandoned = await withAdmin(server, name, decide).catch(() => null);
    if (abandoned === null) unknown.add(name);
    if (!abandoned) continue;
    await dropOwnDatabase(server, name);
    dropped.push(name);
  }
  // Without its note, one that could not be looked into would stay for good.
  for (const name of settled) if (!unknown.has(name)) await forgetDatabase(name);
  return dropped;
}

/**
 * Whoever drops a database closes its door first: killed over that, it leaves one that nobody can enter. Its marker is read as a
 * template's is, and one with this name that its role has closed was to be dropped.
 */
async function dropClosed(server: PostgresServer, admin: pg.Client): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database WHERE datname ~ '^rushhour_(run|build)_[0-9a-f]{12}$'
     AND NOT datallowconn AND NOT datistemplate AND pg_get_userbyid(datdba) = current_user`,
  );
  const dropped: string[] = [];
  for (const { name } of rows) {
    const marker = await readClosedMarker(server, admin, name).catch(() => null);
    if (!marker || mayBeAtWork(server, marker)) continue;
    await dropOwnDatabase(server, name);
    dropped.push(name);
  }
  return dropped;
}

interface Settled {
  readonly unused: readonly string[];
  /** Noted names about which nothing more can happen: not used, and not still being created for a client that has gone. */
  readonly settled: readonly string[];
}

async function settle(
  admin: pg.Client,
  unmarked: ReadonlyMap<string, number>,
  patienceMs: number,
): Promise<Settled> {
  const start = performance.now();
  for (;;) {
    const { databases, creating } = await look(admin);
    const used = new Set(databases.filter((one) => one.used).map(({ name }) => name));
    const underWay = [...unmarked.keys()].filter(
      (name) => used.has(name) || creating.some((query) => query.includes(name)),
    );
    const waitedMs = performance.now() - start;
    const waits = (used.size > 0 && waitedMs < patienceMs) || (underWay.length > 0 && waitedMs < CREATION_MS);
    if (!waits) {
      const unused = databases.map(({ name }) => name).filter((name) => !used.has(name));
      return { unused, settled: [...unmarked.keys()].filter((name) => !underWay.includes(name)) };
    }
    await delay(50);
  }
}

async function look(admin: pg.Client) {
  const creating = await admin.query<{ query: string }>(
    "SELECT query FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'CREATE DATABASE %'",
  );
  const databases = await admin.query<{ name: string; used: boolean }>(
    `SELECT datname AS name, EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname) AS used
     FROM pg_database d WHERE datname ~ '^rushhour_(run|build)_[0-9a-f]{12}$' AND datallowconn`,
  );
  return { creating: creating.rows.map(({ query }) => query), databases: databases.rows };
}

/** @param noted the maker's pid, when it was killed before it had marked the database */
async function isAbandoned(
  server: PostgresServer,
  client: pg.Client,
  noted: number | undefined,
): Promise<boolean> {
  const marker = await readMarker(client);
  if (marker) {
    // Whatever a build was to become, it is unfinished as long as it has this name.
    const unfinished = isBuild(client) || marker.purpose === 'clone';
    return unfinished && !mayBeAtWork(server, marker);
  }
  if (noted === undefined || !(await isOfOurMaking(client))) return false;
  // What its maker was killed before: now it may be dropped like any other.
  await writeMarker(client, { purpose: 'clone', harnessPid: noted, info: null });
  return true;
}

function isBuild({ database }: pg.Client): boolean {
  return database?.startsWith('rushhour_build_') ?? false;
}

/** The maker of a database on a server that others use may run on another machine, where its pid is somebody's. */
function mayBeAtWork(server: PostgresServer, { harnessPid, harnessHost }: Marker): boolean {
  const elsewhere = !server.embedded && (harnessHost ?? hostname()) !== hostname();
  return elsewhere || isProcessAlive(harnessPid);
}

/** Beside the note: inside there is a copy of a marker, or nothing at all. User objects begin at oid 16384 (transam.h, FirstNormalObjectId). */
async function isOfOurMaking(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ ours: boolean }>(
    `SELECT to_regclass('rushhour_meta.marker') IS NOT NULL
         OR NOT EXISTS (SELECT FROM pg_class WHERE oid >= 16384) AS ours`,
  );
  return rows[0]?.ours ?? false;
}
