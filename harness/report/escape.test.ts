import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeHtml, escapeMarkdown, markdownCode } from './escape.ts';

test('HTML text cannot open a tag or end an attribute', () => {
  assert.equal(escapeHtml(`<b a="x" c='y'>&`), '&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;');
});

test('Markdown text cannot be markup, a link, HTML or the border of a cell', () => {
  assert.equal(escapeMarkdown('a|b *c* [d](e) <f> `g`'), 'a\\|b \\*c\\* \\[d\\](e) \\<f\\> \\`g\\`');
  assert.equal(escapeMarkdown('two\nlines'), 'two lines');
});

test('code keeps its backticks by a longer fence', () => {
  assert.equal(markdownCode('SELECT 1'), '`SELECT 1`');
  assert.equal(markdownCode('a `b` c'), '`` a `b` c ``');
  assert.equal(markdownCode('a | b'), '`a \\| b`');
});
