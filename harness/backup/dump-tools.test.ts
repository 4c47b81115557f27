import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findDumpTool, majorOf, parseToolVersion } from './dump-tools.ts';

test('versions are read from what the programs print', () => {
  assert.equal(parseToolVersion('pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n'), '15.18');
  assert.equal(parseToolVersion('pg_restore (PostgreSQL) 19beta1'), '19beta1');
  assert.equal(parseToolVersion('usage: pg_dump'), null);
  assert.deepEqual([majorOf('15.18'), majorOf('19beta1')], [15, 19]);
});

test('a program that is not on PATH is told', async () => {
  assert.deepEqual(await findDumpTool('pg_dump', 18, { PATH: '/nonexistent' }), {
    missing: 'pg_dump is not on PATH',
  });
});
