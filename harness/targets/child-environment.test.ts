import assert from 'node:assert/strict';
import { test } from 'node:test';
import { childEnvironment } from './child-environment.ts';

test('nothing that could point a program at another database is passed on', () => {
  const forgotten = {
    DATABASE_URL: 'postgres://prod/shop',
    TEST_DATABASE_URL: 'anything',
    SQLALCHEMY_DATABASE_URI: 'anything',
    PGHOST: 'prod',
    PGPASSWORD: 'secret',
    PGSERVICE: 'prod',
    POSTGRES_PASSWORD: 'secret',
    DB_HOST: 'prod',
    SPRING_DATASOURCE_URL: 'anything',
    READ_REPLICA: 'postgresql+psycopg://prod/shop',
    REPORTS: 'jdbc:postgresql://prod/shop',
    DSN: 'host=prod.example.com port=5432 dbname=shop',
    SERVICE_DSN: 'dbname=shop service=prod',
  };
  assert.deepEqual(childEnvironment(forgotten), {});
});

test('everything else is', () => {
  const harmless = {
    PATH: '/usr/bin',
    HOME: '/home/a',
    LANG: 'C.UTF-8',
    REDIS_URL: 'redis://127.0.0.1:6379',
    NOTE: 'uses postgres',
    HOST_OPTIONS: 'host=127.0.0.1',
    VISUAL_DB_TOOL: 'psql',
  };
  assert.deepEqual(childEnvironment(harmless), harmless);
});

test('of this process it is the environment of this process', () => {
  assert.equal(childEnvironment().PATH, process.env.PATH);
});
