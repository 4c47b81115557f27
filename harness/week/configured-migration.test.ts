import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VariantConfig } from '../config/rushhour-config.ts';
import { addedMigration } from './configured-migration.ts';

type Migration = NonNullable<VariantConfig['migration']>;

function added(before: Migration | null, after: Migration | null) {
  const variant = (migration: Migration | null): VariantConfig => (migration === null ? {} : { migration });
  const variants = { before: variant(before), indexed: variant(after) };
  return addedMigration({ variants }, { from: 'before', to: 'indexed' });
}

test('without one before it all of a migration is new', () => {
  assert.deepEqual(added(null, { up: ['a', 'b'], down: ['c'] }), { up: ['a', 'b'], down: ['c'] });
});

test('what the baseline has already is not new, and its way back is not taken', () => {
  const before = { up: [{ file: 'one.sql' }], down: [{ file: 'back.sql' }] };
  const after = { up: [{ file: 'one.sql' }, 'b'], down: ['undo b', { file: 'back.sql' }] };
  assert.deepEqual(added(before, after), { up: ['b'], down: ['undo b'] });
});

test('a migration without a way back says so, and so does one whose way back does not fit', () => {
  assert.deepEqual(added(null, { up: ['a'] }), {
    up: ['a'],
    down: 'variants.indexed.migration of the config has no `down`',
  });
  const unfit = added({ up: ['a'], down: ['undo a'] }, { up: ['a', 'b'], down: ['undo b'] });
  assert.ok(typeof unfit !== 'string');
  assert.match(String(unfit.down), /does not end with that of the baseline/);
});

test('where nothing is added, or what it is cannot be known, there is a reason instead', () => {
  assert.equal(added(null, null), 'variants.indexed of the config has no migration');
  assert.equal(
    added({ up: ['a'] }, { up: ['a'] }),
    'variants.before and variants.indexed have the same migration',
  );
  assert.match(String(added({ up: ['a'] }, { up: ['b', 'a'] })), /does not begin with that of before/);
});
