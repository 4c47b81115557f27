import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseVariant, VARIANT_NAMES } from './variants.ts';

test('each step of the ladder but the last switches one thing on', () => {
  const on = VARIANT_NAMES.map((name) => {
    const { indexes, bulkApply, eagerLoading } = parseVariant(name).switches;
    return [indexes, bulkApply, eagerLoading].filter(Boolean).length;
  });
  assert.deepEqual(on, [0, 1, 1, 1, 3]);
});

test('every name of the ladder is its own canonical name', () => {
  for (const name of VARIANT_NAMES) assert.equal(parseVariant(name).name, name);
});

test('switches can be joined in any order and get one name', () => {
  const expected = {
    name: 'indexes+bulk-apply',
    switches: { indexes: true, bulkApply: true, eagerLoading: false },
  };
  assert.deepEqual(parseVariant('indexes+bulk-apply'), expected);
  assert.deepEqual(parseVariant('bulk-apply+indexes'), expected);
  assert.equal(parseVariant('eager-loading+bulk-apply+indexes').name, 'optimised');
});

test('any other name is refused with the list of valid ones', () => {
  for (const name of [
    '',
    'fast',
    'baseline+indexes',
    'indexes+',
    'indexes+indexes',
    'Optimised',
    'toString',
  ]) {
    assert.throws(() => parseVariant(name), /one of baseline, indexes, bulk-apply, eager-loading, optimised/);
  }
});
