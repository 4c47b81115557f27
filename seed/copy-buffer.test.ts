import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CopyBuffer, encodeRows } from './copy-buffer.ts';
import { copyLine } from './copy-text.ts';
import { PieceTable } from './piece-table.ts';

function written(write: (out: CopyBuffer) => void): string {
  const out = new CopyBuffer(1_000);
  write(out);
  return out.take().toString();
}

test('numbers are written as String writes them', () => {
  for (const value of [0, 7, 9, 10, 99, 100, 12_345, 999_999_999, 2 ** 31 - 1]) {
    assert.equal(
      written((out) => out.integer(value)),
      String(value),
    );
  }
  assert.equal(
    written((out) => out.digits(42, 5)),
    '00042',
  );
});

test('a row by hand equals the row from values', () => {
  const byHand = written((out) => {
    out.integer(12);
    out.tab();
    out.piece(new PieceTable(['Zoë']), 0);
    out.endRow();
  });
  assert.equal(
    byHand,
    written((out) => out.row([12, 'Zoë'])),
  );
  assert.equal(byHand, copyLine([12, 'Zoë']));
});

test('what was taken is not overwritten by later rows', () => {
  const out = new CopyBuffer(10);
  out.row(['first']);
  const taken = out.take();
  out.row(['other']);
  assert.equal(taken.toString(), 'first\n');
});

test('a row that is too long is an error, never a cut row', () => {
  const long = 'x'.repeat(10_000);
  assert.throws(() => new CopyBuffer(10).row([long]), /at most 8192 bytes/);
  const tooLong = (out: CopyBuffer) => {
    for (let i = 0; i < 10_000; i++) out.byte(0x78);
    out.endRow();
  };
  assert.throws(() => written(tooLong), /at most 8192 bytes/);
});

test('chunks hold whole rows, count them, and join to the same bytes whatever their size', () => {
  const rows = Array.from({ length: 100 }, (_, index) => index);
  const write = (row: number, out: CopyBuffer) => out.row([row, 'x'.repeat(row)]);
  const whole = rows.map((row) => copyLine([row, 'x'.repeat(row)])).join('');
  for (const chunkBytes of [1, 64, 1_000, 1_000_000]) {
    const chunks = [...encodeRows(rows, write, chunkBytes)];
    assert.equal(Buffer.concat(chunks.map(({ bytes }) => bytes)).toString(), whole);
    assert.equal(
      chunks.reduce((sum, chunk) => sum + chunk.rows, 0),
      100,
    );
    for (const { bytes, rows } of chunks) assert.equal(bytes.toString().split('\n').length - 1, rows);
    assert.ok(chunks.slice(0, -1).every(({ bytes }) => bytes.length >= chunkBytes));
  }
});

test('no rows make no chunks', () => {
  assert.deepEqual([...encodeRows([], () => {})], []);
});
