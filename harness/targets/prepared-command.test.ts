import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databaseValues, prepareCommand } from './prepared-command.ts';

const DATABASE_URL = 'postgres://app:p%40ss@[::1]/rushhour_run_1?sslmode=disable';
const database = databaseValues(DATABASE_URL);
const values = {
  open: {
    ...database.open,
    host: '127.0.0.1',
    port: 4711,
    baseUrl: 'http://127.0.0.1:4711',
    variant: 'after',
  },
  secret: { ...database.secret, secret: 'signing' },
};
const prepare = (config: Parameters<typeof prepareCommand>[0]) =>
  prepareCommand(config, { what: 'variants.after.start', baseFolder: '/config', values });

test('a connection string falls into its parts, decoded, with the usual port', () => {
  assert.deepEqual(database.open, {
    databaseUser: 'app',
    databaseHost: '::1',
    databasePort: '5432',
    databaseName: 'rushhour_run_1',
  });
  assert.equal(database.secret.databasePassword, 'p@ss');
});

test('what a config does not ask for comes under the usual name', () => {
  const { environment } = prepare({ command: ['serve'] });
  assert.equal(environment.DATABASE_URL, DATABASE_URL);
  assert.equal(environment.PORT, '4711');
  assert.equal(environment.HOST, '127.0.0.1');
});

test('what it asks for under another name comes under that alone', () => {
  const { environment, command } = prepare({
    command: ['serve', '--port', '{port}'],
    environment: {
      DB: 'postgresql+psycopg://{databaseUser}:{databasePassword}@{databaseHost}/{databaseName}',
    },
  });
  assert.deepEqual(command, ['serve', '--port', '4711']);
  assert.equal(environment.DB, 'postgresql+psycopg://app:p@ss@::1/rushhour_run_1');
  assert.equal(environment.DATABASE_URL, undefined);
  assert.equal(environment.PORT, process.env.PORT);
});

test('its folder is seen from the config', () => {
  assert.equal(prepare({ command: ['serve'], folder: '../shop' }).folder, '/shop');
  assert.equal(prepare({ command: ['serve'] }).folder, '/config');
});

test('an unknown placeholder is told with those there are', () => {
  assert.throws(() => prepare({ command: ['serve', '{prot}'] }), {
    code: 'BAD_CONFIG',
    message: /\{prot\}.*expected one of .*port/,
  });
});

test('a secret is not filled into an argument, nor another database into anything', () => {
  assert.throws(() => prepare({ command: ['serve', '--db={databaseUrl}'] }), {
    code: 'BAD_CONFIG',
    message: /^variants\.after\.start\.command\[1\]: \{databaseUrl\} is a secret/,
  });
  assert.throws(
    () => prepare({ command: ['serve', 'postgres://prod/{databaseName}'] }),
    /command\[1\]: expected/,
  );
  assert.throws(
    () => prepare({ command: ['serve'], environment: { URL: 'host=prod dbname={databaseName}' } }),
    /environment\.URL: expected \{databaseUrl\} or its parts/,
  );
});
