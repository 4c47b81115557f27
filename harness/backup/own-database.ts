import { HarnessError } from '../errors.ts';
import { readMarker } from '../postgres/marker.ts';
import { type PostgresServer, withAdmin } from '../postgres/server.ts';

/**
 * Makes sure that a database is one the tool may copy and replace: one it has made and works in, as the marker inside proves.
 * Reading somebody else's would do no harm, but a template copy makes its logins wait and wants its sessions gone. Templates of
 * datasets are refused as well: they never change, and `seed` makes them again.
 *
 * @throws HarnessError BAD_OPTION when there is no such database, REFUSED when it is not ours
 */
export async function requireOwnDatabase(server: PostgresServer, name: string): Promise<void> {
  const state = await databaseState(server, name);
  if (!state) {
    throw new HarnessError('BAD_OPTION', `--database: the server has no database "${name}".`, {
      hint: '`serve` prints the name of the database it works in.',
    });
  }
  if (!state.open) {
    throw new HarnessError(
      'REFUSED',
      `Database "${name}" lets nobody in: it is no database that is worked in.`,
      {
        hint: 'Templates of datasets and backups never change; `rushhour seed` makes a dataset again.',
      },
    );
  }
  const marker = await withAdmin(server, name, readMarker);
  if (marker?.purpose === 'clone' || marker?.purpose === 'restored') return;
  throw new HarnessError(
    'REFUSED',
    `Database "${name}" does not carry rushhour's marker: it is neither backed up nor replaced.`,
    {
      hint: 'rushhour backs up and restores only databases it has created itself. For others there is pg_dump.',
    },
  );
}

/** Whether a database is there, and whether it lets anybody in. */
export async function databaseState(
  server: PostgresServer,
  name: string,
): Promise<{ readonly open: boolean } | null> {
  return withAdmin(server, undefined, async (admin) => {
    const { rows } = await admin.query<{ open: boolean }>(
      'SELECT datallowconn AS open FROM pg_database WHERE datname = $1',
      [name],
    );
    return rows[0] ?? null;
  });
}
