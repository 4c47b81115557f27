import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isQuery, nameStatement, normaliseStatement, tablesOf, tablesWritten } from './statement-text.ts';

test('comments in front, line breaks and the semicolon do not make another statement', () => {
  assert.equal(
    normaliseStatement('-- who calls it\n/* and why */ SELECT 1\n  FROM\tbooking ;\n'),
    'SELECT 1 FROM booking',
  );
});

test('a name keeps what tells statements apart and leaves long lists out', () => {
  const names = [
    ['SELECT id, full_name, phone, town FROM client WHERE id = $1', 'SELECT … FROM client WHERE id = $1'],
    ['SELECT count(*) FROM assignment', 'SELECT count(*) FROM assignment'],
    ['SELECT id, extract(epoch FROM created_at) AS age, phone FROM client', 'SELECT … FROM client'],
    ['INSERT INTO assignment (a, b) VALUES ($1, $2)', 'INSERT INTO assignment …'],
    [
      'WITH x AS (UPDATE booking SET a = $1) INSERT INTO assignment SELECT 1',
      'WITH … INSERT INTO assignment …',
    ],
    ['UPDATE booking SET status = $1, driver_id = $2 WHERE id = $3', 'UPDATE booking SET … WHERE id = $3'],
    ['COMMIT', 'COMMIT'],
  ];
  for (const [text, name] of names) assert.equal(nameStatement(text ?? ''), name);
});

test('tables are told by what the statement does to them', () => {
  const bulk =
    'WITH c AS (UPDATE ONLY public.booking b SET a = $1) INSERT INTO "assignment" SELECT 1 FROM client';
  assert.deepEqual([...tablesWritten(bulk)], ['booking', 'assignment']);
  assert.deepEqual([...tablesOf(bulk)], ['client', 'booking', 'assignment']);
  assert.deepEqual([...tablesWritten('INSERT INTO a VALUES ($1) ON CONFLICT DO UPDATE SET b = $1')], ['a']);
});

test('a row lock is still a query', () => {
  assert.ok(isQuery('SELECT id FROM booking WHERE id = $1 FOR UPDATE'));
  assert.ok(isQuery('SELECT id FROM booking FOR NO KEY UPDATE OF booking'));
  assert.ok(!isQuery('WITH x AS (DELETE FROM booking RETURNING id) SELECT id FROM x'));
  assert.ok(!isQuery('COMMIT'));
});
