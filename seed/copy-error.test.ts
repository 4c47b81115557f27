import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { CopyError, failureOf } from './copy-error.ts';

function postgresError(code: string, where?: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('it went wrong.', 0, 'error'), { code, where });
}

function clientWith(destroyed: boolean): pg.Client {
  return { connection: { stream: { destroyed } } } as pg.Client;
}

test('the message says step, line, reason, code and outcome, the hint what to do', () => {
  const cause = postgresError('22P02', 'COPY booking, line 12, column passengers: "many"');
  const error = new CopyError({
    step: 'COPY booking',
    table: 'booking',
    failure: 'rejected',
    rowsSent: 700,
    cause,
  });
  assert.equal(
    error.message,
    'COPY booking failed at line 12: it went wrong (SQLSTATE 22P02). Nothing was loaded.',
  );
  assert.equal(error.line, 12);
  assert.equal(error.cause, cause);
  assert.match(error.hint, /report this with profile and random seed/);
});

test('without a line the rows sent say about where it was', () => {
  const cause = new Error('read ECONNRESET');
  const error = new CopyError({ step: 'COPY booking', failure: 'connection-lost', rowsSent: 700, cause });
  assert.equal(
    error.message,
    'COPY booking failed after about 700 rows: read ECONNRESET. Nothing was loaded.',
  );
  assert.equal(error.sqlState, null);
});

test('the kind of failure follows from the SQLSTATE, without one from the state of the socket', () => {
  const kinds = new Map([
    ['53100', 'disk-full'],
    ['57P01', 'connection-lost'], // admin_shutdown
    ['08006', 'connection-lost'], // connection_failure
    ['23505', 'rejected'], // unique_violation
  ]);
  for (const [code, kind] of kinds) assert.equal(failureOf(postgresError(code), clientWith(false)), kind);
  const brokenPipe = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
  assert.equal(failureOf(brokenPipe, clientWith(true)), 'connection-lost');
  assert.equal(failureOf(new Error('a fault in a generator'), clientWith(false)), 'source-failed');
});
