import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { AdviceRecord } from '../advice-record.ts';
import { PROJECT_ROOT } from '../machine/environment.ts';
import { adviceHeadline } from './advice-headline.ts';
import { advicePage } from './advice-html.ts';
import { adviceMarkdown } from './advice-markdown.ts';
import { adviceView } from './advice-view.ts';

const EXAMPLE = path.join(PROJECT_ROOT, 'results/examples/20261126-020028-advise-baseline-e542');
const record = AdviceRecord.parse(JSON.parse(await readFile(path.join(EXAMPLE, 'advice.json'), 'utf8')));
const LINKS = [{ text: 'up.sql', file: 'migration/up.sql' }];

test('both pages begin with what the advised indexes do, and have the same sections', () => {
  const view = adviceView(record, LINKS);
  const [html, markdown] = [advicePage(view), adviceMarkdown(view)];
  assert.equal(markdown.split('\n')[0], adviceHeadline(record));
  assert.ok(html.includes(`<h1 class="finding">${adviceHeadline(record)}</h1>`));
  const sections = [...html.matchAll(/<h2[^>]*>([^<]+)</g)].map(([, heading]) => heading);
  assert.deepEqual(
    sections,
    [...markdown.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading),
  );
  assert.equal(sections.length, 7);
});

test('each advised index has a part of its own with its statement, and the migration can be had', () => {
  const view = adviceView(record, LINKS);
  const [html, markdown] = [advicePage(view), adviceMarkdown(view)];
  assert.equal([...html.matchAll(/<details class="card part"/g)].length, record.advised.length);
  assert.equal([...markdown.matchAll(/```sql\nCREATE INDEX/g)].length, record.advised.length);
  assert.match(html, /<a href="\.\/migration\/up\.sql">up\.sql<\/a>/);
  assert.match(markdown, /- \[up\.sql\]\(\.\/migration\/up\.sql\)/);
});

test('without an index that pays there is nothing to create', () => {
  const view = adviceView({ ...record, advised: [] }, LINKS);
  assert.match(view.headline, /^No index pays/);
  assert.ok(view.sections.every(({ id }) => id !== 'advised'));
});

test('a statement that is too long for a table is named, and whole behind its name', () => {
  const html = advicePage(adviceView(record, LINKS));
  assert.match(
    html,
    /<summary><code>SELECT … FROM assignment WHERE booking_id = \$ ORDER BY created_at DESC<\/code><\/summary><code>SELECT booking_id, driver_id, status FROM/,
  );
});

test('the path of a request may be broken at its joints, so that a table fits a page', () => {
  // A joint is looked for after eight letters
  const html = advicePage(adviceView(record, LINKS));
  assert.ok(html.includes('<td>GET /api/v1/company_<wbr>dispatch/<wbr>runs/:id</td>'));
});
