import type { EntityName } from '../../seed/entities.ts';
import { nameOfTable } from './catalogue.ts';
import type { ConfigFacts } from './config-facts.ts';
import { type ConfigEntry, jsonValue, list, object, plain } from './config-tree.ts';
import { tableMapping } from './table-mapping.ts';

/** What refers to another comes after it. */
const ORDER: readonly EntityName[] = [
  'companies',
  'users',
  'clients',
  'drivers',
  'bookings',
  'dispatchRuns',
  'assignments',
];

/** Where schema and rows come from: rows of ours mapped to its tables, with the other ways in comments. */
export function datasetSection(facts: ConfigFacts): ConfigEntry {
  return {
    name: 'dataset',
    comments: [
      'Rows are generated, in any size, and mapped to the tables. Two other ways, instead of `rows`:',
      "`seed: [{ command: ['…'] }]` runs your own program or SQL; `copyOf: 'a_database_with_test_data'` copies one that is there.",
    ],
    value: object([schemaEntry(facts), rowsEntry(facts)]),
  };
}

function schemaEntry({ schemaFile }: ConfigFacts): ConfigEntry {
  if (schemaFile !== null)
    return { name: 'schema', value: list([jsonValue({ file: schemaFile })]), found: schemaFile };
  return {
    name: 'schema',
    value: list([jsonValue({ file: 'TODO' })]),
    todo: "what makes the empty schema: a file of pg_dump --schema-only (`rushhour init --schema` writes it), the service's own migrations as { command: ['…', 'migrate'] }, or nothing with `copyOf`",
  };
}

function rowsEntry({ database, roles }: ConfigFacts): ConfigEntry {
  if (!database)
    return {
      name: 'rows',
      value: object([]),
      todo: "by table: { from: 'bookings', row: (booking) => ({ … }) }. With a database `rushhour init` proposes them",
    };
  const mappings = ORDER.flatMap((entity) => {
    const role = roles[entity];
    return role ? [tableMapping(entity, role, { roles, database })] : [];
  });
  const missing = (['companies', 'drivers', 'bookings'] as const).filter((entity) => !roles[entity]?.sure);
  const mapped = new Set(Object.values(roles).map(({ table }) => nameOfTable(table)));
  const empty = database.tables.map(nameOfTable).filter((name) => !mapped.has(name));
  return {
    name: 'rows',
    comments: empty.length > 0 ? [`These stay empty: ${empty.join(', ')}.`] : [],
    ...(missing.length > 0 ? { todo: `which tables hold ${missing.join(', ')}` } : {}),
    value: object(mappings),
  };
}

/** Names of variants are the person's; how a variant is brought up cannot be seen from outside. */
export function variantsSection({ service }: ConfigFacts): ConfigEntry {
  return {
    name: 'variants',
    value: object([
      {
        name: 'baseline',
        value: object([
          { name: 'title', value: plain('As it is') },
          {
            name: 'start',
            todo: 'the command that starts the service on {port} of 127.0.0.1, with the database of its environment',
            value: object([
              { name: 'command', value: list([plain('TODO')]) },
              {
                name: 'environment',
                value: object([
                  { name: 'DATABASE_URL', value: plain('{databaseUrl}') },
                  { name: 'PORT', value: plain('{port}') },
                ]),
              },
            ]),
          },
          {
            name: 'workers',
            comments: ['Beside it, what takes jobs from a queue.'],
            value: list([jsonValue({ command: ['TODO'], environment: { DATABASE_URL: '{databaseUrl}' } })]),
            offered: true,
          },
          ...runningService(service?.baseUrl ?? 'http://127.0.0.1:8000'),
        ]),
      },
      {
        name: 'indexes',
        comments: ['What is to be compared with it: another command, environment, git ref, or a migration.'],
        value: object([
          {
            name: 'start',
            value: jsonValue({
              command: ['TODO'],
              environment: { DATABASE_URL: '{databaseUrl}', PORT: '{port}' },
            }),
          },
          { name: 'source', value: jsonValue({ ref: 'a-branch', build: [{ command: ['TODO'] }] }) },
          { name: 'migration', value: jsonValue({ up: [{ file: 'add-indexes.sql' }] }) },
        ]),
        offered: true,
      },
    ]),
  };
}

function runningService(baseUrl: string): ConfigEntry[] {
  return [
    {
      name: 'url',
      comments: [
        'Or, instead of `start`, one that runs already, connected to a database of this name, which is replaced before each measurement:',
      ],
      value: plain(baseUrl),
      offered: true,
    },
    { name: 'database', value: plain('rushhour_target'), offered: true },
  ];
}
