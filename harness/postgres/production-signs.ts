import type pg from 'pg';
import { HarnessError } from '../errors.ts';
import { countOf } from '../quantity.ts';
import { HARNESS_APPLICATION_NAME } from './application-name.ts';
import { type PostgresServer, withAdmin } from './server.ts';

/** What a server of somebody else's says of itself to whoever asks. */
export interface ServerFacts {
  /** As the URL names it. */
  readonly host: string;
  /** That the URL names. */
  readonly database: string;
  readonly replicationSlots: number;
  /** Standbys and others that receive its WAL. */
  readonly receivers: number;
  /** Sessions in databases that are not the tool's. */
  readonly foreignSessions: number;
}

/** More than a few developers and a service with its pool have open. */
const MOST_FOREIGN_SESSIONS = 40;

const PRODUCTION_NAME = /(^|[^a-z])(prod|prd|production|live)([^a-z]|$)/i;

/** What speaks for a production, each as the end of "it looks like a production: …". None is proof, and none is needed. */
export function productionSigns(facts: ServerFacts): string[] {
  const { host, database, replicationSlots, receivers, foreignSessions } = facts;
  return [
    ...(PRODUCTION_NAME.test(host) ? [`its host is named "${host}"`] : []),
    ...(PRODUCTION_NAME.test(database) ? [`its URL names the database "${database}"`] : []),
    ...(replicationSlots > 0
      ? [`it has ${countOf(replicationSlots, 'replication slot', 'replication slots')}`]
      : []),
    ...(receivers > 0
      ? [
          `${countOf(receivers, 'standby or other receiver follows', 'standbys or other receivers follow')} it`,
        ]
      : []),
    ...(foreignSessions > MOST_FOREIGN_SESSIONS
      ? [`${foreignSessions} sessions work in databases that are not rushhour's`]
      : []),
  ];
}

/**
 * The marker protects databases; this, the server: load takes its time, clones its disk. A server in recovery is refused before.
 * @param allowed host that the command line allows
 * @throws HarnessError REFUSED, BAD_OPTION when another host is allowed
 */
export async function refuseProduction(server: PostgresServer, allowed: string | undefined): Promise<void> {
  const url = new URL(server.adminUrl());
  const host = decodeURIComponent(url.hostname);
  if (allowed !== undefined) {
    if (allowed === host || allowed === url.host) return;
    throw new HarnessError(
      'BAD_OPTION',
      `--allow-server: expected the host of --server, ${host}, got '${allowed}'.`,
      {
        hint: 'It consents to one server by its name.',
      },
    );
  }
  const database = decodeURIComponent(url.pathname.slice(1));
  const signs = await withAdmin(server, undefined, async (admin) =>
    productionSigns({ host, database, ...(await readFacts(admin)) }),
  );
  if (signs.length === 0) return;
  throw new HarnessError(
    'REFUSED',
    `The server ${url.host} looks like a production: ${signs.join('; ')}. Expected a server for tests. Nothing was done.`,
    {
      hint: `If it may bear the load, say so by its name: --allow-server ${host}. Databases that are not rushhour's stay as they are there too. Without --server an embedded one is used.`,
    },
  );
}

async function readFacts(
  admin: pg.Client,
): Promise<Pick<ServerFacts, 'replicationSlots' | 'receivers' | 'foreignSessions'>> {
  const { rows } = await admin.query<{ slots: number; receivers: number; sessions: number }>(
    `SELECT (SELECT count(*)::int FROM pg_replication_slots) AS slots,
            (SELECT count(*)::int FROM pg_stat_replication) AS receivers,
            (SELECT count(*)::int FROM pg_stat_activity WHERE usesysid IS NOT NULL AND datname !~ '^rushhour_'
               AND pid <> pg_backend_pid() AND application_name IS DISTINCT FROM $1
               AND coalesce(backend_type, 'client backend') = 'client backend') AS sessions`,
    [HARNESS_APPLICATION_NAME],
  );
  const { slots = 0, receivers = 0, sessions = 0 } = rows[0] ?? {};
  return { replicationSlots: slots, receivers, foreignSessions: sessions };
}
