import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackupRecord } from './backup-record.ts';
import { verifyRestored } from './verify-restore.ts';

const tables = [
  { name: 'public.booking', rows: 1200, digest: '1:2' },
  { name: 'public.stop', rows: 3, digest: '3:4' },
];
const record = { content: { digest: 'c', schemaDigest: 's', tables } } as unknown as BackupRecord;
const same = { content: 'c', schema: 's', tables };

test('a database with the same rows, digest and definitions is what was backed up', () => {
  assert.deepEqual(verifyRestored(record, same, true), { differences: [], definitionsCompared: true });
});

test('each table that differs is named, with its rows when their number differs', () => {
  const [booking, stop] = tables;
  assert.ok(booking && stop);
  const restored = {
    ...same,
    content: 'other',
    tables: [
      { ...booking, rows: 1199 },
      { ...stop, digest: '3:5' },
      { name: 'public.more', rows: 0, digest: '0:0' },
    ],
  };
  assert.deepEqual(verifyRestored(record, restored, true).differences, [
    'public.booking: expected 1,200 rows, got 1,199.',
    'public.stop: as many rows as expected, with other content.',
    'public.more was not in the backup.',
  ]);
  assert.deepEqual(verifyRestored(record, { ...restored, tables: [booking] }, true).differences, [
    'public.stop is missing.',
  ]);
});

test('equal tables with another digest are told from equal content', () => {
  assert.deepEqual(verifyRestored(record, { ...same, content: 'other' }, true).differences, [
    'The tables are the same, but sequences or large objects differ.',
  ]);
});

test('definitions are compared on servers of one major version only', () => {
  const restored = { ...same, schema: 'other' };
  assert.equal(verifyRestored(record, restored, true).differences.length, 1);
  const { differences, definitionsCompared } = verifyRestored(record, restored, false);
  assert.deepEqual(differences, []);
  assert.match(String(definitionsCompared), /another major version/);
});
