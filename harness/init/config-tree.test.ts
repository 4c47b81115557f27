import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { code, jsonValue, list, object, plain, quoted, sql, TODO, writeModule } from './config-tree.ts';

describe('a config that is written', () => {
  test('tells the line of each TODO and the path it is at', () => {
    const { text, todos } = writeModule(
      object([
        { name: 'name', value: plain('x') },
        { name: 'dispatch', value: object([{ name: 'request', value: TODO, todo: 'say it' }]) },
      ]),
      ['// head', ''],
    );
    assert.deepEqual(todos, [{ line: 6, path: 'dispatch.request', what: 'say it' }]);
    assert.equal(text.split('\n')[5], '    // TODO: say it');
    assert.equal(text.split('\n')[6], "    request: 'TODO',");
  });

  test('keeps short values on a line and breaks long ones', () => {
    const { text } = writeModule(
      object([
        { name: 'short', value: list([plain(1), plain(null)]) },
        { name: 'long', value: list([plain('x'.repeat(60)), plain('y'.repeat(60))]) },
      ]),
      [],
    );
    assert.match(text, /\n {2}short: \[1, null\],\n/);
    assert.match(text, /\n {2}long: \[\n {4}'x+',\n {4}'y+',\n {2}\],\n/);
  });

  test('puts an offer in comments, line by line', () => {
    const offer = {
      name: 'url',
      value: object([{ name: 'a', value: sql('SELECT 1\nFROM t') }]),
      offered: true,
    };
    const { text } = writeModule(object([offer]), []);
    const inside = text.split('\n').slice(1, -2);
    assert.ok(inside.length > 3);
    for (const line of inside) assert.match(line, /^ {2}\/\/ /);
  });

  test('lets no text from outside end a literal, a template or a comment', () => {
    assert.equal(quoted("it's"), '"it\'s"');
    assert.equal(quoted('\'"\n\u2028'), "'\\'\"\\n\\u2028'");
    const evil = 'a\nprocess.exit()';
    const { text } = writeModule(
      object([{ name: "'];evil", value: sql(`\`$\{evil}\``), comments: [evil], todo: evil }]),
      [],
    );
    assert.doesNotMatch(text, /^process/m);
    assert.match(text, /\\`\\\$\{evil\}\\`/);
    assert.match(text, /"'\];evil": `/);
  });

  test('writes JSON and code as they are', () => {
    const { text } = writeModule(
      object([
        { name: 'body', value: jsonValue({ 'x-y': [true, { z: 1.5 }] }) },
        { name: 'row', value: code('(x) => ({\n  id: x.id,\n})') },
      ]),
      [],
    );
    assert.match(text, / {2}body: \{ 'x-y': \[true, \{ z: 1\.5 \}\] \},/);
    assert.match(text, / {2}row: \(x\) => \(\{\n {4}id: x\.id,\n {2}\}\),/);
  });
});
