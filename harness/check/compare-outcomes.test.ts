import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeDifference, type WrittenRows } from './compare-outcomes.ts';

const written = (variant: string, ...rows: (string | null)[][]): WrittenRows => ({
  ...{ variant, columns: ['trip', 'car'], rows },
});
const BEFORE = written('before', ['1', 'a'], ['2', 'b'], ['2', 'b']);

describe('the rows of two variants', () => {
  test('are equal in any order', () => {
    assert.equal(describeDifference(BEFORE, written('after', ['2', 'b'], ['1', 'a'], ['2', 'b'])), null);
  });
  test('differ in a column: its name is told, and no value', () => {
    assert.equal(
      describeDifference(BEFORE, written('after', ['1', 'c'], ['2', 'b'], ['2', 'b'])),
      'after writes 1 of 3 rows that before does not, and not 1 of the 3 that it does; they differ in car',
    );
  });
  test('differ in how often a row is there', () => {
    assert.match(
      describeDifference(BEFORE, written('after', ['1', 'a'], ['2', 'b'])) ?? '',
      /writes 0 of 2 rows .* not 1 of the 3 that it does; they differ in trip, car/,
    );
  });
  test('differ in how the values go together', () => {
    assert.match(
      describeDifference(written('one', ['1', 'a'], ['2', 'b']), written('two', ['1', 'b'], ['2', 'a'])) ??
        '',
      /two writes 2 of 2 .* they differ in how they go together/,
    );
  });
  test('differ where one is nothing and the other the word for it', () => {
    assert.notEqual(describeDifference(written('one', [null, 'a']), written('two', ['null', 'a'])), null);
  });
});
