import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OVERSHOOT_BYTES, PieceTable, viewOf } from './piece-table.ts';

const TEXTS = ['', 'a', 'Oxford', 'Zoë', '東京', 'twelve bytes', 'x'.repeat(301)];

test('pieces of any length are copied whole, one after the other', () => {
  const table = new PieceTable(TEXTS);
  const target = Buffer.alloc(1_000);
  let end = 0;
  for (const index of [5, 0, 3, 1, 6, 4, 2, 6, 1]) end = table.copyTo(viewOf(target), end, index);
  const expected = [5, 0, 3, 1, 6, 4, 2, 6, 1].map((index) => TEXTS[index]).join('');
  assert.equal(target.toString('utf8', 0, end), expected);
});

test('nothing is written beyond the promised overshoot', () => {
  const target = Buffer.alloc(32, '.');
  const end = new PieceTable(TEXTS).copyTo(viewOf(target), 4, 1);
  assert.equal(end, 5);
  assert.equal(target.toString('utf8', 0, 4), '....');
  assert.match(target.toString('utf8', end + OVERSHOOT_BYTES), /^\.+$/);
});

test('a piece knows its text', () => {
  const table = new PieceTable(TEXTS);
  assert.deepEqual(
    TEXTS.map((_, index) => table.text(index)),
    TEXTS,
  );
});

test('an index outside the table and a full target are errors, never wrong bytes', () => {
  const table = new PieceTable(TEXTS);
  assert.throws(() => table.copyTo(viewOf(Buffer.alloc(100)), 0, 7), /Expected a piece, got index 7/);
  assert.throws(() => table.copyTo(viewOf(Buffer.alloc(100)), 0, -1), RangeError);
  assert.throws(() => table.copyTo(viewOf(Buffer.alloc(100)), 0, 6), RangeError);
});
