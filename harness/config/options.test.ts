import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slowdownRatio } from './options.ts';

test('a slowdown is a percentage, with or without a space before the sign', () => {
  assert.equal(slowdownRatio('5%'), 0.05);
  assert.equal(slowdownRatio('7 %'), 0.07);
  assert.equal(slowdownRatio('0.1%'), 0.001);
  assert.equal(slowdownRatio('1000%'), 10);
});

test('any other slowdown is told with what was expected', () => {
  for (const text of ['5', '0%', '0.05%', '1001%', '-5%', 'a bit']) {
    assert.throws(
      () => slowdownRatio(text),
      {
        code: 'BAD_OPTION',
        message: `--inject-slowdown: expected a percentage from 0.1% to 1000%, such as 5%, got '${text}'.`,
      },
      text,
    );
  }
});
