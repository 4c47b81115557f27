import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageHref } from './page-of-markdown.ts';

test('the Markdown of a result leads to its page, a profile of N+1 to its section', () => {
  assert.equal(pageHref('../ladder/report/report.md'), './../ladder/report/index.html');
  assert.equal(pageHref('../profile/report/PROFILING_RESULTS.md'), './../profile/report/index.html');
  assert.equal(pageHref('../profile/report/N_PLUS_ONE_ISSUES.md'), './../profile/report/index.html#growth');
  // The Markdown of an advice lies above the folder of its page
  assert.equal(pageHref('../advice/INDEX_ADVICE.md'), './../advice/report/index.html');
});

test('any other file is itself, whatever its letters', () => {
  assert.equal(pageHref('../backup/backup.json'), './../backup/backup.json');
  assert.equal(pageHref('my report.md/a#b'), './my%20report.md/a%23b');
  assert.equal(pageHref('constructor'), './constructor');
});
