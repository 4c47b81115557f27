import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyField, copyLine } from './copy-text.ts';

test('NULL is \\N, and the text \\N is not NULL', () => {
  assert.equal(copyField(null), '\\N');
  assert.equal(copyField('\\N'), '\\\\N');
  assert.equal(copyField(''), '');
});

test('characters that would end a column or a row are escaped', () => {
  assert.equal(copyField('a\tb'), 'a\\tb');
  assert.equal(copyField('a\nb'), 'a\\nb');
  assert.equal(copyField('a\r\nb'), 'a\\r\\nb');
  assert.equal(copyField('C:\\temp'), 'C:\\\\temp');
  assert.equal(copyField('\b\f\v'), '\\b\\f\\v');
  assert.equal(copyField('\\.'), '\\\\.'); // unescaped, it would end the data
});

test('other text is left as it is', () => {
  assert.equal(copyField(`O'Hara "Zoë" 東京 🚕`), `O'Hara "Zoë" 東京 🚕`);
});

test('booleans and numbers have the form PostgreSQL reads', () => {
  assert.equal(copyField(true), 't');
  assert.equal(copyField(false), 'f');
  assert.equal(copyField(-12.5), '-12.5');
  assert.throws(() => copyField(Number.NaN), /Expected a finite number for COPY, got NaN/);
});

test('U+0000 is refused: PostgreSQL has no text with it', () => {
  assert.throws(() => copyField('a\0b'), /U\+0000/);
});

test('a line has tabs between columns and one newline at its end', () => {
  assert.equal(copyLine([1, 'a\tb', null, true]), '1\ta\\tb\t\\N\tt\n');
});
