import type pg from 'pg';
import { HarnessError } from '../errors.ts';
import { type DatabaseState, readDatabaseState } from './database-state.ts';
import { endClient } from './end-client.ts';
import { notOurs, proveOwn } from './marker.ts';
import { connectAdmin, hostOf, loginRefusal, type PostgresServer, withAdmin } from './server.ts';

/** What is refused to a database that is not ours, and what to do instead. */
export interface OwnUse {
  /** As in "it is not changed". */
  readonly undone: string;
  readonly hint: string;
}

const COPY_OR_REPLACE: OwnUse = {
  undone: 'neither backed up nor replaced',
  hint: 'rushhour backs up and restores only databases it has created itself. For others there is pg_dump.',
};

/**
 * Makes sure that a database is one the tool may copy and replace: one it has made and works in, as the marker inside proves.
 * Reading somebody else's would do no harm, but a template copy makes its logins wait and wants its sessions gone. Templates of
 * datasets are refused as well: they never change, and `seed` makes them again.
 *
 * @returns its OID: by it the database is known again, whatever its name is then
 * @throws HarnessError BAD_OPTION when there is no such database, REFUSED when it is not ours
 */
export async function requireOwnDatabase(server: PostgresServer, name: string): Promise<number> {
  return withOwnDatabase(server, name, COPY_OR_REPLACE, async (_client, { oid }) => oid);
}

/**
 * Works in a database of ours with the very session that has proven it: a name may be another database's a moment later.
 * @throws HarnessError as {@link requireOwnDatabase}
 */
export async function withOwnDatabase<T>(
  server: PostgresServer,
  name: string,
  use: OwnUse,
  work: (client: pg.Client, state: DatabaseState) => Promise<T>,
): Promise<T> {
  const state = await databaseState(server, name);
  if (!state) throw notThere(server, name);
  if (!state.open) throw closed(server, name, use);
  const refuse = (got: string) => notOurs(server, name, { ...use, got });
  const client = await connectAdmin(server, name).catch((error: unknown) => {
    const reason = loginRefusal(error);
    throw reason === null ? error : refuse(`no way in (${reason})`);
  });
  try {
    const proof = await proveOwn(client);
    if ('got' in proof) throw refuse(proof.got);
    const { purpose } = proof.marker;
    if (purpose !== 'clone' && purpose !== 'restored' && purpose !== 'served')
      throw refuse(`one of a ${purpose}, which never changes`);
    return await work(client, state);
  } finally {
    await endClient(client);
  }
}

function closed(server: PostgresServer, name: string, { undone }: OwnUse): HarnessError {
  return new HarnessError(
    'REFUSED',
    `Database "${name}" on ${hostOf(server)} lets nobody in: it is ${undone}. Expected a database that is worked in.`,
    { hint: 'Templates of datasets and backups never change; `rushhour seed` makes a dataset again.' },
  );
}

function notThere(server: PostgresServer, name: string): HarnessError {
  return new HarnessError(
    'BAD_OPTION',
    `--database: the server has no database "${name}"; asked was ${hostOf(server)}.`,
    { hint: '`serve` prints the name of the database it works in.' },
  );
}

/** Whether a database is there, and whether it lets anybody in. */
export async function databaseState(server: PostgresServer, name: string): Promise<DatabaseState | null> {
  return withAdmin(server, undefined, (admin) => readDatabaseState(admin, name));
}
