import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FREIGHT_TABLES, foreignTable, TAXI_TABLES } from '../../test/support/foreign-catalogues.ts';
import { type Roles, rolesOfTables } from './roles-of-tables.ts';

const said = (roles: Roles) =>
  Object.fromEntries(
    Object.entries(roles).map(([entity, { table, sure }]) => [entity, sure ? table.name : `${table.name}?`]),
  );

describe('the roles of tables', () => {
  test('are told from names behind a prefix, keys and kinds of columns; logs and framework tables have none', () => {
    assert.deepEqual(said(rolesOfTables(TAXI_TABLES)), {
      users: 'auth_user',
      bookings: 'core_ride',
      drivers: 'core_driver',
      companies: 'core_operator',
    });
  });

  test('are told without foreign keys, by columns that are named for a table', () => {
    assert.deepEqual(said(rolesOfTables(FREIGHT_TABLES)), {
      users: 'users',
      bookings: 'shipments',
      drivers: 'carriers',
      companies: 'branches',
      assignments: 'allocations',
    });
  });

  test('are not sure where two tables look the same', () => {
    const columns = ['id bigint', 'status varchar', 'due_at timestamptz'];
    const roles = rolesOfTables([foreignTable('orders', columns), foreignTable('jobs', columns)]);
    assert.equal(roles.bookings?.sure, false);
    assert.match(roles.bookings?.why ?? '', /looks the same/);
  });

  test('a table without a state or a time holds no bookings, whatever it is called', () => {
    const created = foreignTable('orders', ['id bigint', 'status text', 'created_at timestamptz']);
    const stateless = foreignTable('trips', ['id bigint', 'due_at timestamptz']);
    assert.deepEqual(rolesOfTables([created, stateless]), {});
  });
});
