/** Parameters of a connection string that pg_dump takes from the environment, by the libpq variable that says the same. */
const FROM_QUERY: Readonly<Record<string, string>> = {
  host: 'PGHOST',
  port: 'PGPORT',
  password: 'PGPASSWORD',
  sslmode: 'PGSSLMODE',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslrootcert: 'PGSSLROOTCERT',
};

/**
 * The environment in which PostgreSQL's client programs reach the database of a connection string: a password on their command
 * line could be read by everybody on the machine (https://www.postgresql.org/docs/current/libpq-envars.html).
 *
 * @param inherited what the person has set: its PG… variables count where the connection string says nothing
 */
export function clientEnvironment(connectionString: string, inherited: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const url = new URL(connectionString);
  const said: Record<string, string> = {
    PGHOST: decodeURIComponent(url.hostname).replaceAll(/[[\]]/g, ''), // [::1] is an address in a URL, ::1 everywhere else
    PGPORT: url.port,
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: decodeURIComponent(url.pathname.slice(1)),
  };
  for (const [parameter, variable] of Object.entries(FROM_QUERY)) {
    const value = url.searchParams.get(parameter);
    if (value !== null) said[variable] = value;
  }
  const given = Object.entries(said).filter(([, value]) => value !== '');
  return { ...inherited, ...Object.fromEntries(given) };
}

/** The environment without the person's own PG… variables, which must not reach the embedded server. */
export function withoutLibpqVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('PG')));
}
