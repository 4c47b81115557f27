import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { statementsInLog } from './server-log.ts';
import { loadStatementParser } from './statement-identity.ts';

const PREFIX = '%m [%p] %c %l %q%d %x ';
const at = (pid: number, line: number, database = 'app') =>
  `2026-01-05 08:00:00.123 UTC [${pid}] 695b.7 ${line} ${database} 0 `;

describe('statements in a server log', () => {
  before(loadStatementParser);

  test('are those that were executed, not parsed, bound, fetched from further, failed or only timed', () => {
    const log = [
      '2026-01-05 08:00:00.000 UTC [1] 695b.1 1 LOG:  database system is ready to accept connections',
      `${at(7, 1)}LOG:  duration: 0.210 ms  parse <unnamed>: SELECT $1`,
      `${at(7, 2)}LOG:  duration: 0.040 ms  bind <unnamed>: SELECT $1`,
      `${at(7, 3)}DETAIL:  Parameters: $1 = '1'`,
      `${at(7, 4)}LOG:  duration: 0.020 ms  execute <unnamed>: SELECT $1`,
      `${at(7, 5)}DETAIL:  Parameters: $1 = '1'`,
      `${at(7, 6)}LOG:  duration: 0.020 ms  execute get/portal: SELECT $2`,
      `${at(7, 7)}LOG:  duration: 0.020 ms  execute fetch from get/portal: SELECT $2`,
      `${at(7, 8)}LOG:  duration: 0.020 ms`,
      `${at(7, 9)}ERROR:  division by zero`,
      `${at(7, 10)}STATEMENT:  SELECT 1/0`,
      `${at(8, 1, 'other')}LOG:  statement: BEGIN`,
      '',
    ].join('\n');
    assert.deepEqual(
      statementsInLog(log, PREFIX).map(({ prefix, text }) => [prefix.p, prefix.d, text]),
      [
        ['7', 'app', 'SELECT $1'],
        ['7', 'app', 'SELECT $2'],
        ['8', 'other', 'BEGIN'],
      ],
    );
  });

  test('may have several lines, and several may be in one message', () => {
    const log = [
      `${at(7, 1)}LOG:  statement: SELECT 1,`,
      '\t  2',
      '\t',
      `${at(7, 2)}LOG:  statement: INSERT INTO t VALUES (';');`,
      '\tSELECT 3;',
      '',
    ].join('\n');
    assert.deepEqual(
      statementsInLog(log, PREFIX).map(({ text }) => text),
      ['SELECT 1,\n  2', "INSERT INTO t VALUES (';')", 'SELECT 3'],
    );
  });
});
