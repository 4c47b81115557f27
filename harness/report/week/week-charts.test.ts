import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildFacts,
  buildWeek,
  withFacts,
  withMetric,
  withSlowApply,
} from '../../../test/support/week-builders.ts';
import { buildContributions } from '../../../test/support/week-ladder-builder.ts';
import { NO_FACTS, type WeekRecord } from '../../week-record.ts';
import { type Chart, PHONE_PX, WIDE_PX } from '../charts/chart.ts';
import { everyWeekChart, weekCharts } from './week-charts.ts';

function named(record: WeekRecord, name: string): Chart {
  const found = everyWeekChart(weekCharts(record)).find((chart) => chart.name === name);
  assert.ok(found, `no chart "${name}"`);
  return found;
}

test('a whole week has every chart once, by a name that is safe as a file name', () => {
  assert.deepEqual(
    everyWeekChart(weekCharts(buildWeek())).map(({ name }) => name),
    [
      'final-metrics',
      'contributions',
      'slowest-statements',
      'index-value',
      'apply',
      'queries-per-unit',
      'growth',
      'load-latency',
      'stress-latency',
      'stress-steps',
    ],
  );
});

test('a week without facts has no chart at all', () => {
  const bare = withFacts(buildWeek({ finalMetrics: [], contributions: null }), NO_FACTS);
  assert.deepEqual(everyWeekChart(weekCharts(bare)), []);
});

test('facts in which nothing was measured are not drawn empty', () => {
  const { profile, indexValue, apply, nPlusOne, growth, load } = buildFacts();
  assert.ok(profile && indexValue && apply && nPlusOne && growth && load);
  const empty = withFacts(buildWeek({ contributions: { ...buildContributions(), orders: [] } }), {
    profile: { ...profile, slowest: profile.slowest.map((one) => ({ ...one, msPerDispatch: null })) },
    indexValue: { ...indexValue, indexes: [] },
    apply: { accounts: apply.accounts.slice(0, 1) },
    nPlusOne: { ...nPlusOne, units: [] },
    growth: { ...growth, points: [] },
    load: { ...load, runs: load.runs.slice(0, 1) },
    stress: null,
  });
  assert.deepEqual(
    everyWeekChart(weekCharts(empty)).map(({ name }) => name),
    ['final-metrics'],
  );
});

test('every chart has a drawing for a phone that differs from the one for a desk', () => {
  for (const chart of everyWeekChart(weekCharts(buildWeek()))) {
    assert.notDeepEqual(chart.draw(PHONE_PX), chart.draw(WIDE_PX), chart.name);
    assert.ok(chart.reading.length > 20, chart.name);
  }
});

test('final metrics: what fell short is the title, and what has no share of before is named as not drawn', () => {
  assert.equal(
    named(buildWeek(), 'final-metrics').finding,
    '5 of 5 final metrics pass: dispatch time is 1.3 % of what it was, the goal is 44 %', // 28 ÷ 2112
  );
  assert.match(named(buildWeek(), 'final-metrics').context, /no share of before: indexes \(0 → 10\)$/);
  assert.match(
    named(withSlowApply(buildWeek()), 'final-metrics').finding,
    /^1 of 5 final metrics fails: apply time −86 %/,
  );
  const open = withMetric(buildWeek(), 'final.slow-statements', {
    after: null,
    ratio: null,
    outcome: 'open',
  });
  assert.equal(named(open, 'final-metrics').finding, '1 of 5 final metrics is open: slow statements');
});

test('contributions: the title tells the range of the step that depends most on its place', () => {
  // indexes: 70 → 28 ms is 2.5×, 2112 → 254 ms is 8.3×
  assert.equal(
    named(buildWeek(), 'contributions').finding,
    '2.11 s → 28.0 ms in 3 steps; “indexes” alone 2.5× to 8.3× faster, by its place in the order',
  );
});

test('contributions: a single order names its largest step and has one panel', () => {
  const contributions = buildContributions();
  const week = buildWeek({ contributions: { ...contributions, orders: contributions.orders.slice(0, 1) } });
  const chart = named(week, 'contributions');
  assert.equal(chart.finding, '2.11 s → 28.0 ms in 3 steps; indexes gives most in this order: 8.3× faster');
  assert.equal((chart.draw(WIDE_PX) as unknown as { vconcat: unknown[] }).vconcat.length, 1);
});

test('contributions: each bar begins where the one before it ended', () => {
  const { vconcat } = named(buildWeek(), 'contributions').draw(WIDE_PX) as unknown as {
    vconcat: { data: { values: { beforeMs: number; afterMs: number }[] } }[];
  };
  for (const { data } of vconcat) {
    const [first, second, third] = data.values;
    assert.equal(second?.beforeMs, first?.afterMs);
    assert.equal(third?.beforeMs, second?.afterMs);
  }
});

test('index value: what does not earn is named and drawn last', () => {
  const chart = named(buildWeek(), 'index-value');
  assert.equal(chart.finding, '9 of 10 indexes earn their upkeep; client (company_id) does not');
  assert.match(JSON.stringify(chart.draw(WIDE_PX)), /✖ client \(company_id\)\\"\]/);
});

test('index value: when all earn, the title names the one that saves most', () => {
  const { indexValue } = buildFacts();
  assert.ok(indexValue);
  const indexes = indexValue.indexes.map((index) => ({ ...index, earns: true }));
  assert.equal(
    named(withFacts(buildWeek(), { indexValue: { ...indexValue, indexes } }), 'index-value').finding,
    'All of 10 indexes earn their upkeep; assignment (booking_id, created_at) saves most, 231,599 blocks',
  );
});

test('apply: the title counts statements and commits, and tells the time only where it was measured', () => {
  assert.equal(
    named(buildWeek(), 'apply').finding,
    'Apply is 15× faster: 4 statements instead of 300, 1 commit instead of 100', // 117 ÷ 8
  );
  assert.equal(
    named(withFacts(buildWeek(), { ladder: null }), 'apply').finding,
    'Apply needs 4 statements instead of 300',
  );
});

test('queries per unit: findings that are left are counted in the title', () => {
  const { nPlusOne } = buildFacts();
  assert.ok(nPlusOne);
  assert.equal(
    named(buildWeek(), 'queries-per-unit').finding,
    'All 10 findings are gone: dispatch needs 9 queries instead of 697',
  );
  const units = nPlusOne.units.map((unit, index) => ({
    ...unit,
    found: { before: 1, after: index === 0 ? 1 : 0 },
  }));
  assert.match(
    named(withFacts(buildWeek(), { nPlusOne: { ...nPlusOne, units } }), 'queries-per-unit').finding,
    /^1 of 4 findings is left; /,
  );
});

test('growth: the title tells both ends of both lines, and that queries do not grow', () => {
  assert.equal(
    named(buildWeek(), 'growth').finding,
    'From 10 to 1,000 bookings, baseline: 61 ms → 2.1 s, 196 → 5,740 queries; optimised: 6.6 ms → 170 ms, always 9 queries',
  );
});

test('slowest statements: the title is the first of them and its share', () => {
  assert.match(
    named(buildWeek(), 'slowest-statements').finding,
    /^SELECT … FROM booking b WHERE .+ takes 1\.04 s of a dispatch, 49 % of the time/, // 45 × 23 ms of 2112 ms
  );
});

test('latency: the title counts endpoints both ways, and dropped arrivals are told as censoring', () => {
  assert.equal(
    named(buildWeek(), 'load-latency').finding,
    'p95 in optimised: lower at 3, higher at 2 of 5 endpoints (load test)',
  );
  assert.match(named(buildWeek(), 'stress-latency').context, /censored: 37 arrivals dropped in baseline$/);
});

test('stress: one variant alone has its steps drawn, and no latency to set it against', () => {
  const { stress } = buildFacts();
  assert.ok(stress);
  const alone = withFacts(buildWeek(), { stress: { ...stress, runs: stress.runs.slice(1) } });
  assert.deepEqual(
    weekCharts(alone).stress.map(({ finding }) => finding),
    ['Asked for 120 iterations/s, optimised answers 120 requests/s; p95 is 24 ms'],
  );
});

test('growth: a size at which only one variant was measured is not set against another size', () => {
  const { growth } = buildFacts();
  assert.ok(growth);
  const points = growth.points.filter(({ variant, size }) => variant === 'optimised' || size < 1_000);
  assert.equal(
    named(withFacts(buildWeek(), { growth: { ...growth, points } }), 'growth').finding,
    'From 10 to 100 bookings, baseline: 61 ms → 250 ms, 196 → 700 queries; optimised: 6.6 ms → 21 ms, always 9 queries',
  );
});
