import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AskedAnswer, compareAnswers } from './asked-answers.ts';

const asked = (request: string, ...texts: readonly string[]): AskedAnswer[] =>
  texts.map((text) => ({ request, text }));

test('answers are equal when every service gave the same to each asking', () => {
  const first = [...asked('drivers', '[1]', '[2]'), ...asked('one run', '{"assigned":20}')];
  const second = [...asked('drivers', '[1]', '[2]'), ...asked('one run', '{"assigned":19}')];
  assert.deepEqual(compareAnswers([first, first, second]), [
    { request: 'drivers', equal: true },
    { request: 'one run', equal: false },
  ]);
});

test('answers in another order, or one too few, are not equal', () => {
  const services = [asked('drivers', '[1]', '[2]'), asked('drivers', '[2]', '[1]')];
  assert.deepEqual(compareAnswers(services), [{ request: 'drivers', equal: false }]);
  assert.deepEqual(compareAnswers([asked('drivers', '[1]'), []]), [{ request: 'drivers', equal: false }]);
});
