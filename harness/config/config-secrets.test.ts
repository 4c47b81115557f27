import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REDACTED, redact } from '../secrets.ts';
import { rememberConfigSecrets } from './config-secrets.ts';
import type { RushhourConfig } from './rushhour-config.ts';

const CONFIG: RushhourConfig = {
  name: 'parcels',
  service: { health: '/health?api_key=in-a-query-4711' },
  database: { settings: { 'app.jwt_secret': 'of-a-setting-4711' } },
  login: {
    kind: 'token',
    request: {
      path: '/login',
      headers: { 'x-api-key': 'of-a-header-4711' },
      form: { client_secret: 'of-a-form-4711' },
    },
    token: 'session.access_token',
    accounts: [{ login: 'ann@parcels.example', password: 'of-an-account-4711' }],
  },
  dataset: {
    seed: [{ command: ['./seed'], environment: { MAIL_URL: 'smtp://me:of-a-url-4711@mail.example' } }],
  },
  dispatch: {
    offers: [{ day: 1 }],
    request: { path: '/plan' },
    complete: { by: 'response' },
    rows: 'SELECT 1',
  },
  outcome: { sql: 'SELECT 1' },
  variants: {
    now: {
      start: {
        command: ['./serve'],
        environment: {
          STRIPE_KEY: 'of-a-variable-4711',
          AUTH_URL: 'https://login.parcels.example/realm',
          JWT_SECRET: '{secret}',
          MODE: 'not-a-secret-4711',
        },
      },
    },
  },
};

test('what a config says of passwords, tokens and keys is kept out of what is printed', () => {
  rememberConfigSecrets(CONFIG);
  for (const place of ['a-query', 'a-setting', 'a-header', 'a-form', 'an-account', 'a-url', 'a-variable']) {
    const secret = `${place === 'a-query' ? 'in' : 'of'}-${place}-4711`;
    assert.equal(redact(`it said ${secret}.`), `it said ${REDACTED}.`, place);
  }
});

test('what is no secret is printed: addresses, placeholders, paths into answers, other variables', () => {
  rememberConfigSecrets(CONFIG);
  for (const text of [
    'https://login.parcels.example/realm answered 502',
    'JWT_SECRET={secret}',
    'no session.access_token in the answer',
    'MODE is not-a-secret-4711',
    'ann@parcels.example',
  ])
    assert.equal(redact(text), text);
});

test('of headers that log in every value is a secret, with its scheme and without', () => {
  const headers = { 'x-tenant-id': 'header-tenant-4711', authorization: 'Basic header-basic-4711' };
  rememberConfigSecrets({ ...CONFIG, login: { kind: 'header', headers } });
  assert.equal(redact('header-tenant-4711, Basic header-basic-4711'), `${REDACTED}, ${REDACTED}`);
  assert.equal(redact('only header-basic-4711'), `only ${REDACTED}`);
});
