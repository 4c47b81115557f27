import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { DatasetDigest, datasetDigest } from './digest.ts';
import { PROFILES, resolveShape } from './profiles.ts';
import { datasetTables } from './tables.ts';

function tableHashes(shape = PROFILES.smoke): Record<string, string> {
  return Object.fromEntries(
    datasetTables(shape).map(({ table, chunks }) => {
      const hash = createHash('sha256');
      for (const { bytes } of chunks()) hash.update(bytes);
      return [table, hash.digest('hex').slice(0, 16)];
    }),
  );
}

test('the rows of the smoke profile never change', () => {
  // When a change of the rows is meant, these change with it, and every stored result is of another dataset.
  assert.deepEqual(tableHashes(), {
    company: '75774ab4c96617a2',
    app_user: 'cc11c543319c062e',
    client: 'f7a2862f9ec80179',
    driver: '7c2b368c0319cb34',
    booking: '523e096bae5808db',
    dispatch_run: '0d99ff40f1c7b96d',
    assignment: 'fa6296c820a1c602',
  });
  assert.equal(
    datasetDigest(PROFILES.smoke),
    '750c8e016508cce7db9bb7533a4e364d2c4921bdfbb275c1408d7e290a749a23',
  );
});

test('the digest does not depend on how the rows are cut into chunks', () => {
  const digests = [1, 100, 4_096, 65_536, 10_000_000].map((chunkBytes) =>
    datasetDigest(PROFILES.smoke, chunkBytes),
  );
  assert.equal(new Set(digests).size, 1);
});

test('another seed gives another dataset, and the same seed the same', () => {
  const other = resolveShape('smoke', { randomSeed: 2 });
  assert.notEqual(datasetDigest(other), datasetDigest(PROFILES.smoke));
  assert.equal(datasetDigest(other), datasetDigest(other));
});

test('more history leaves the tables alone that have nothing to do with it', () => {
  const { company, app_user, driver } = tableHashes();
  const more = tableHashes({ ...PROFILES.smoke, history: 3_000 });
  assert.deepEqual([more.company, more.app_user, more.driver], [company, app_user, driver]);
  assert.notEqual(more.booking, tableHashes().booking);
});

test('every table makes as many rows as it announces', () => {
  for (const shape of [
    PROFILES.smoke,
    resolveShape('smoke', { history: 0, bookings: 1, companies: 30, days: 1 }),
  ]) {
    for (const { table, rowCount, chunks } of datasetTables(shape)) {
      let rows = 0;
      for (const chunk of chunks()) rows += chunk.rows;
      assert.equal(rows, rowCount(), table);
    }
  }
});

test('the digest needs a table to begin with', () => {
  assert.throws(() => new DatasetDigest().update(Buffer.from('1\n')), /Expected beginTable/);
});

test('bytes that move from one table to the next change the digest', () => {
  const digestOf = (first: string, second: string) => {
    const digest = new DatasetDigest();
    digest.beginTable('a');
    digest.update(Buffer.from(first));
    digest.beginTable('b');
    digest.update(Buffer.from(second));
    return digest.finish();
  };
  assert.notEqual(digestOf('1\n2\n', '3\n'), digestOf('1\n', '2\n3\n'));
});
