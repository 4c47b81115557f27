import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildWeek, withMetric, withRow, withSlowApply } from '../../../test/support/week-builders.ts';
import { weekLines, weekSummary } from './week-headline.ts';

test('a week that reaches every goal says so in its first line, then the figures and the time', () => {
  const lines = weekLines(buildWeek());
  assert.equal(lines[0], '5 of 5 final metrics pass');
  assert.match(lines[1] ?? '', /^ {2}metric +before +after +change +interval +goal +outcome$/);
  // (28 − 2112) ÷ 2112 = −98.67 %
  assert.match(
    lines[2] ?? '',
    /^ {2}Dispatch time +2\.11 s +28\.0 ms +−98\.7 % +−98\.8 % to −98\.6 % +−56 % +✔ pass$/,
  );
  assert.deepEqual(lines.slice(-2), ['12 of 12 rows pass', '7 min 20 s, quick week']);
});

test('a metric that falls short is named first, with what it reached and its goal', () => {
  const [first] = weekLines(withSlowApply(buildWeek()));
  // 16.4 ÷ 117 = 0.14
  assert.equal(first, '1 of 5 final metrics fails: apply time −86 %, goal −90 %');
});

test('a metric of which only the interval reaches beyond the goal fails for that reason', () => {
  const week = withMetric(buildWeek(), 'final.apply-time', { ratio: 0.09, high: 0.12, outcome: 'fail' });
  assert.equal(
    weekLines(week)[0],
    '1 of 5 final metrics fails: apply time −91 %, but its interval reaches −88 %, goal −90 %',
  );
});

test('rows that failed or are open are named with their reason, the others counted', () => {
  const failed = withRow(buildWeek(), 'day2.presence', {
    outcome: 'fail',
    measured: '9 of 10 present and valid',
    reason: 'client_company_idx is missing',
  });
  const lines = weekLines(
    withRow(failed, 'day5.stress', { outcome: 'open', measured: null, reason: 'no k6' }),
  );
  assert.deepEqual(lines.slice(-4, -1), [
    '10 of 12 rows pass, 1 fails, 1 is open',
    '  ✖ day 2, Indexes are there: 9 of 10 present and valid, goal 10 valid indexes as declared (client_company_idx is missing)',
    '  ○ day 5, Stress test: open (no k6)',
  ]);
});

test('a week of some days is told by their rows alone', () => {
  const week = buildWeek({ finalMetrics: [] });
  const rows = week.rows.filter(({ day }) => day === 2);
  const lines = weekLines({ ...week, rows, plan: { ...week.plan, days: [2] } });
  assert.deepEqual(lines, ['Day 2 alone: 3 of 3 rows pass', '7 min 20 s, quick week']);
});

test('an interrupted week says so before its verdict', () => {
  const week = buildWeek({ state: 'interrupted', failure: 'Ctrl-C' });
  week.tasks.splice(10, 2, ...week.tasks.slice(10).map((task) => ({ ...task, state: 'not-run' as const })));
  assert.deepEqual(weekLines(week).slice(0, 2), [
    'Incomplete: the week was interrupted; 10 of 12 tasks were done. Ctrl-C.',
    '5 of 5 final metrics pass',
  ]);
});

test('the summary is one line with the main figure, or what fell short', () => {
  assert.equal(weekSummary(buildWeek()), '5 of 5 final metrics pass; dispatch time 2.11 s → 28.0 ms');
  assert.equal(
    weekSummary(withSlowApply(buildWeek({ state: 'failed' }))),
    'Incomplete: 1 of 5 final metrics fails: apply time −86 %, goal −90 %',
  );
  assert.equal(weekSummary(buildWeek({ finalMetrics: [] })), 'no final metric was measured');
});
