import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildExperiment } from '../../test/support/experiment-builders.ts';
import { buildRun } from '../../test/support/run-builders.ts';
import { reportPage } from './html.ts';
import { inlineSvg } from './inline-svg.ts';
import { reportMarkdown } from './markdown.ts';
import { reportView } from './view-model.ts';

const HOSTILE = `<img src=x onerror="alert(1)">|\`*_[a](javascript:alert(1))'&`;

function hostileInput() {
  const built = buildExperiment({ variants: ['baseline', HOSTILE] });
  for (const { run } of built.runs) {
    run.warnings.push(HOSTILE);
    for (const { report } of run.loads) {
      for (const endpoint of report.endpoints) endpoint.endpoint = `GET /${HOSTILE}`;
    }
    for (const statement of run.probe?.statements ?? []) statement.text = `SELECT '${HOSTILE}'`;
  }
  return { kind: 'experiment', ...built } as const;
}

test('names from a record cannot become markup of the page', () => {
  const html = reportPage(reportView(hostileInput()), new Map());
  assert.ok(html.includes('&lt;img src=x'));
  assert.doesNotMatch(html, /<img/);
  const withoutValues = html.replace(/="[^"]*"/g, '=""');
  assert.doesNotMatch(withoutValues, /<[^>]*onerror/);
});

test('names from a record cannot become markup of the Markdown', () => {
  const markdown = reportMarkdown(reportView(hostileInput()));
  const outsideCode = markdown.replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
  assert.doesNotMatch(outsideCode, /(?<!\\)<img/);
  assert.doesNotMatch(outsideCode, /(?<!\\)\]\(javascript/);
});

test('every row of a Markdown table has as many cells as its heading', () => {
  const markdown = reportMarkdown(reportView(hostileInput()));
  for (const block of markdown.split('\n\n').filter((part) => part.startsWith('| '))) {
    const cells = block.split('\n').map((line) => line.split(/(?<!\\)\|/).length);
    assert.equal(new Set(cells).size, 1, block.slice(0, 200));
  }
});

test('headings go down one level at a time, and every table has a caption', () => {
  const html = reportPage(reportView({ kind: 'run', run: buildRun() }), new Map());
  const levels = [...html.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
  assert.equal(levels.filter((level) => level === 1).length, 1);
  for (const [index, level] of levels.entries()) assert.ok(level <= (levels[index - 1] ?? 0) + 1);
  assert.equal([...html.matchAll(/<table>/g)].length, [...html.matchAll(/<table><caption>/g)].length);
});

test('every link inside the page has its target', () => {
  const html = reportPage(reportView({ kind: 'run', run: buildRun() }), new Map());
  const ids = new Set([...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id));
  const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  assert.ok(links.length >= 5);
  for (const link of links) assert.ok(ids.has(link), link);
});

test('an incomplete result is headed as such', () => {
  const run = buildRun({}, { state: 'interrupted', failure: 'Interrupted by Ctrl-C' });
  const view = reportView({ kind: 'run', run });
  const html = reportPage(view, new Map());
  assert.ok(html.indexOf('Incomplete: the run was interrupted') < html.indexOf('<h2'));
  assert.match(reportMarkdown(view), /^# .*\n\n.*\n\n> \*\*Incomplete: the run was interrupted/);
});

test('a drawing in the page has unique ids, a text instead of the picture, and colours that follow the theme', () => {
  const svg = inlineSvg(
    '<svg xmlns="x" class="marks" width="10" height="5" viewBox="0 0 10 5"><g id="a" clip-path="url(#a)" fill="#0064b0" stroke="#123456"/></svg>',
    { id: 'chart-wide', label: 'a "finding"' },
  );
  assert.match(
    svg,
    /^<svg class="chart-drawing" viewBox="0 0 10 5" style="max-width:10px" role="img" aria-label="a &quot;finding&quot;">/,
  );
  assert.match(svg, /id="chart-wide-a" clip-path="url\(#chart-wide-a\)"/);
  assert.match(svg, /fill="var\(--c0064b0\)" stroke="#123456"/);
});

test('a second experiment is linked by a path beside this one', () => {
  const input = { kind: 'experiment', ...buildExperiment() } as const;
  const [comparison] = input.experiment.comparisons;
  assert.ok(comparison);
  const second = { verdict: 'regressed', agreed: true, headline: '', pairs: 16 } as const;
  comparison.confirmation = { ...second, folder: 'confirmation' };
  const view = reportView(input);
  assert.match(reportPage(view, new Map()), /<a href="\.\/\.\.\/confirmation\/report\/index\.html">/);
  assert.match(reportMarkdown(view), /\]\(\.\/\.\.\/confirmation\/report\/report\.md\)/);
  comparison.confirmation = { ...second, folder: 'javascript:alert("1")' };
  assert.doesNotMatch(reportPage(reportView(input), new Map()), /href="javascript/);
});

test('long lists are folded in the page and in the Markdown, and nothing else is', () => {
  const view = reportView({ kind: 'experiment', ...buildExperiment() });
  for (const text of [reportPage(view, new Map()), reportMarkdown(view)]) {
    const folded = [...text.matchAll(/<details><summary>([^<]*)</g)].map(([, caption]) => caption);
    assert.deepEqual(folded, ['Statements of one dispatch: how often each variant runs them', 'The runs']);
  }
});
