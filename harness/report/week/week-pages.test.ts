import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildFacts,
  buildWeek,
  withFacts,
  withMetric,
  withRow,
  withSlowApply,
} from '../../../test/support/week-builders.ts';
import { NO_FACTS, type WeekRecord } from '../../week-record.ts';
import { weekHtml } from './week-html.ts';
import { weekMarkdown } from './week-markdown.ts';
import { weekPages } from './write-week-report.ts';

const HOSTILE = `<img src=x onerror="alert(1)">|\`*_[a](javascript:alert(1))'&`;

function page(record: WeekRecord, file: string): string {
  const found = weekPages(record).find(({ files }) => files.markdown === file);
  assert.ok(found);
  return weekMarkdown(found);
}

const lines = (text: string) => text.split('\n').filter((line) => line !== '');

test('the first line of the final report says that every metric passed', () => {
  const [first, second] = lines(page(buildWeek(), 'PERFORMANCE_REPORT.md'));
  assert.equal(first, '# Performance report: 5 of 5 final metrics pass');
  assert.match(
    second ?? '',
    /^\*\*✔ PASS\*\* – A dispatch took 2\.11 s before the week and takes 28\.0 ms after it: 75× faster\./,
  );
});

test('a metric that failed or is open stands in the first lines, with what it lacks', () => {
  const failed = withSlowApply(buildWeek());
  const open = withMetric(failed, 'final.queries', {
    after: null,
    ratio: null,
    outcome: 'open',
    reason: 'no profile',
  });
  assert.deepEqual(lines(page(open, 'PERFORMANCE_REPORT.md')).slice(0, 4), [
    '# Performance report: 1 of 5 final metrics fails: apply time −86 %, goal −90 %. 1 of 5 final metrics is open: queries per dispatch',
    '**✖ FAIL**',
    '- Queries per dispatch: open, no profile',
    '- Apply time −86 %, goal −90 % (117 ms → 16.4 ms)',
  ]);
});

test('a week that broke off says so in the first line of every page', () => {
  const week = buildWeek({ state: 'failed', failure: 'PostgreSQL died' });
  for (const { files } of weekPages(week)) {
    const [first, second] = lines(page(week, files.markdown));
    assert.match(first ?? '', /, incomplete: /);
    assert.match(
      second ?? '',
      /^> \*\*Incomplete: the week failed; 12 of 12 tasks were done\. PostgreSQL died\.\*\*$/,
    );
  }
});

test('every row stands in the final report and on the page of its day, with goal, figure, outcome and evidence', () => {
  const week = withRow(buildWeek(), 'day2.presence', { outcome: 'fail', reason: 'one is missing' });
  const line =
    '| Indexes are there | 10 valid indexes as declared | 10 of 10 present and valid | ✖ fail: one is missing | measured in this week | [experiment](./../ladder/report/report.md) |';
  assert.ok(lines(page(week, 'PERFORMANCE_REPORT.md')).includes(line));
  assert.ok(lines(page(week, 'DAY_2_INDEXES.md')).includes(line));
  const whole = page(week, 'PERFORMANCE_REPORT.md');
  for (const { title } of week.rows) assert.ok(whole.includes(`| ${title} |`), title);
});

test('what was not done is listed with its reason', () => {
  const week = withRow(buildWeek(), 'day5.stress', { outcome: 'open', measured: null, reason: 'no k6 here' });
  const section =
    page(week, 'PERFORMANCE_REPORT.md').split('## What was not done')[1]?.split('\n## ')[0] ?? '';
  assert.deepEqual(lines(section), [
    '- Stress test: no k6 here',
    '- Growth: 1,000,000 past bookings: only in the full week',
    '- load test with autocannon: it was not asked for',
  ]);
});

test('a comparison with another outcome is told as a regression, and named', () => {
  const { ladder } = buildFacts();
  assert.ok(ladder);
  const steps = ladder.steps.map((step) => ({ ...step, equalOutcome: step.to !== 'indexes' }));
  const text = page(withFacts(buildWeek(), { ladder: { ...ladder, steps } }), 'PERFORMANCE_REPORT.md');
  assert.match(
    text,
    /## Functional regression\n\n12 of 13 comparisons found .+; not the same: baseline and indexes\./,
  );
});

test('a day tells how to measure it again alone', () => {
  assert.match(page(buildWeek(), 'DAY_3_BULK_WRITES.md'), /```sh\nrushhour week --quick --only day3\n```/);
});

test('a week without a single fact still has six pages that say what is missing', () => {
  const bare = withFacts(
    buildWeek({ rows: [], finalMetrics: [], contributions: null, dataset: null, environment: null }),
    NO_FACTS,
  );
  const pages = weekPages(bare).map((one) => weekMarkdown(one));
  assert.equal(pages.length, 6);
  for (const text of pages) assert.match(text, /\n\*[^*\n]+\*\n/);
});

function hostileWeek(): WeekRecord {
  const week = withRow(buildWeek({ warnings: [HOSTILE] }), 'day1.backup', {
    title: HOSTILE,
    measured: HOSTILE,
    evidence: [{ text: HOSTILE, file: HOSTILE }],
  });
  const { profile } = week.facts;
  assert.ok(profile);
  return withFacts(week, {
    profile: {
      ...profile,
      slowest: profile.slowest.map((one) => ({ ...one, statement: HOSTILE, plan: HOSTILE })),
    },
  });
}

test('names from a record cannot become markup of a page', () => {
  for (const one of weekPages(hostileWeek())) {
    const html = weekHtml(one, new Map());
    assert.doesNotMatch(html, /<img/);
    assert.doesNotMatch(html.replace(/="[^"]*"/g, '=""'), /<[^>]*onerror/);
    // An escaped backtick opens no code, so escapes and code are taken out in one pass.
    const markup = weekMarkdown(one).replace(/\\[^\w\s]|(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
    assert.doesNotMatch(markup, /<img|\]\(javascript/);
  }
});
