import type pg from 'pg';

/** What a server says of one of its databases to whoever asks: nothing in it is looked at. */
export interface DatabaseState {
  readonly oid: number;
  /** Whether anybody may connect to it. */
  readonly open: boolean;
  /** Whether it belongs to the role that asks. */
  readonly owned: boolean;
}

/** `null` when there is no such database. */
export async function readDatabaseState(admin: pg.Client, name: string): Promise<DatabaseState | null> {
  const { rows } = await admin.query<DatabaseState>(
    `SELECT oid::int8::float8 AS oid, datallowconn AS open, pg_get_userbyid(datdba) = current_user AS owned
     FROM pg_database WHERE datname = $1`,
    [name],
  );
  return rows[0] ?? null;
}
