import { isNaiveTimestamp, nameOfTable, type TableFacts } from './catalogue.ts';
import type { ConfigFacts } from './config-facts.ts';
import { type ConfigEntry, jsonValue, list, object, plain, TODO } from './config-tree.ts';

/** How the service is reached and seen to be up. */
export function serviceSection(facts: ConfigFacts): ConfigEntry {
  const { service } = facts;
  return {
    name: 'service',
    comments: service?.notes ?? [],
    value: object([
      service?.health
        ? {
            name: 'health',
            value: plain(service.health),
            found: service.baseUrl === null ? 'not asked' : 'answers 2xx',
          }
        : { name: 'health', value: TODO, todo: 'a path that answers 2xx once the service can work' },
      timeZone(facts),
      {
        name: 'warmUp',
        comments: ['What a first call builds is not part of a dispatch: asked once after each start.'],
        value: list([jsonValue({ path: '/TODO' })]),
        offered: true,
      },
    ]),
  };
}

/** Only a service with timestamps that lack a zone has to say which one it means. */
function timeZone({ database, roles }: ConfigFacts): ConfigEntry | null {
  if (!database) return null;
  const known = Object.values(roles).map(({ table }) => table);
  const naive = naiveColumns(known.length > 0 ? known : database.tables);
  if (naive.length === 0) return null;
  const own = database.name === null ? '' : `. The server's own is ${database.timeZone}`;
  const more = naive.length > 4 ? ` and ${naive.length - 4} more` : '';
  return {
    name: 'timeZone',
    value: TODO,
    todo: `the zone in which the service means its timestamps without one, such as 'UTC' or 'Europe/Berlin': ${naive.slice(0, 4).join(', ')}${more}${own}`,
  };
}

function naiveColumns(tables: readonly TableFacts[]): string[] {
  return tables.flatMap((table) =>
    table.columns.filter(isNaiveTimestamp).map(({ name }) => `${nameOfTable(table)}.${name}`),
  );
}

/** What each database of the service needs beside its schema; `null` for nothing. */
export function databaseSection({ database }: ConfigFacts): ConfigEntry | null {
  if (!database) return null;
  const extensions = database.extensions.filter((name) => name !== 'pg_stat_statements');
  const usual = /^"?\$user"?, ?public$/.test(database.searchPath);
  if (extensions.length === 0 && usual) return null;
  return {
    name: 'database',
    found: [...extensions, ...(usual ? [] : ['search_path'])].join(', '),
    value: object([
      extensions.length > 0 ? { name: 'extensions', value: jsonValue(extensions) } : null,
      usual ? null : { name: 'settings', value: jsonValue({ search_path: database.searchPath }) },
    ]),
  };
}
