import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HarnessError } from '../errors.ts';
import { checkSameGround } from './same-ground.ts';

const ground = { machine: 'a', postgresVersion: '18.4', datasetDigest: 'd', commit: 'c1' };

test('the same machine, server and rows may go on', () => {
  assert.deepEqual(checkSameGround(ground, ground), []);
});

test('another machine, server or dataset is refused with all that differs', () => {
  const now = { ...ground, machine: 'b', postgresVersion: '17.1' };
  assert.throws(
    () => checkSameGround(ground, now),
    (error) =>
      error instanceof HarnessError &&
      error.code === 'NOT_COMPARABLE' &&
      /machine \(a then, b now\), PostgreSQL \(18\.4 then, 17\.1 now\)/.test(error.message),
  );
  assert.throws(() => checkSameGround(ground, { ...ground, datasetDigest: 'e' }), /rows of the dataset/);
});

test('another commit is told and not refused', () => {
  assert.match(checkSameGround(ground, { ...ground, commit: 'c2' })[0] ?? '', /c1 then, c2 now/);
});
