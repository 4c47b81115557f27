import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scramVerifier } from './scram-verifier.ts';

test('the verifier is the one that follows from the exchange of RFC 7677, section 3', () => {
  // There: password "pencil", this salt, 4096 iterations. StoredKey and ServerKey of it, as PostgreSQL stores them.
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
  assert.equal(
    scramVerifier('pencil', salt),
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});

test('two verifiers of one password have nothing in common', () => {
  assert.notEqual(scramVerifier('pencil'), scramVerifier('pencil'));
});
