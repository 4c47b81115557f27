import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { type AuthenticatedUser, createTokens, TOKEN_LIFETIME_SECONDS } from './authentication.ts';

const SECRET = 'a secret of the test, long enough';
const USER: AuthenticatedUser = { id: 7, companyId: 3, role: 'viewer' };

function payloadOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

/** A token as another program might make it. */
async function foreignToken(changes: { secret?: string; alg?: string; issuer?: string; expired?: boolean }) {
  const nowSeconds = Math.floor(Date.now() / 1_000);
  return new SignJWT({ companyId: 3, role: 'viewer' })
    .setProtectedHeader({ alg: changes.alg ?? 'HS256' })
    .setIssuer(changes.issuer ?? 'rushhour-target')
    .setSubject('7')
    .setExpirationTime(changes.expired ? nowSeconds - 1 : nowSeconds + 60)
    .sign(new TextEncoder().encode(changes.secret ?? SECRET));
}

test('a token gives back the user it was issued to', async () => {
  const tokens = createTokens(SECRET);
  assert.deepEqual(await tokens.verify(await tokens.issue(USER)), USER);
  assert.deepEqual(await tokens.verify(await foreignToken({})), USER);
});

test('a token lasts as long as the login says, and carries no more than it needs', async () => {
  const payload = payloadOf(await createTokens(SECRET).issue(USER));
  assert.equal(Number(payload.exp) - Number(payload.iat), TOKEN_LIFETIME_SECONDS);
  assert.deepEqual(Object.keys(payload).sort(), ['companyId', 'exp', 'iat', 'iss', 'role', 'sub']);
});

test('a token that is expired, changed, of another secret, algorithm or issuer is refused with 401', async () => {
  const tokens = createTokens(SECRET);
  const [header = '', , signature = ''] = (await tokens.issue(USER)).split('.');
  const claims = Buffer.from(JSON.stringify({ sub: '7', companyId: 4, role: 'dispatcher' })).toString(
    'base64url',
  );
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
  const refused = [
    await foreignToken({ expired: true }),
    await foreignToken({ secret: 'another secret of the test, also long' }),
    await foreignToken({ alg: 'HS512' }),
    await foreignToken({ issuer: 'somebody' }),
    `${header}.${claims}.${signature}`,
    unsigned,
    'not a token',
  ];
  for (const token of refused) await assert.rejects(tokens.verify(token), { statusCode: 401 });
});
