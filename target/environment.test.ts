import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from './environment.ts';

const ENV = { DATABASE_URL: 'postgres://rider@127.0.0.1:5432/dispatch', JWT_SECRET: 's'.repeat(32) };

test('database and secret are enough; the rest has defaults', () => {
  const { variant, ...rest } = readConfig([], ENV);
  assert.equal(variant.name, 'baseline');
  assert.deepEqual(rest, {
    databaseUrl: ENV.DATABASE_URL,
    jwtSecret: ENV.JWT_SECRET,
    host: '127.0.0.1',
    port: 8080,
    poolSize: 10,
    slowdownRatio: 0,
  });
});

test('a slowdown to be found by measuring can be injected', () => {
  assert.equal(readConfig(['--inject-slowdown', '5%'], ENV).slowdownRatio, 0.05);
});

test('variant, address and pool size can be chosen', () => {
  const env = { ...ENV, HOST: '::1', PORT: '0', DB_POOL_SIZE: '25' };
  const config = readConfig(['--variant', 'indexes+bulk-apply'], env);
  assert.equal(config.variant.name, 'indexes+bulk-apply');
  assert.equal(config.host, '::1');
  assert.equal(config.port, 0);
  assert.equal(config.poolSize, 25);
});

test('every problem is named at once, and no secret is quoted', () => {
  const env = {
    DATABASE_URL: 'mysql://root:hunter2@db',
    JWT_SECRET: 'short-secret',
    PORT: '70000',
    DB_POOL_SIZE: '0',
  };
  assert.throws(
    () => readConfig(['--variant', 'fast', '--inject-slowdown', '5'], env),
    (error: Error) => {
      const parts = [
        "got 'fast'",
        "got '5'",
        'DATABASE_URL',
        '32 characters or more, got 12',
        "'70000'",
        "'0'",
      ];
      for (const part of parts) {
        assert.ok(error.message.includes(part), `${part} is missing in: ${error.message}`);
      }
      assert.doesNotMatch(error.message, /hunter2|short-secret/);
      return true;
    },
  );
});

test('an unknown argument is refused', () => {
  assert.throws(() => readConfig(['--varaint', 'indexes'], ENV), /--varaint/);
});
