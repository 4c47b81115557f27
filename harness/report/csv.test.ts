import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvText } from './csv.ts';

test('a cell with a comma, a quote or a line break is quoted, and one that a spreadsheet would run stays a text', () => {
  const rows = [
    ['a,b', 'say "x"', 'two\nlines'],
    ['=1+1', 0.5, null],
  ];
  assert.equal(csvText(rows), `"a,b","say ""x""","two\nlines"\r\n'=1+1,0.5,\r\n`);
});
