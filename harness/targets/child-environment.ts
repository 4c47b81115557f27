/**
 * Names of variables by which programs find a database: libpq's own (https://www.postgresql.org/docs/current/libpq-envars.html), and
 * those that frameworks and images read. A service that is given only `DATABASE_URL` must not take the host from a forgotten export.
 */
const NAMES_A_DATABASE = /^(PG|POSTGRES|DB_|SPRING_DATASOURCE)|DATABASE_UR[LI]/i;

/** `postgres://…`, `postgresql+psycopg://…`, `jdbc:postgresql://…` */
const IS_A_URL = /\b(postgres|postgresql)(\+\w+)?:\/\//i;

/** `host=db.example.com dbname=shop`, as libpq and its relatives take it. */
const IS_A_DSN = /\b(host|hostaddr|service)\s*=.*\bdbname\s*=|\bdbname\s*=.*\b(host|hostaddr|service)\s*=/i;

/**
 * The environment for what the tool starts on behalf of a config: its own, without anything that could point a program at another
 * database than the one it is given.
 *
 * @param inherited default: the environment of this process
 */
export function childEnvironment(inherited: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const kept = Object.entries(inherited).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !NAMES_A_DATABASE.test(entry[0]) && !namesDatabase(entry[1]),
  );
  return Object.fromEntries(kept);
}

/** Whether a text is, or holds, the address of a PostgreSQL database. */
export function namesDatabase(text: string): boolean {
  return IS_A_URL.test(text) || IS_A_DSN.test(text);
}
