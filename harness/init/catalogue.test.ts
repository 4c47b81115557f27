import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { labelsOfCheck, passwordSchemeOf, quotedName } from './catalogue.ts';
import { labelOf } from './state-labels.ts';

describe('what a catalogue tells', () => {
  test('labels of a CHECK, as PostgreSQL writes it for text and for varchar', () => {
    const text = "CHECK ((status = ANY (ARRAY['open'::text, 'won''t do'::text])))";
    const varchar =
      "CHECK (((state)::text = ANY ((ARRAY['open'::character varying, 'done'::character varying])::text[])))";
    assert.deepEqual(labelsOfCheck(text, 'status'), ['open', "won't do"]);
    assert.deepEqual(labelsOfCheck(varchar, 'state'), ['open', 'done']);
    assert.deepEqual(labelsOfCheck(text, 'state'), []);
    assert.deepEqual(labelsOfCheck('CHECK ((seats > 0))', 'seats'), []);
  });

  test('schemes of password hashes, from how they begin', () => {
    const schemes = ['pbkdf2_sha256$260000', '$2b$', 'scrypt', '$argon2', 'sha256$', null].map(
      passwordSchemeOf,
    );
    assert.deepEqual(
      schemes.map(({ name }) => name),
      ['pbkdf2-sha256', 'bcrypt', 'scrypt', 'argon2', 'sha256', 'unknown'],
    );
    assert.equal(schemes[0]?.iterations, 260_000);
  });

  test('a name that is no plain word, or one of SQL, is quoted', () => {
    assert.deepEqual(['order', 'Order', 'orders', 'a"b'].map(quotedName), [
      '"order"',
      '"Order"',
      'orders',
      '"a""b"',
    ]);
  });

  test('a label has a meaning only when no other label has it too', () => {
    assert.equal(labelOf('open', ['received', 'done']), 'received');
    assert.equal(labelOf('open', ['new', 'pending', 'done']), null);
    assert.equal(labelOf('open', ['open', 'unassigned'], ['unassigned']), 'open');
  });
});
