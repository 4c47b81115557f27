import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { argumentName, helpHint, textsOf, usageError } from './usage-words.ts';

describe('what the parser says of a command line', () => {
  const said: [string, string[], string][] = [
    ['Unknown argument: rows', ['seed', '--rows=5'], 'rushhour seed: unknown argument "--rows".'],
    [
      'Unknown arguments: a, b',
      ['report', 'x', 'a', '--b'],
      'rushhour report: unknown arguments "a", "--b".',
    ],
    ['Unknown argument: frob', ['frob', 'x'], 'Unknown verb "frob".'],
    ['Did you mean run?', ['rum'], 'Unknown verb "rum". Did you mean run?'],
    [
      'Not enough non-option arguments: got 1, need at least 2',
      ['compare', 'a'],
      'rushhour compare: expected 2 arguments, got 1.',
    ],
    [
      'Missing required argument: database',
      ['backup'],
      'rushhour backup: expected --database, which is missing.',
    ],
    [
      'Not enough arguments following: pairs',
      ['experiment', '--pairs'],
      '--pairs: expected a value, got none.',
    ],
    [
      'Arguments resume and only are mutually exclusive',
      ['week'],
      '--resume and --only: expected one of them, got both.',
    ],
    [
      'Invalid values:\n  Argument: scenario, Given: "x", Choices: "smoke", "load"\n  Argument: mode, Given: "y", Choices: "count", "all"',
      ['experiment', 'x', '--mode', 'y'],
      '<scenario>: expected one of smoke, load, got "x".\n--mode: expected one of count, all, got "y".',
    ],
    ['Something that nobody foresaw', ['seed'], 'Something that nobody foresaw'],
  ];
  for (const [message, args, expected] of said)
    test(`${message.split('\n')[0]} is said as "${expected.split('\n')[0]}"`, () => {
      const { message: words, hint, code } = usageError(message, args);
      assert.deepEqual([words, code], [expected, 'BAD_OPTION']);
      assert.match(String(hint), /rushhour .*--help/);
    });

  test('names the help of the verb, and of all verbs where there is none', () => {
    assert.match(helpHint(['seed', '--rows']), /^`rushhour seed --help`/);
    assert.match(helpHint([]), /^`rushhour --help`/);
    assert.match(helpHint(['--json']), /^`rushhour --help`/);
    assert.match(String(usageError('Unknown argument: frob', ['frob']).hint), /^`rushhour --help`/);
  });
});

test('an argument is named as it was given: by its place or by its flag', () => {
  assert.equal(argumentName('scenario', ['run', 'x']), '<scenario>');
  assert.equal(argumentName('scenario', ['run', '--scenario', 'x']), '--scenario');
  assert.equal(argumentName('pairs', ['experiment']), '--pairs');
});

test('what was written after a flag is read both ways it can be written', () => {
  assert.deepEqual(textsOf('port', ['serve', '--port', 'a', '--port=b', '--ports', 'c', '--port']), [
    'a',
    'b',
    null,
  ]);
});
