import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HarnessError } from '../errors.ts';
import { checkGivenValues } from './given-values.ts';

const TYPES = { array: ['drop-index'], boolean: ['json', 'report'], number: ['pairs'] };
const check = (given: Record<string, unknown>, ...args: string[]) => checkGivenValues(given, TYPES, args);

test('what a verb can work with passes: texts, numbers, lists of a list, switches, and what was left out', () => {
  check({
    _: ['x'],
    $0: 'rushhour',
    results: 'r',
    pairs: 3,
    json: false,
    report: false,
    'drop-index': ['a', 'b'],
  });
  check({ config: false }, 'week', '--no-config'); // the reference service, though a config lies in the folder
  check({ server: undefined, dropIndex: [''], sliceSizes: '' }); // copies in camelCase are looked at by their own name
});

test('every value that is off is told at once', () => {
  assert.throws(
    () =>
      check(
        { server: '', results: false, pairs: Number.NaN, variant: ['a', 'b'] },
        ...['run', '--server', '', '--no-results', '--pairs', 'ten', '--variant', 'a', '--variant', 'b'],
      ),
    (error: HarnessError) => {
      assert.equal(error.code, 'BAD_OPTION');
      assert.deepEqual(error.message.split('\n'), [
        '--server: expected a value, got an empty text.',
        '--results: expected a value, got --no-results.',
        '--pairs: expected a number, got "ten".',
        '--variant: expected one value, got 2: a, b.',
      ]);
      return true;
    },
  );
});

test('an empty number is no 0', () => {
  assert.throws(
    () => check({ pairs: 0 }, 'experiment', '--pairs='),
    /--pairs: expected a value, got an empty text/,
  );
  check({ pairs: 0 }, 'experiment', '--pairs', '0');
});
