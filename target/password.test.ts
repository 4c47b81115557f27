import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { test } from 'node:test';
import { verifyPassword } from './password.ts';

test('the test vector of RFC 7914, section 12, is accepted', async () => {
  // scrypt (P="password", S="NaCl", N=1024, r=8, p=16, dkLen=64)
  const hash =
    'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640';
  const stored = `scrypt$1024$8$16$${Buffer.from('NaCl').toString('hex')}$${hash}`;
  assert.equal(await verifyPassword('password', stored), true);
  assert.equal(await verifyPassword('Password', stored), false);
  assert.equal(await verifyPassword('', stored), false);
});

test('a cost that needs more than the default memory of Node works', async () => {
  const salt = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
  const options = { N: 2 ** 16, r: 8, p: 1, maxmem: 2 ** 27 }; // 128 × 65,536 × 8 = 64 MiB, Node allows 32 MiB
  const stored = `scrypt$65536$8$1$${salt.toString('hex')}$${scryptSync('pass', salt, 32, options).toString('hex')}`;
  assert.equal(await verifyPassword('pass', stored), true);
});

test('anything but a scrypt hash is an error, not a wrong password', async () => {
  const salt = 'ab'.repeat(16);
  for (const stored of [
    '',
    'plain',
    `scrypt$16384$8$1$${salt}$`,
    `bcrypt$16384$8$1$${salt}$${'ab'.repeat(32)}`,
  ]) {
    await assert.rejects(verifyPassword('pass', stored), /scrypt\$N\$r\$p\$saltHex\$hashHex/);
  }
});
