import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { HttpError, toErrorAnswer } from './http-error.ts';

function databaseError(code: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('secret detail', 0, 'error'), { code });
}

test('an error made for the client is told as it is', () => {
  const { statusCode, code, message } = toErrorAnswer(new HttpError(409, 'conflict', 'Taken.'));
  assert.deepEqual({ statusCode, code, message }, { statusCode: 409, code: 'conflict', message: 'Taken.' });
});

test('a fault of the service says nothing about its reason', () => {
  for (const error of [new Error('secret detail'), databaseError('42P01'), 'text', undefined]) {
    assert.deepEqual(toErrorAnswer(error), {
      statusCode: 500,
      code: 'internal',
      message: 'Something went wrong.',
    });
  }
});

test('a database that is away is 503', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const busy = new Error('timeout exceeded when trying to connect');
  // 57P01 admin_shutdown, 57P03 cannot_connect_now, 08006 connection_failure, 53300 too_many_connections
  const codes = ['57P01', '57P03', '08006', '53300'];
  for (const error of [refused, busy, ...codes.map(databaseError)]) {
    assert.equal(toErrorAnswer(error).statusCode, 503);
  }
});

test('a value that cannot be stored is 400', () => {
  // 22021 character_not_in_repertoire: a NUL in a text
  assert.equal(toErrorAnswer(databaseError('22021')).statusCode, 400);
});
