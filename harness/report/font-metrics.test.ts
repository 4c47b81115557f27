import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textWidth, wrapText } from './font-metrics.ts';

test('widths are the advance widths of the font', () => {
  // DejaVu Sans: 2048 units an em; the digits are 1303 wide, a space 651, "ms" 1995 + 1067.
  assert.equal(textWidth('0', 2048), 1303);
  assert.equal(textWidth('31 ms', 2048), 2 * 1303 + 651 + 1995 + 1067);
});

test('bold letters are wider', () => {
  assert.ok(textWidth('optimised', 12, 'bold') > textWidth('optimised', 12));
});

test('a character the font lacks has the width of its replacement', () => {
  assert.ok(textWidth('\u{10FFFF}', 12) > 0);
});

test('lines break between words and none is wider than asked', () => {
  const text = 'optimised answers a dispatch in 31 ms instead of 1.5 s';
  const lines = wrapText(text, 120, 12);
  assert.equal(lines.join(' '), text);
  assert.ok(lines.length > 1);
  for (const line of lines) assert.ok(textWidth(line, 12) <= 120, line);
});

test('a word wider than a line keeps a line of its own', () => {
  assert.deepEqual(wrapText('a supercalifragilistic b', 30, 12), ['a', 'supercalifragilistic', 'b']);
});
