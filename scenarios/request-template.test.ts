import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  fillTemplate,
  fillTemplateText,
  MissingValue,
  placeholdersOf,
  templateValueAt,
} from './request-template.ts';

test('values are URL-encoded in a path and keep their type where they are all of a text in a body', () => {
  const request = {
    path: '/days/{day}?near={größe}',
    headers: { 'X-Depot': '{depot}' },
    body: { depot: '{depot}', note: 'depot {depot}', list: ['{open}'], json: '{"a":1}' },
  };
  assert.deepEqual(fillTemplate(request, { day: 'a/b', größe: 'ä&', depot: 7, open: true }), {
    method: 'POST',
    path: '/days/a%2Fb?near=%C3%A4%26',
    headers: { 'content-type': 'application/json', 'x-depot': '7' },
    body: '{"depot":7,"note":"depot 7","list":[true],"json":"{\\"a\\":1}"}',
  });
});

test('a form is encoded as URLSearchParams does it', () => {
  const text = "a b&c=d+e~(!)'*é";
  const { body } = fillTemplate({ path: '/', form: { 'a key': '{text}' } }, { text });
  assert.equal(body, new URLSearchParams({ 'a key': text }).toString());
});

test('a placeholder without a value is an error that names it', () => {
  assert.throws(
    () => fillTemplateText('/orders/{order_id}', { id: 1 }),
    (error: MissingValue) => error instanceof MissingValue && error.placeholder === 'order_id',
  );
});

test('placeholders are found wherever they are, each once', () => {
  const request = { path: '/{a}', headers: { x: '{b}' }, body: { c: ['{c} {a}'] }, form: { d: '{d}' } };
  assert.deepEqual(placeholdersOf(request), ['a', 'b', 'c', 'd']);
});

test('a path leads to a plain value or to none', () => {
  const answer = { run: { id: 5, end: null }, items: [{ id: 'x' }] };
  assert.equal(templateValueAt(answer, 'items.0.id'), 'x');
  assert.equal(templateValueAt(answer, 'run.end'), null);
  for (const path of ['run', 'run.missing', 'items.1.id', 'run.id.deeper']) {
    assert.equal(templateValueAt(answer, path), undefined, path);
  }
  assert.equal(templateValueAt(undefined, 'run'), undefined);
});
