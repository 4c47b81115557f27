import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientEnvironment, withoutLibpqVariables } from './client-environment.ts';

test('a connection string becomes the variables of libpq, decoded', () => {
  const env = clientEnvironment('postgres://me:p%40ss@db.example:5433/my%20db?sslmode=require', {
    PATH: '/bin',
  });
  assert.deepEqual(env, {
    PATH: '/bin',
    PGHOST: 'db.example',
    PGPORT: '5433',
    PGUSER: 'me',
    PGPASSWORD: 'p@ss',
    PGDATABASE: 'my db',
    PGSSLMODE: 'require',
  });
});

test('what the connection string does not say is left to the variables of the person', () => {
  const env = clientEnvironment('postgres://db.example/x', {
    PGUSER: 'me',
    PGPASSWORD: 'secret',
    PGHOST: 'other',
  });
  assert.deepEqual(env, { PGUSER: 'me', PGPASSWORD: 'secret', PGHOST: 'db.example', PGDATABASE: 'x' });
});

test('addresses of IPv6 lose their brackets, a socket folder comes from the parameter', () => {
  assert.equal(clientEnvironment('postgres://me@[::1]:5432/x', {}).PGHOST, '::1');
  assert.equal(clientEnvironment('postgres:///x?host=/run/postgresql', {}).PGHOST, '/run/postgresql');
});

test("the person's own variables do not reach the embedded server", () => {
  assert.deepEqual(withoutLibpqVariables({ PATH: '/bin', PGOPTIONS: '-c x=y' }), { PATH: '/bin' });
});
