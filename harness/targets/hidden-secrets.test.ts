import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hideSecrets } from './hidden-secrets.ts';

test('secrets are hidden wherever they stand, as they are and as a URL holds them; the longer one first', () => {
  const secrets = ['p@ssword', 'postgres://app:p@ssword@db/shop', 'app'];
  assert.equal(hideSecrets('to postgres://app:p@ssword@db/shop', secrets), 'to ***');
  assert.equal(
    hideSecrets('PASSWORD=p@ssword or p%40ssword for app', secrets),
    'PASSWORD=*** or *** for app',
  );
});
