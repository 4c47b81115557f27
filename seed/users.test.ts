import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { test } from 'node:test';
import { openDataset } from './dataset.ts';
import { loginOf, PROFILES, SEED_PASSWORD } from './profiles.ts';
import { dispatcherIdOf, seedPasswordHash, users } from './users.ts';

test('every company has a dispatcher with the login of the formula, and two viewers', () => {
  const all = [...users(openDataset(PROFILES.load))];
  assert.equal(all.length, 20 * 3);
  assert.ok(all.every(({ id }, index) => id === index + 1));
  for (let companyId = 1; companyId <= 20; companyId++) {
    const ofCompany = all.filter((user) => user.companyId === companyId);
    assert.deepEqual(
      ofCompany.map(({ role }) => role),
      ['dispatcher', 'viewer', 'viewer'],
    );
    assert.equal(ofCompany[0]?.email, loginOf(companyId).email);
    assert.equal(ofCompany[0]?.id, dispatcherIdOf(companyId));
  }
  assert.equal(new Set(all.map(({ email }) => email)).size, all.length);
});

test('the password hash is scrypt’s of the demo password, the same for the same seed', () => {
  const [scheme, N, r, p, salt = '', hash] = seedPasswordHash(1).split('$');
  assert.deepEqual([scheme, N, r, p], ['scrypt', '16384', '8', '1']);
  assert.equal(salt.length, 32); // 16 bytes in hexadecimal
  const expected = scryptSync(SEED_PASSWORD, Buffer.from(salt, 'hex'), 32, { N: 16_384, r: 8, p: 1 });
  assert.equal(hash, expected.toString('hex'));
  assert.equal(seedPasswordHash(1), seedPasswordHash(1));
  assert.notEqual(seedPasswordHash(2).split('$')[4], salt);
});
