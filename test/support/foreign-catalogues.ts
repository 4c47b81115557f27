import type { ColumnFacts, DatabaseFacts, TableFacts } from '../../harness/init/catalogue.ts';

/**
 * A table in few words. A column is `name type`, then what else is true of it: `null` when it may be null, `=` and its default,
 * `>` and the table it refers to, `|` and its labels.
 */
export function foreignTable(name: string, columns: readonly string[], schema = 'public'): TableFacts {
  const foreignKeys = columns.flatMap((column) => {
    const other = />(\w+)/.exec(column)?.[1];
    return other ? [{ columns: [column.split(' ')[0] as string], schema, table: other }] : [];
  });
  return { schema, name, rows: null, columns: columns.map(foreignColumn), primaryKey: ['id'], foreignKeys };
}

function foreignColumn(said: string): ColumnFacts {
  const [name = '', type = 'text'] = said.split(' ');
  const types: Record<string, string> = {
    timestamp: 'timestamp without time zone',
    timestamptz: 'timestamp with time zone',
    varchar: 'character varying(80)',
  };
  return {
    name,
    type: types[type] ?? type,
    notNull: !/\bnull\b/.test(said),
    default: /=(\S+)/.exec(said)?.[1] ?? null,
    identity: null,
    generated: false,
    labels: /\|(\S+)/.exec(said)?.[1]?.split(',') ?? [],
    isEnum: type.startsWith('enum'),
  };
}

export function foreignDatabase(tables: readonly TableFacts[]): DatabaseFacts {
  return {
    name: 'theirs',
    serverVersion: '17.10',
    timeZone: 'Europe/Berlin',
    searchPath: '"$user", public',
    extensions: [],
    tables,
    passwordSchemes: {},
  };
}

/** As Django's ORM makes one: the application before each name, no defaults, framework tables beside. */
export const TAXI_TABLES = [
  foreignTable('auth_user', ['id integer', 'username varchar', 'password varchar', 'email varchar']),
  foreignTable('auth_group', ['id integer', 'name varchar']),
  foreignTable('django_migrations', ['id bigint', 'app varchar', 'name varchar', 'applied timestamptz']),
  foreignTable('core_operator', ['id bigint', 'name varchar', 'town varchar']),
  foreignTable('core_driver', [
    'id bigint',
    'operator_id bigint >core_operator',
    'name varchar',
    'seats smallint',
  ]),
  foreignTable('core_ride', [
    'id bigint',
    'operator_id bigint >core_operator',
    'driver_id bigint null >core_driver',
    'status varchar |new,planned,done,cancelled',
    'pickup_time timestamptz',
    'created timestamptz',
  ]),
  foreignTable('core_ride_log', [
    'id bigint',
    'ride_id bigint >core_ride',
    'status varchar',
    'time timestamptz',
  ]),
];

/** As Rails makes one without foreign keys: plurals, states as numbers, timestamps without a zone. */
export const FREIGHT_TABLES = [
  foreignTable('users', ['id bigint', 'email varchar', 'encrypted_password varchar', 'branch_id bigint']),
  foreignTable('branches', ['id bigint', 'name varchar', 'created_at timestamp']),
  foreignTable('carriers', ['id bigint', 'branch_id bigint', 'name varchar']),
  foreignTable('shipments', [
    'id bigint',
    'branch_id bigint',
    'status integer',
    'pickup_on date',
    'created_at timestamp',
  ]),
  foreignTable('allocations', ['id bigint', 'shipment_id bigint', 'carrier_id bigint', 'position integer']),
  foreignTable('ar_internal_metadata', ['key varchar', 'value varchar']),
];
