import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excerpt, secretsOf } from './secrets.ts';

test('secrets are what stands under secret names, in accounts, bodies, forms and headers', () => {
  const json = {
    method: 'POST',
    path: '/',
    headers: { 'x-api-key': 'k1', accept: 'json' },
    body: '{"user":"ann","a":{"pwd":"p1"}}',
  };
  assert.deepEqual(secretsOf({ login: 'ann', password: 'p0' }, json), ['p0', 'p1', 'k1']);
  const form = { method: 'POST', path: '/', headers: {}, body: 'user=ann&password=p%202' };
  assert.deepEqual(secretsOf({}, form), ['p 2']);
});

test('an excerpt is one line of 200 characters without secrets', () => {
  assert.equal(excerpt('no\n  p0 here', ['p0', '']), 'no *** here');
  assert.equal(excerpt('{"access_token":"abc","id":7}', []), '{"access_token":"***","id":7}');
  assert.equal(excerpt('x'.repeat(300), []), `${'x'.repeat(200)}…`);
  assert.equal(excerpt('  ', []), '(an empty answer)');
});
