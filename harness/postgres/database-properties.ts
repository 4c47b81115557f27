import type pg from 'pg';
import { z } from 'zod';
import { messageOf } from '../errors.ts';

/** What belongs to a database as a whole. CREATE DATABASE … TEMPLATE copies nothing of it but the encoding and locale. */
export const DatabaseProperties = z.object({
  owner: z.string(),
  connectionLimit: z.number().int().describe('-1: none'),
  grants: z
    .array(
      z.object({
        role: z.string().describe('`public` is everybody'),
        privilege: z.string(),
        grantable: z.boolean(),
      }),
    )
    .nullable()
    .describe('null: nobody has changed what PostgreSQL grants by itself'),
  settings: z
    .array(
      z.object({
        role: z.string().nullable().describe('null: for every role'),
        name: z.string(),
        value: z.string(),
      }),
    )
    .describe('ALTER DATABASE … SET and ALTER ROLE … IN DATABASE … SET'),
  locale: z.object({
    encoding: z.string(),
    collate: z.string(),
    ctype: z.string(),
    provider: z.string().nullable().describe('c, i or b; null before PostgreSQL 15, which has only c'),
    locale: z.string().nullable().describe('of the providers i and b'),
  }),
});
export type DatabaseProperties = z.infer<typeof DatabaseProperties>;

export async function readDatabaseProperties(
  client: pg.Client,
  database: string,
): Promise<DatabaseProperties> {
  // Columns that came with 15 and 17 are read through JSON, so that an older server does not stumble over them.
  const { rows } = await client.query<Omit<DatabaseProperties, 'settings'>>(
    `SELECT pg_get_userbyid(d.datdba) AS owner, d.datconnlimit AS "connectionLimit",
            CASE WHEN d.datacl IS NOT NULL THEN (
              SELECT coalesce(jsonb_agg(jsonb_build_object(
                'role', CASE WHEN a.grantee = 0 THEN 'public' ELSE pg_get_userbyid(a.grantee) END,
                'privilege', a.privilege_type, 'grantable', a.is_grantable)), '[]')
              FROM aclexplode(d.datacl) a) END AS grants,
            jsonb_build_object('encoding', pg_encoding_to_char(d.encoding), 'collate', d.datcollate, 'ctype', d.datctype,
              'provider', to_jsonb(d)->>'datlocprovider',
              'locale', coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale')) AS locale
     FROM pg_database d WHERE d.datname = $1`,
    [database],
  );
  const { rows: settings } = await client.query<DatabaseProperties['settings'][number]>(
    `SELECT r.rolname AS role, split_part(s.entry, '=', 1) AS name, substr(s.entry, strpos(s.entry, '=') + 1) AS value
     FROM pg_db_role_setting
     CROSS JOIN unnest(setconfig) WITH ORDINALITY AS s (entry, place) JOIN pg_database d ON d.oid = setdatabase
     LEFT JOIN pg_roles r ON r.oid = setrole
     WHERE d.datname = $1 ORDER BY setrole, s.place`,
    [database],
  );
  return DatabaseProperties.parse({ ...rows[0], settings });
}

/**
 * Gives a database the owner, limit, grants and settings of another. Each is done by itself: a role that has gone, or one we may
 * not speak for, keeps nothing else from being carried over.
 *
 * @returns what could not be carried over, a sentence each
 */
export async function applyDatabaseProperties(
  admin: pg.Client,
  database: string,
  properties: DatabaseProperties,
): Promise<string[]> {
  const name = admin.escapeIdentifier(database);
  const failures: string[] = [];
  const attempt = async (what: string, work: () => Promise<unknown>) => {
    await work().catch((error: unknown) => failures.push(`${what}: ${messageOf(error)}`));
  };
  for (const setting of properties.settings) {
    const role = setting.role === null ? '' : ` for ${setting.role}`;
    await attempt(`setting ${setting.name}${role}`, () => applySetting(admin, name, setting));
  }
  for (const statement of grantStatements(admin, name, properties.grants))
    await attempt('grant', () => admin.query(statement));
  if (properties.connectionLimit !== -1)
    await attempt('connection limit', () =>
      admin.query(`ALTER DATABASE ${name} CONNECTION LIMIT ${properties.connectionLimit}`),
    );
  // Last: whoever gives a database away may not be allowed to change it any more.
  if (properties.owner !== (await currentRole(admin)))
    await attempt(`owner ${properties.owner}`, () =>
      admin.query(`ALTER DATABASE ${name} OWNER TO ${admin.escapeIdentifier(properties.owner)}`),
    );
  return failures;
}

/**
 * FROM CURRENT stores the value as the server has parsed it: lists such as search_path need other quotes than single values.
 */
async function applySetting(
  admin: pg.Client,
  database: string,
  setting: DatabaseProperties['settings'][number],
): Promise<void> {
  const subject =
    setting.role === null
      ? `DATABASE ${database}`
      : `ROLE ${admin.escapeIdentifier(setting.role)} IN DATABASE ${database}`;
  const parameter = setting.name
    .split('.')
    .map((part) => admin.escapeIdentifier(part))
    .join('.');
  await admin.query('BEGIN');
  try {
    await admin.query('SELECT set_config($1, $2, true)', [setting.name, setting.value]);
    await admin.query(`ALTER ${subject} SET ${parameter} FROM CURRENT`);
    await admin.query('COMMIT');
  } catch (error) {
    await admin.query('ROLLBACK');
    throw error;
  }
}

function grantStatements(admin: pg.Client, database: string, grants: DatabaseProperties['grants']): string[] {
  if (grants === null) return [];
  const statements = grants.map(({ role, privilege, grantable }) => {
    const grantee = role === 'public' ? 'PUBLIC' : admin.escapeIdentifier(role);
    return `GRANT ${privilege} ON DATABASE ${database} TO ${grantee}${grantable ? ' WITH GRANT OPTION' : ''}`;
  });
  return [`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`, ...statements];
}

async function currentRole(admin: pg.Client): Promise<string> {
  const { rows } = await admin.query<{ role: string }>('SELECT current_user AS role');
  return rows[0]?.role ?? '';
}
