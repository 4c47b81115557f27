import assert from 'node:assert/strict';
import { access, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { k6Generator } from '../../harness/load-generators/k6.ts';
import { findK6 } from '../../harness/load-generators/k6-binary.ts';
import type { LoadGenerator } from '../../harness/load-generators/load-generator.ts';
import { escapeMarkdown } from '../../harness/report/escape.ts';
import { writeWeekReport } from '../../harness/report/week/write-week-report.ts';
import { readResult } from '../../harness/store/read-results.ts';
import { doWeek } from '../../harness/week/do-week.ts';
import { ALL_DAYS, planWeek } from '../../harness/week/plan-week.ts';
import type { WeekPlan } from '../../harness/week-record.ts';
import { resolveShape } from '../../seed/profiles.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';
import { weekContext } from '../support/week-context.ts';

/** Everything of a week, as little of each as there can be: no time is proven by it, but every row is measured. */
function smallestPlan(): WeekPlan {
  const shape = resolveShape('smoke');
  const plan = planWeek({ mode: 'quick', days: ALL_DAYS, shape, randomSeed: 1, generators: ['k6'] });
  return {
    ...plan,
    profile: { ...plan.profile, growthRepeats: 1 },
    ladder: { ...plan.ladder, pairs: 1, dispatches: 1 },
    load: { ...plan.load, durationFactor: 0.2 },
    stress: { shape, durationFactor: 0.1 },
    growth: { ...plan.growth, sizes: plan.growth.sizes.filter(({ size }) => size <= 200) },
  };
}

/** How fast something is says nothing here: of one pair there is no interval, and a busy machine may miss a threshold. */
const TIMED = ['day2.benchmark', 'day3.time', 'day5.benchmark', 'day5.load', 'day5.stress'];

async function k6(): Promise<LoadGenerator> {
  const found = await findK6();
  assert.ok(found.found, 'k6 is there: `rushhour doctor --fix` comes before the tests');
  return k6Generator(found);
}

describe('a whole week', () => {
  let own: OwnServer;
  before(async () => {
    own = await startOwnServer();
  });
  after(() => own.remove());

  test('measures every row and every final metric, and the report has each with its evidence', async (t) => {
    const context = await weekContext(t, own.server, { plan: smallestPlan(), generators: [await k6()] });
    const { folder } = context;
    const { week, failure } = await doWeek(context, { id: path.basename(folder), folder });
    assert.equal(failure, null);
    const rows = [...week.finalMetrics, ...week.rows];
    const open = rows.filter(({ outcome }) => outcome === 'open').map(({ id, reason }) => `${id}: ${reason}`);
    assert.deepEqual(open, []);
    const failed = week.rows
      .filter(({ outcome }) => outcome === 'fail')
      .map(({ id, reason }) => `${id}: ${reason}`);
    assert.deepEqual(
      failed.filter((row) => !TIMED.some((id) => row.startsWith(`${id}: `))),
      [],
    );
    const stored = await readResult(path.dirname(folder), folder);
    assert.ok(stored.kind === 'week');
    assert.deepEqual(stored.week, JSON.parse(JSON.stringify(week)));

    await writeWeekReport(week, path.join(folder, 'report'));
    const report = await readFile(path.join(folder, 'report', 'PERFORMANCE_REPORT.md'), 'utf8');
    for (const { title, evidence } of rows) {
      assert.ok(report.includes(escapeMarkdown(title)), `the report has a row "${title}"`);
      for (const { file } of evidence) await access(path.join(folder, file));
    }
    const days = (await readdir(path.join(folder, 'report'))).filter((name) => /^DAY_\d/.test(name));
    assert.equal(days.length, 5);
    assert.deepEqual(await leftoverDatabases(own.server), []);
    assert.deepEqual(await readdir(path.join(context.resultsRoot, 'backups')), []);
  });
});
