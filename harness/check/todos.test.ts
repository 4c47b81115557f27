import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTodos } from './todos.ts';

test('a TODO is told with its line; a comment and the value below it are one', () => {
  const text = [
    'export default {',
    '  // TODO: the path that starts a dispatch',
    "  request: { path: '/TODO' },",
    "  health: '/health',",
    "  token: 'TODO',",
    '  /* TODO: the columns */',
    '};',
  ].join('\n');
  assert.deepEqual(findTodos(text), [
    { line: 2, text: 'the path that starts a dispatch' },
    { line: 5, text: "token: 'TODO'," },
    { line: 6, text: 'the columns' },
  ]);
});

test('a word that only holds one is none', () => {
  assert.deepEqual(findTodos("const METODOS = 'todo';"), []);
});
