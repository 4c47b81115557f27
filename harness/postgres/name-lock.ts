import { hostname } from 'node:os';
import type pg from 'pg';
import { HarnessError } from '../errors.ts';
import { endClient } from './end-client.ts';
import { connectAdmin, loginRefusal, type PostgresServer } from './server.ts';

export interface NameLock {
  release(): Promise<void>;
}

/** First of the two numbers of the advisory lock, so that it is none of somebody else's: "rush". */
const LOCK_CLASS = 0x72757368;

/**
 * Keeps the database of a service that runs already for this process, as long as it is measured: two would replace it under each other.
 * The lock is a session's: it goes with the process, however that ends.
 *
 * @throws HarnessError REFUSED, saying who has it
 */
export async function lockName(server: PostgresServer, name: string): Promise<NameLock> {
  const client = await connectForAll(server);
  try {
    await client.query("SELECT set_config('application_name', $1, false)", [ownName()]);
    const { rows } = await client.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_lock($1, hashtext($2)) AS locked',
      [LOCK_CLASS, name],
    );
    if (!rows[0]?.locked) throw await alreadyMeasured(client, name);
    return { release: () => endClient(client) };
  } catch (error) {
    await endClient(client);
    throw error;
  }
}

/** Advisory locks are of one database, so all have to use the same one. */
async function connectForAll(server: PostgresServer): Promise<pg.Client> {
  return connectAdmin(server, 'postgres').catch((error: unknown) => {
    if (loginRefusal(error) === null && (error as { cause?: { code?: string } }).cause?.code !== '3D000')
      throw error;
    return connectAdmin(server);
  });
}

function ownName(): string {
  return `rushhour pid ${process.pid} on ${hostname()}`;
}

async function alreadyMeasured(client: pg.Client, name: string): Promise<HarnessError> {
  const { rows } = await client.query<{ holder: string; since: string }>(
    `SELECT coalesce(nullif(a.application_name, ''), 'a session of ' || a.usename) AS holder,
            to_char(a.backend_start AT TIME ZONE 'UTC', 'HH24:MI:SS') AS since
     FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.classid = $1 AND l.objid = (hashtext($2)::int8 & 4294967295)::oid
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [LOCK_CLASS, name],
  );
  const holder = rows[0] ? `${rows[0].holder}, since ${rows[0].since} UTC` : 'one that has just ended';
  const itself = rows[0]?.holder === ownName().slice(0, 63);
  return new HarnessError(
    'REFUSED',
    `The service that works in database "${name}" is being measured already: by ${itself ? 'this very run' : holder}. Expected to have it alone, since its database is replaced before each measurement.`,
    {
      hint: itself
        ? 'A service that runs already is there once, and cannot be measured beside itself: compare it with another variant.'
        : 'Wait until that has ended, or stop it: what it holds goes with it.',
    },
  );
}
