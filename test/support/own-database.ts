import type pg from 'pg';
import type { PostgresServer } from '../../harness/postgres/server.ts';
import { withAdmin } from '../../harness/postgres/server.ts';
import { cloneTemplate, ensureTemplate } from '../../harness/postgres/templates.ts';

/** What a test backs up: keys, an index, a duplicate row, a sequence, a view, all with known counts. */
export const ROWS = { booking: 1_000, stop: 3 };

async function fill(client: pg.Client): Promise<void> {
  await client.query(`
    CREATE TABLE booking (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, town text NOT NULL, at timestamptz);
    INSERT INTO booking (town, at) SELECT 'town ' || n % 7, timestamptz '2026-01-01' + n * interval '1 min'
      FROM generate_series(1, ${ROWS.booking}) n;
    CREATE INDEX booking_town_idx ON booking (town);
    CREATE TABLE stop (town text, booking_id integer REFERENCES booking);
    INSERT INTO stop VALUES ('a', 1), ('a', 1), ('b', 2);
    CREATE VIEW busy AS SELECT town, count(*) AS bookings FROM booking GROUP BY town;
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.at := now(); RETURN NEW; END';
    CREATE TRIGGER touch BEFORE UPDATE ON booking FOR EACH ROW EXECUTE FUNCTION touch();`);
}

/** A database that the tool has made and may touch, as `serve` makes one. Returns its name. */
export async function makeOwnDatabase(server: PostgresServer, key = 'backedup'): Promise<string> {
  const template = await ensureTemplate(server, {
    key,
    build: async (client) => {
      await fill(client);
      return {}; // null would mean that there is no template
    },
  });
  return (await cloneTemplate(server, template.name)).name;
}

/** Databases of a server by name, without those every server has. */
export async function databaseNames(server: PostgresServer, pattern = '.'): Promise<string[]> {
  const { rows } = await withAdmin(server, undefined, (admin) =>
    admin.query<{ datname: string }>(
      "SELECT datname FROM pg_database WHERE datname ~ $1 AND datname !~ '^(template[01]|postgres)$' ORDER BY 1",
      [pattern],
    ),
  );
  return rows.map((row) => row.datname);
}
