import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadStatementParser } from '../capture/statement-identity.ts';
import { HarnessError } from '../errors.ts';
import { refuseFarFunctions, refuseFarStatements } from './far-reach.ts';

before(loadStatementParser);

/** What is refused, and as what. */
const FAR: readonly (readonly [string, string])[] = [
  ['CREATE DATABASE shop', 'CREATE DATABASE'],
  ['DROP DATABASE IF EXISTS shop_production', 'DROP DATABASE'],
  ['ALTER DATABASE shop SET work_mem = 1', 'ALTER DATABASE'],
  ['ALTER DATABASE shop RENAME TO old', 'ALTER … RENAME on a database'],
  ['ALTER DATABASE shop OWNER TO app', 'ALTER … OWNER on a database'],
  ['GRANT ALL ON DATABASE shop TO app', 'GRANT or REVOKE on a database'],
  ["COMMENT ON DATABASE shop IS 'mine'", 'COMMENT or LABEL on a database'],
  ['ALTER SYSTEM SET fsync = off', 'ALTER SYSTEM'],
  ["ALTER ROLE app PASSWORD 'x'", 'ALTER ROLE'],
  ['ALTER USER ALL SET search_path = app', 'ALTER ROLE'],
  ['DROP USER app', 'DROP ROLE'],
  ['REVOKE admins FROM ann', 'REVOKE of a role'],
  ['REASSIGN OWNED BY ann TO bob', 'REASSIGN OWNED'],
  ['DROP OWNED BY ann', 'DROP OWNED'],
  ["CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p", 'CREATE SUBSCRIPTION'],
  ["COPY trip TO PROGRAM 'cat'", 'COPY with a PROGRAM'],
  ["COPY trip FROM PROGRAM 'curl x'", 'COPY with a PROGRAM'],
  ["COPY trip TO '/tmp/trips'", 'COPY into a file of the server'],
  ["DO $$ BEGIN EXECUTE 'ALTER DATABASE shop OWNER TO app'; END $$", 'DO with ALTER DATABASE'],
  ['CREATE TABLE a (); DROP DATABASE shop; CREATE TABLE b ()', 'DROP DATABASE'],
];

/** What schemas and seeds are made of. */
const NEAR: readonly string[] = [
  'CREATE TABLE "user" (role text, "group" text, system text)',
  'DROP TABLE IF EXISTS booking CASCADE; TRUNCATE trip',
  'CREATE ROLE app; GRANT ALL ON ALL TABLES IN SCHEMA public TO app; GRANT admins TO app',
  'REVOKE ALL ON SCHEMA public FROM PUBLIC',
  'ALTER TABLE trip OWNER TO app; ALTER TABLE trip RENAME TO ride',
  'ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO app',
  "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN CREATE ROLE app; END IF; END $$",
  "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET jit = off', current_database()); END $$",
  "COPY trip FROM '/srv/trips.csv'",
  "INSERT INTO note VALUES ('DROP DATABASE shop')",
  '-- DROP DATABASE shop\nSELECT 1',
  'SET ROLE app; RESET ROLE',
];

test('statements that reach beyond their database are refused by their name', () => {
  for (const [sql, said] of FAR)
    assert.throws(
      () => refuseFarStatements(sql, 'dataset.seed[0]'),
      (error: unknown) =>
        error instanceof HarnessError &&
        error.code === 'REFUSED' &&
        error.message ===
          `dataset.seed[0]: ${said} reaches beyond the database that it is run in: nothing of it was done.`,
      sql,
    );
});

test('what is done inside of it is not, nor what only looks like it', () => {
  for (const sql of NEAR) {
    refuseFarStatements(sql, 'dataset.seed[0]');
    refuseFarFunctions(sql, 'dataset.seed[0]');
  }
});

test('functions that reach beyond it are refused in queries too', () => {
  for (const [sql, name] of [
    ["SELECT dblink_exec('dbname=shop', 'DELETE FROM trip')", 'dblink_exec'],
    ["SELECT * FROM dblink('shop', 'SELECT 1') AS t (n int)", 'dblink'],
    [
      "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shop'",
      'pg_terminate_backend',
    ],
    ['SELECT pg_reload_conf ()', 'pg_reload_conf'],
    ["SELECT lo_export(1, '/etc/passwd')", 'lo_export'],
    ["SELECT pg_drop_replication_slot('standby')", 'pg_drop_replication_slot'],
  ] as const)
    assert.throws(
      () => refuseFarFunctions(sql, 'outcome.sql'),
      new RegExp(`^HarnessError: outcome\\.sql: ${name}\\(\\) reaches beyond`),
      sql,
    );
});

test('ending the other sessions of the same database reaches no further, nor does a comment or a like name', () => {
  for (const sql of [
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    '-- SELECT pg_terminate_backend(1)\nSELECT 1',
    '/* dblink(\n) */ SELECT 1',
    'SELECT my_dblink(1), pg_terminate_backends(2)',
  ])
    refuseFarFunctions(sql, 'dataset.seed[0]');
});
