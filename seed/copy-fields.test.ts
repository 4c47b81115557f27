import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CopyFields } from './copy-fields.ts';
import { copyLine } from './copy-text.ts';

test('fields of a row come back as they were written, whatever is in them', () => {
  const odd = 'a\tb\nc\\d\r\v\b\f é \\N';
  const row = new CopyFields();
  row.open(Buffer.from(copyLine([odd, null, '', -1.5, true, false]) + copyLine(['second'])));
  assert.equal(row.next(), true);
  assert.equal(row.text(), odd);
  assert.equal(row.nullable(), true);
  assert.equal(row.nullable(), false);
  assert.equal(row.text(), '');
  assert.equal(row.number(), -1.5);
  assert.deepEqual([row.boolean(), row.boolean()], [true, false]);
  assert.throws(() => row.text(), /the row has ended/);
  assert.equal(row.next(), true);
  assert.equal(row.text(), 'second');
  assert.equal(row.next(), false);
});

test('columns of a row that were not read do not get into the next', () => {
  const row = new CopyFields();
  row.open(Buffer.from(copyLine(['one', 'two']) + copyLine(['three'])));
  row.next();
  row.next();
  assert.equal(row.text(), 'three');
});

test('a timestamp is a moment, and its day can be looked at before', () => {
  const row = new CopyFields();
  row.open(Buffer.from('2026-03-29 01:30:59+00\n'));
  row.next();
  assert.equal(row.day(), '2026-03-29');
  assert.equal(row.time().toISOString(), '2026-03-29T01:30:59.000Z');
});
