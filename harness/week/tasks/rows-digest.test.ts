import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsDigest } from './rows-digest.ts';

const BOOKING = { name: 'public.booking', rows: 2, digest: '1:2' };
const BOOKS = { name: 'public.schema_migration', rows: 1, digest: '3:4' };
const names = new Set(['public.booking']);

test('the digest of rows leaves out tables that came later, and changes with a row or a table that went', () => {
  const before = rowsDigest([BOOKING], names);
  assert.equal(rowsDigest([BOOKING, BOOKS], names), before);
  assert.notEqual(rowsDigest([{ ...BOOKING, digest: '1:3' }], names), before);
  assert.notEqual(rowsDigest([BOOKS], names), before);
});
