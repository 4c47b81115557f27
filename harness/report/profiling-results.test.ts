import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPlan } from '../profiling/plan-nodes.ts';
import { judgeSlowStatements, type MeasuredStatement } from '../profiling/slow-statements.ts';
import { type StatementPlans, TIME_PARTS, type TimeShare } from '../profiling/statement-record.ts';
import { costliestStatementsChart } from './charts/costliest-statements.ts';
import { wallTimeShareChart } from './charts/wall-time-share.ts';
import { partMarkdown } from './profile-part.ts';
import { type ProfilingResults, profilingResults } from './profiling-results.ts';
import { renderSvg, titledSpec } from './render-chart.ts';

const spread = (median: number) => ({ median, low: median * 0.9, high: median * 1.1 });

/** Shares of reads, writes, commits, round trips and the service, of 200 ms. */
const timeShare = (...shares: readonly number[]): TimeShare => ({
  probes: 3,
  wallMs: spread(200),
  databaseShare: spread(1 - (shares[4] ?? 0)),
  roundTrips: spread(40),
  parts: TIME_PARTS.map((part, at) => ({
    part,
    ms: spread(200 * (shares[at] ?? 0)),
    share: spread(shares[at] ?? 0),
  })),
  warnings: [],
});

const measured = (statement: string, figures: Partial<MeasuredStatement> = {}): MeasuredStatement => ({
  statement,
  calls: 100,
  rows: 200,
  totalMs: 50,
  blocks: 4000,
  walBytes: 0,
  ...figures,
});

const slow = judgeSlowStatements(
  [
    measured('SELECT id FROM booking WHERE a = $ OR b = $'),
    measured('UPDATE booking SET a = $ WHERE id = $', { totalMs: 2500, walBytes: 20_000 }),
  ],
  { dispatches: 2, clock: 'database', thresholdMs: 20 },
);

const scan = (figures: Record<string, unknown>) => [
  { Plan: { 'Node Type': 'Seq Scan', 'Relation Name': 'booking', 'Plan Rows': 1, ...figures } },
];

const plans: StatementPlans = {
  statement: 'SELECT id FROM booking WHERE a = $ OR b = $',
  generic: readPlan(scan({})),
  analysed: readPlan(
    scan({ 'Actual Rows': 1, 'Actual Loops': 1, 'Actual Total Time': 9, 'Rows Removed by Filter': 7999 }),
  ),
  call: { number: 51, of: 100 },
};

const page = (overrides: Partial<ProfilingResults> = {}) =>
  partMarkdown(
    profilingResults(
      { timeShare: timeShare(0.5, 0.1, 0.1, 0.1, 0.2), slow, plans: [plans], unseen: [], ...overrides },
      { context: 'baseline', charts: { wallTime: null, costliest: null } },
    ),
  );

describe('the page of a profile', () => {
  test('begins with what any change to the database can gain', () => {
    assert.match(
      page(),
      /^# The database is 80 % of a dispatch's wall time of 200 ms, and no change to it can gain more/,
    );
    const little = page({ timeShare: timeShare(0.005, 0.005, 0.005, 0.005, 0.98) });
    assert.match(little, /^# The database is 2 % .*, and an index cannot help here/);
    assert.match(page({ timeShare: null }), /^# Which share .* was not measured/);
  });

  test('prints the definitions of slow beside their count', () => {
    // The update: 2,500 ms ÷ 100 calls = 25 ms, and 98 % of the time
    assert.match(page(), /## 1 statement is slow, of 2; 1 takes 20 ms or more in the mean\n/);
    assert.match(page(), /- often: a mean of 20 ms or more in at least 100 calls\n- long: a mean of 500 ms/);
    assert.match(page(), /- share: 10 % or more of the time of all statements/);
  });

  test('ranks statements by each cost, that cost first, and says where there is none of it', () => {
    const blocks = sectionOf(page(), 'The costliest by blocks read');
    assert.match(blocks, /^\| Statement \| Blocks a dispatch \| Mean \|/m);
    // 4,000 blocks in 2 dispatches; 4,000 ÷ 200 rows = 20 a row
    assert.match(blocks, /^\| `SELECT id FROM booking WHERE a = \$ OR b = \$` \| 2,000 \|.* 20 \|/m);
    assert.equal(sectionOf(page(), 'The costliest by WAL written').match(/`UPDATE/g)?.length, 1);
    const unread = judgeSlowStatements([measured('SELECT a', { blocks: null, walBytes: null })], {
      dispatches: 1,
      clock: 'service',
      thresholdMs: 1,
    });
    const without = page({ slow: unread });
    assert.match(sectionOf(without, 'The costliest by WAL written'), /WAL was not counted/);
    assert.match(without, /Times are those of the wait for the answer/);
  });

  test('shows an executed plan with its marks, and the generic one where it is another', () => {
    const text = page();
    assert.match(text, /Call 51 of 100/);
    assert.match(
      text,
      /Seq Scan on booking · 1 row · 9\.00 ms\n {2}!! reads 8,000 rows of booking to keep 1/,
    );
    assert.match(text, /The generic plan, made without parameters, is the same/);
    const byIndex = readPlan(scan({ 'Node Type': 'Index Scan', 'Index Name': 'booking_a' }));
    const other = page({ plans: [{ ...plans, generic: byIndex }] });
    assert.match(other, /is another:\n\n```text\nIndex Scan on booking by booking_a · 1 row planned\n```/);
  });

  test('says once why a statement has no plan', () => {
    const reason = { unavailable: 'COMMIT has no plan' };
    const text = page({ plans: [{ statement: 'COMMIT', generic: reason, analysed: reason, call: null }] });
    assert.equal(text.match(/COMMIT has no plan/g)?.length, 1);
  });

  test('ends with what could not be seen', () => {
    assert.match(page(), /Nothing: every statement was heard and counted\.\n$/);
    assert.match(
      page({ unseen: ['WAL was not counted'] }),
      /## What could not be seen\n\n- WAL was not counted\n$/,
    );
  });
});

describe('charts of a profile', () => {
  const charts = [
    wallTimeShareChart(timeShare(0.5, 0.1, 0.1, 0.1, 0.2), 'baseline'),
    costliestStatementsChart(slow, 'baseline'),
  ];

  for (const widthPx of [820, 350]) {
    test(`are drawn without a warning, ${widthPx} pixels wide`, async () => {
      for (const chart of charts) {
        assert.ok(chart);
        const warnings: string[] = [];
        const svg = await renderSvg(titledSpec(chart, widthPx), (warning) => warnings.push(warning));
        assert.deepEqual(warnings, []);
        assert.match(svg, /^<svg/);
        const drawnPx = Number(/width="(\d+)/.exec(svg)?.[1]);
        assert.ok(drawnPx <= widthPx, `${chart.name}: ${drawnPx} px`);
      }
    });
  }

  test('name what they found', () => {
    assert.deepEqual(
      charts.map((chart) => chart?.finding),
      [
        "The database is 80 % of a dispatch's wall time",
        'UPDATE booking SET a = $ WHERE id = $ takes 98 % of the time of all statements',
      ],
    );
    assert.match(
      wallTimeShareChart(timeShare(0.005, 0.005, 0.005, 0.005, 0.98), 'x').finding,
      /an index cannot help here/,
    );
  });

  test('are left out where there is nothing to draw', () => {
    const none = judgeSlowStatements([], { dispatches: 1, clock: 'database', thresholdMs: 20 });
    assert.equal(costliestStatementsChart(none, 'baseline'), null);
  });
});

/** The part of a page below one heading. */
function sectionOf(text: string, heading: string): string {
  return text.split(`### ${heading}\n`)[1]?.split('\n#')[0] ?? '';
}
