import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatementCounters } from '../../postgres/statement-stats.ts';
import { serviceStatements, tellApart } from './service-statements.ts';

const of = (roleOid: string, text: string): StatementCounters => ({
  ...{ queryId: text, roleOid, text, calls: 1, rows: 1, blocksHit: 1, blocksRead: 0, blocksDirtied: 0 },
  ...{ walRecords: 0, walBytes: 0, databaseMs: 1 },
});

test('statements are told apart by role, by background and as transaction control', () => {
  const delta = [of('7', 'SELECT a'), of('7', 'COMMIT'), of('7', 'SELECT job'), of('9', 'SELECT a')];
  const service = { roleOids: ['7'], background: ['SELECT job'] };
  const apart = tellApart(delta, service);
  const texts = (statements: readonly StatementCounters[]) =>
    statements.map(({ roleOid, text }) => `${roleOid} ${text}`);
  assert.deepEqual(texts(apart.work), ['7 SELECT a']);
  assert.deepEqual(texts(apart.transactionControl), ['7 COMMIT']);
  assert.deepEqual(texts(apart.background), ['7 SELECT job']);
  assert.deepEqual(texts(apart.others), ['9 SELECT a']);
  assert.deepEqual(texts(serviceStatements(delta, service)), ['7 SELECT a', '7 COMMIT']);
});
