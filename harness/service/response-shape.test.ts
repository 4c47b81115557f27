import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparableAnswer, responseShapeHash } from './response-shape.ts';

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

test('ids of assignments, clock times and durations are no part of what is compared; all else is', () => {
  const answer = {
    run: { id: 7, assigned: 2, phases: { loadMs: 1.5, decideMs: 0.2, applyMs: 3 } },
    items: [
      { id: 90, sequence: 1, driver: { id: 3 } },
      { id: 4, createdAt: '2026-03-02T06:00:00Z' },
    ],
    nextAfter: 90,
  };
  assert.deepEqual(comparableAnswer(answer), {
    items: [{ driver: { id: 3 }, sequence: 1 }, { id: 4 }],
    run: { assigned: 2, id: 7 },
  });
});
