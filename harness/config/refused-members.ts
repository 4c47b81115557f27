import { type Place, type Problem, placeText } from './config-problem.ts';

const CONSENT =
  /^(force|yes|consent|confirm(ed)?|allow.*|dangerous.*|accept.*|overwrite|i?understand|copy-?from|skip.*)$/i;
const SERVER =
  /^(server|servers|database-?url|postgres(ql)?-?url|db-?url|connection-?string|dsn|connection)$/i;

/** Why a member that is not known is refused rather than misspelt; `undefined` if it is neither consent nor a server. */
export function refusedMember(name: string): string | undefined {
  if (CONSENT.test(name))
    return 'refused: consent is a flag of each run that names the database, never a line of a config';
  if (SERVER.test(name))
    return 'refused: the server is given by `--server` on each run, never by a config; commands get `{databaseUrl}`';
  return undefined;
}

/** Address of a PostgreSQL server; JDBC's and SQLAlchemy's forms too. First its authority, then the rest of it. */
const SERVER_URL = /postgres(?:ql)?(?:\+\w+)?:\/\/([^/?\s'"]*)([^\s'"]*)/gi;
const OWN_HOST = /(^|@)\{databaseHost\}(:\{databasePort\})?$/;
const PLACE_VARIABLES = /^PG(HOST|HOSTADDR|PORT|DATABASE|SERVICE|SERVICEFILE|USER|PASSWORD|PASSFILE)$/;

/** Servers that a config names itself: then a wrong line could reach a database that is not ours. Nothing of the address is repeated. */
export function namedServers(config: unknown): Problem[] {
  const problems: Problem[] = [];
  forEachText(config, [], (text, place) => {
    for (const [, authority = '', rest = ''] of text.matchAll(SERVER_URL)) {
      if (OWN_HOST.test(authority) && !/[?&]host/i.test(rest)) continue;
      problems.push({
        place,
        text: 'refused: a literal address of a PostgreSQL server; write `{databaseUrl}` or its parts, the server is given by `--server` on each run',
      });
      return;
    }
    const variable = place.at(-1);
    const isEnvironment = place.at(-2) === 'environment';
    if (isEnvironment && PLACE_VARIABLES.test(String(variable)) && !/^\{database\w+\}$/.test(text))
      problems.push({
        place,
        text: `refused: ${variable} leads to a database; expected a placeholder such as \`{databaseHost}\``,
      });
  });
  return problems;
}

/** Where a config comes back to itself; everything else that walks through it may then rely on an end. */
export function circularPlaces(config: unknown): Problem[] {
  const problems: Problem[] = [];
  walk(config, [], [], (value, place, outer) => {
    const position = outer.indexOf(value);
    if (position < 0) return true;
    const text = `expected data that ends, got the object of '${placeText(place.slice(0, position))}' again`;
    problems.push({ place, text });
    return false;
  });
  return problems;
}

function forEachText(config: unknown, start: Place, visit: (text: string, place: Place) => void): void {
  walk(config, start, [], (value, place) => {
    if (typeof value === 'string') visit(value, place);
    return true;
  });
}

function walk(
  value: unknown,
  place: Place,
  outer: readonly unknown[],
  visit: (value: unknown, place: Place, outer: readonly unknown[]) => boolean,
): void {
  if (!visit(value, place, outer)) return;
  if (typeof value !== 'object' || value === null) return;
  const within = [...outer, value];
  if (Array.isArray(value))
    for (const [position, item] of value.entries()) walk(item, [...place, position], within, visit);
  else for (const [name, member] of Object.entries(value)) walk(member, [...place, name], within, visit);
}
