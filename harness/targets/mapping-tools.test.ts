import assert from 'node:assert/strict';
import { createHash, pbkdf2Sync } from 'node:crypto';
import { describe, test } from 'node:test';
import { seedPasswordHash } from '../../seed/users.ts';
import { mappingTools } from './mapping-tools.ts';

const tools = mappingTools(1);

describe('uuid', () => {
  test('is the same for the same words, and another for others', () => {
    assert.equal(tools.uuid('order', 7), mappingTools(2).uuid('order', 7));
    const others = [
      tools.uuid('order', 8),
      tools.uuid('order', '7'),
      tools.uuid('order7'),
      tools.uuid('stop', 7),
    ];
    assert.equal(new Set([...others, tools.uuid('order', 7)]).size, 5);
  });

  test('is of version 5 and of the variant of RFC 9562', () => {
    for (let id = 0; id < 100; id++)
      assert.match(
        tools.uuid('x', id),
        /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
  });
});

describe('passwordHash', () => {
  test('is what PBKDF2 gives for the salt and the iterations that it names', () => {
    const [scheme, iterations, salt = '', hash] = tools
      .passwordHash('pbkdf2-sha256', { iterations: 1_000 })
      .split('$');
    assert.deepEqual([scheme, iterations, salt.length], ['pbkdf2_sha256', '1000', 22]);
    assert.equal(hash, pbkdf2Sync('rushhour-demo', salt, 1_000, 32, 'sha256').toString('base64'));
  });

  test('knows the form of the reference service, and bare SHA-256', () => {
    assert.equal(tools.passwordHash('scrypt'), seedPasswordHash(1));
    assert.equal(tools.passwordHash('sha256'), createHash('sha256').update('rushhour-demo').digest('hex'));
  });

  test('refuses what it cannot do', () => {
    assert.throws(() => tools.passwordHash('bcrypt' as 'scrypt'), /expected pbkdf2-sha256, .* got "bcrypt"/);
    assert.throws(() => tools.passwordHash('pbkdf2-sha256', { iterations: 0 }), /whole number from 1, got 0/);
  });
});
