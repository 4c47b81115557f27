import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HarnessError } from '../errors.ts';
import { connectionLost, isConnectionLost } from './lost-connection.ts';

const failed = (message: string, code?: string) => Object.assign(new Error(message), code ? { code } : {});

describe('a connection is lost', () => {
  for (const error of [
    failed('Connection terminated unexpectedly'), // pg's words when the server is killed
    failed('Client has encountered a connection error and is not queryable'),
    failed('read ECONNRESET', 'ECONNRESET'),
    failed('terminating connection due to administrator command', '57P01'),
    failed('terminating connection because of crash of another server process', '57P02'),
    failed('the database system is in recovery mode', '57P03'),
    failed('connection failure', '08006'),
  ])
    test(`when pg says: ${error.message}`, () => assert.ok(isConnectionLost(error)));

  for (const error of [
    failed('syntax error', '42601'),
    failed('bind message supplies 2 parameters, but prepared statement "" requires 3', '08P01'),
    failed('canceling statement due to statement timeout', '57014'),
    new HarnessError('REFUSED', 'Connection terminated'), // whoever made it knew better
    null,
  ])
    test(`and not when it says: ${error?.message ?? 'nothing'}`, () =>
      assert.equal(isConnectionLost(error), false));

  test('is told with the server and with what to do', () => {
    const error = connectionLost('postgres://ada@db:5432/x', failed('read ECONNRESET', 'ECONNRESET'));
    assert.equal(error.code, 'DATABASE_FAILED');
    assert.equal(error.message, 'The connection to postgres://ada@db:5432/x was lost: read ECONNRESET.');
    assert.match(error.hint ?? '', /its log says which/);
  });
});
