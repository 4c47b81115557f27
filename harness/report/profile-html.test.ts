import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { PROJECT_ROOT } from '../machine/environment.ts';
import { ProfileRecord } from '../profile-record.ts';
import { profilePage } from './profile-html.ts';
import { partMarkdown } from './profile-part.ts';
import { profileView } from './profile-view.ts';

const EXAMPLE = path.join(PROJECT_ROOT, 'results/examples/20261126-015908-profile-baseline-23f3');
const record = ProfileRecord.parse(JSON.parse(await readFile(path.join(EXAMPLE, 'profile.json'), 'utf8')));

const pageOf = (profile: ProfileRecord) => profilePage(profileView(profile), new Map());
const headingsOf = (html: string) =>
  [...html.matchAll(/<h([1-6])[^>]*>([^<]*)</g)].map(([, level, text]) => ({ level: Number(level), text }));

test('the example is what its record says', async () => {
  const { profiling, issues } = profileView(record);
  const stored = (name: string) => readFile(path.join(EXAMPLE, 'report', name), 'utf8');
  assert.equal(partMarkdown(profiling), await stored('PROFILING_RESULTS.md'));
  assert.equal(partMarkdown(issues), await stored('N_PLUS_ONE_ISSUES.md'));
});

test('the page begins with what any change to the database can gain, and says what grows with the work', () => {
  const [first, ...others] = headingsOf(pageOf(record));
  assert.match(first?.text ?? '', /^The database is 91 % of a dispatch&#39;s wall time of 3\.01 s/);
  assert.ok(others.some(({ level, text }) => level === 2 && text?.startsWith('13 findings: 10 N+1')));
  // 10 plans, 13 findings and a heading for each of four rankings; charts have theirs too
  assert.equal(others.filter(({ level, text }) => level === 3 && /^\d+\. /.test(text ?? '')).length, 10 + 13);
});

test('headings go down one level at a time, and every link inside the page has its target', () => {
  const html = pageOf(record);
  const levels = headingsOf(html).map(({ level }) => level);
  for (const [index, level] of levels.entries()) assert.ok(level <= (levels[index - 1] ?? 0) + 1);
  const ids = [...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
  const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  // 7 sections, 13 rows of the list of findings, and the way past the header
  assert.equal(links.length, 7 + 13 + 1);
  for (const link of links) assert.ok(ids.includes(link), link);
});

test('every table has a name, and only the first of the plans and of the findings is unfolded', () => {
  const html = pageOf(record);
  for (const [, attributes, next] of html.matchAll(/<table([^>]*)>(<caption>)?/g))
    assert.ok(next !== undefined || attributes?.includes('aria-label='));
  assert.equal([...html.matchAll(/<details class="card part" open>/g)].length, 2);
  assert.equal([...html.matchAll(/<details class="card part">/g)].length, 10 + 13 - 2);
});

test('statements and units of a record cannot become markup', () => {
  const hostile = `<img src=x onerror="alert(1)">`;
  const { statements, growth } = structuredClone(record);
  for (const statement of statements.statements) statement.statement = `SELECT '${hostile}'`;
  for (const finding of growth.findings)
    Object.assign(finding, { statement: `SELECT '${hostile}' FROM a`, unit: hostile });
  const html = pageOf({ ...record, statements, growth });
  assert.ok(html.includes('&lt;img src=x'));
  assert.doesNotMatch(html, /<img/);
});
