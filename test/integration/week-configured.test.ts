/** A week on a service that a config describes: the reference service as if it were somebody else's, so that the answer is known. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { EXIT } from '../../harness/errors.ts';
import { k6Generator } from '../../harness/load-generators/k6.ts';
import { findK6 } from '../../harness/load-generators/k6-binary.ts';
import { writeWeekReport } from '../../harness/report/week/write-week-report.ts';
import { readResult } from '../../harness/store/read-results.ts';
import { configuredTarget } from '../../harness/targets/configured-target.ts';
import { doWeek } from '../../harness/week/do-week.ts';
import { openConfiguredWeek } from '../../harness/week/open-configured-week.ts';
import { ALL_DAYS, planWeek } from '../../harness/week/plan-week.ts';
import { type WeekPlan, WeekRecord, type WeekTarget } from '../../harness/week-record.ts';
import { resolveShape } from '../../seed/profiles.ts';
import { eventually, rushhour as runTool, scratchFolder } from '../support/command.ts';
import { plannedOf, WEEK_SERVICE, weekService } from '../support/configured-week.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';
import { SMALLEST_OPTIONS } from '../support/smallest-shape.ts';
import { weekContext } from '../support/week-context.ts';

/** Everything of a week, as little of each as there can be. */
function smallestPlan(target: WeekTarget): WeekPlan {
  const shape = resolveShape('smoke');
  const plan = planWeek({ mode: 'quick', days: ALL_DAYS, shape, randomSeed: 1, generators: ['k6'], target });
  return {
    ...plan,
    profile: { ...plan.profile, growthRepeats: 1 },
    ladder: { ...plan.ladder, pairs: 1, dispatches: 1 },
    load: { ...plan.load, durationFactor: 0.5 },
    growth: { ...plan.growth, sizes: plan.growth.sizes.filter(({ size }) => size <= 200) },
  };
}

describe('a week on a service that a config describes', () => {
  let own: OwnServer;
  before(async () => {
    own = await startOwnServer();
  });
  after(() => own.remove());

  test('finds out what the week of that service finds out, and says what it cannot tell', async (t) => {
    const loaded = await weekService();
    const plan = smallestPlan(plannedOf(loaded));
    const { signal } = new AbortController();
    const opened = openConfiguredWeek(loaded, configuredTarget(loaded), plan.target?.variants ?? [], {
      server: own.server,
      signal,
    });
    const found = await findK6();
    assert.ok(found.found, 'k6 is there');
    const context = await weekContext(t, own.server, { plan, ...opened, generators: [k6Generator(found)] });
    const { folder } = context;
    const { week, failure } = await doWeek(context, { id: path.basename(folder), folder });
    assert.equal(failure, null);
    assert.deepEqual(WeekRecord.parse(JSON.parse(JSON.stringify(week))), JSON.parse(JSON.stringify(week)));

    const rows = [...week.finalMetrics, ...week.rows];
    const named = (outcome: 'fail' | 'open') =>
      rows.filter((row) => row.outcome === outcome).map(({ id, reason }) => `${id}: ${reason}`);
    const untimed = 'the service does not time the phases of a dispatch';
    const unproven = 'without an interval nothing is proven'; // of one pair there is none
    assert.deepEqual(named('fail'), []);
    assert.deepEqual(named('open'), [
      `final.dispatch-time: ${unproven}`,
      `final.apply-time: ${untimed}`,
      `day2.benchmark: ${unproven}`,
      `day3.time: ${untimed}`,
      `day5.benchmark: ${unproven}`,
      'day5.stress: the config has no scenario `stress`',
    ]);

    const { backup, migration, apply, nPlusOne, ladder, growth, load } = week.facts;
    assert.ok(backup && backup.damagedDigest !== backup.digest && backup.restoredDigest === backup.digest);
    assert.deepEqual([migration?.before, migration?.declared.length], [[], 10]);
    assert.deepEqual(apply?.tables, ['assignment', 'booking']);
    for (const { variant, assignments, statements, commits } of apply?.accounts ?? []) {
      const each = /bulk|optimised/.test(variant) ? [1, 1] : [4 * assignments, assignments];
      assert.deepEqual([statements, commits], each, variant);
    }
    const dispatch = nPlusOne?.units.find(({ unit }) => unit === 'dispatch');
    const bookings = nPlusOne?.units.find(({ unit }) => unit.startsWith('GET /api/v1/bookings'));
    assert.ok((dispatch?.found.before ?? 0) >= 5 && dispatch?.found.after === 0);
    // The page, and for each of its 64 bookings client, driver and latest assignment; then each of the three at once
    assert.deepEqual(bookings?.queries, { before: 1 + 3 * 64, after: 1 + 3 });
    assert.deepEqual(
      nPlusOne?.answers.map(({ equal }) => equal),
      [true, true],
    );
    assert.ok(ladder?.steps.every(({ equalOutcome }) => equalOutcome === true));
    assert.deepEqual(
      week.contributions?.orders.map(({ switches }) => switches),
      [['indexes', 'bulk-apply', 'eager-loading']],
    );
    const after = growth?.points.filter(
      ({ variant, varied }) => variant === 'optimised' && varied === 'bookings',
    );
    assert.equal(new Set(after?.map(({ queries }) => queries)).size, 1);
    assert.deepEqual(
      load?.runs.map(({ variant }) => variant),
      ['baseline', 'optimised'],
    );

    await writeWeekReport(week, path.join(folder, 'report'));
    for (const page of (await readdir(path.join(folder, 'report'))).filter((name) => name.endsWith('.md'))) {
      const text = await readFile(path.join(folder, 'report', page), 'utf8');
      assert.equal(text.match(/baseline is “before”, indexes is “indexed”/g)?.length, 1, page);
    }
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });

  test('one day is done, broken off and gone on with, and only with its own config', async (t) => {
    const results = await scratchFolder(t);
    const rushhour = (...args: string[]) =>
      runTool([...args, '--results', results], { env: { RUSHHOUR_CACHE: own.cache } });
    const events = async () => {
      const { folder } = await readResult(results, 'last');
      return readFile(path.join(folder, 'events.ndjson'), 'utf8');
    };
    const run = rushhour('week', '--quick', ...SMALLEST_OPTIONS, '--only', 'day2', '--config', WEEK_SERVICE);
    const ended = await eventually(async () =>
      (await events().catch(() => '')).includes('"task":"migration"'),
    );
    run.kill('SIGINT');
    const { exitCode, stderr } = await run;
    assert.ok(ended, `no task has ended: ${stderr}`);
    assert.equal(exitCode, EXIT.interrupted, `${stderr}`);

    const other = await rushhour('week', '--resume', 'last', '--no-config');
    assert.equal(other.exitCode, EXIT.usage);
    assert.match(
      String(other.stderr),
      /it measures the target "dispatch-service", and the target here is "reference"/,
    );

    const resumed = await rushhour('week', '--resume', 'last', '--config', WEEK_SERVICE);
    const whole = await readResult(results, 'last');
    assert.ok(whole.kind === 'week', `${resumed.stderr}`);
    const { week } = whole;
    assert.deepEqual(
      [week.state, week.sittings, week.plan.target?.name],
      ['complete', 2, 'dispatch-service'],
    );
    assert.deepEqual(week.plan.ladder.variants, ['baseline', 'indexes']);
    const others = week.rows.filter(({ id }) => id !== 'day2.benchmark'); // how fast it is says nothing on so little
    assert.deepEqual([...new Set(others.map(({ outcome }) => outcome))], ['pass']);
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });
});
