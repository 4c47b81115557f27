import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildPools, fullName, phoneNumber } from './pools.ts';
import { RowRandom } from './random.ts';

test('pools are the same for the same seed, also when faker was used in between', () => {
  const first = buildPools(1);
  buildPools(2);
  assert.deepEqual(buildPools(1), first);
  assert.notDeepEqual(buildPools(2).streets, first.streets);
});

test('pools are large enough and hold no name twice', () => {
  const { firstNames, lastNames, streets } = buildPools(1);
  for (const [pool, size] of [
    [firstNames, 600],
    [lastNames, 500],
    [streets, 1_500],
  ] as const) {
    assert.equal(pool.length, size);
    assert.equal(new Set(pool).size, size);
  }
});

test('people have names from the pools and numbers that ring nobody', () => {
  const pools = buildPools(1);
  const random = new RowRandom(1, 'test').at(0);
  const [first = '', ...last] = fullName(pools, random).split(' ');
  assert.ok(pools.firstNames.includes(first));
  assert.ok(pools.lastNames.includes(last.join(' ')));
  assert.match(phoneNumber(random), /^\+44 7700 900\d{3}$/);
});
