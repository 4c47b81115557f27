import assert from 'node:assert/strict';
import { test } from 'node:test';
import { responseShapeHash } from './response-shape.ts';

test('other values and another order of keys are the same shape', () => {
  const first = { items: [{ id: 1, name: 'a' }], next: null };
  const second = {
    next: null,
    items: [
      { name: 'b', id: 2 },
      { id: 3, name: 'c' },
    ],
  };
  assert.equal(responseShapeHash(first), responseShapeHash(second));
});

test('a missing field, another type or a null instead of an object is another shape', () => {
  const shape = responseShapeHash({ id: 1, driver: { id: 1 } });
  assert.notEqual(responseShapeHash({ id: 1 }), shape);
  assert.notEqual(responseShapeHash({ id: '1', driver: { id: 1 } }), shape);
  assert.notEqual(responseShapeHash({ id: 1, driver: null }), shape);
});
