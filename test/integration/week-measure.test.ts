import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { autocannonGenerator } from '../../harness/load-generators/autocannon.ts';
import { RunRecord } from '../../harness/result.ts';
import { parseRecord } from '../../harness/store/parse-record.ts';
import { referenceTarget } from '../../harness/targets/reference-target.ts';
import { slowAfter } from '../../harness/week/rows/slow-statements-after.ts';
import { applyTask } from '../../harness/week/tasks/account-apply.ts';
import { nPlusOneTask } from '../../harness/week/tasks/compare-n-plus-one.ts';
import { growthTask, measureGrowthCurves } from '../../harness/week/tasks/measure-growth-curves.ts';
import { profileAfterTask, profileTask } from '../../harness/week/tasks/profile-variant.ts';
import { loadTask, stressTask } from '../../harness/week/tasks/test-under-load.ts';
import type { WeekContext } from '../../harness/week/tasks/week-task.ts';
import { type GrowthSize, WeekFacts } from '../../harness/week-record.ts';
import { resolveShape } from '../../seed/profiles.ts';
import { leftoverDatabases, type OwnServer, startOwnServer } from '../support/database.ts';
import { plantedEntry } from '../support/planted-defects.ts';
import { weekContext } from '../support/week-context.ts';

const SHAPE = resolveShape('smoke');
const FORGETFUL = path.join(import.meta.dirname, '../fixtures/wrong/forgetful-service.ts');

const planned = (context: WeekContext, plan: Partial<WeekContext['plan']>): WeekContext => ({
  ...context,
  plan: { ...context.plan, ...plan },
});

describe('what a week measures', () => {
  let own: OwnServer;
  before(async () => {
    own = await startOwnServer();
  });
  after(() => own?.remove());

  test('both profiles, and the N+1 of the one that are gone in the other, with equal answers', async (t) => {
    const profile = { warmUp: 1, dispatches: 1, growthRepeats: 1 };
    const context = planned(await weekContext(t, own.server), { profile });
    const first = WeekFacts.shape.profile.unwrap().parse(await profileTask.run(context));
    const last = WeekFacts.shape.profileAfter.unwrap().parse(await profileAfterTask.run(context));
    assert.deepEqual([first.variant, last.variant], ['baseline', 'optimised']);
    assert.equal(first.captured, first.statements); // of the one dispatch that is measured
    assert.ok(last.statements < first.statements / 5 && last.commits < first.commits);
    assert.equal(first.slowest.length, 10);
    assert.match(first.slowest[0]?.plan ?? '', / on (booking|assignment)/);
    assert.ok(first.slow.length > 0 && slowAfter(first, last).length <= last.slow.length);
    await readFile(path.join(context.folder, first.folder, 'report/PROFILING_RESULTS.md'));
    await readFile(path.join(context.folder, last.folder, 'report/N_PLUS_ONE_ISSUES.md'));

    const found = WeekFacts.shape.nPlusOne.unwrap().parse(await nPlusOneTask.run(context));
    const units = Object.fromEntries(found.units.map((unit) => [unit.unit, unit]));
    const [dispatch, bookings] = [units.dispatch, units['GET /api/v1/bookings']];
    assert.deepEqual([dispatch?.size, bookings?.size], ['128 bookings', '64 items']);
    // The page, and for each of its 64 bookings client, driver and latest assignment; then each of the three at once
    assert.deepEqual(bookings?.queries, { before: 1 + 3 * 64, after: 1 + 3 });
    assert.ok((dispatch?.found.before ?? 0) >= 5 && dispatch?.found.after === 0);
    assert.deepEqual(found.remaining, []);
    assert.ok(found.answers.length >= 9 && found.answers.every(({ equal }) => equal));
    assert.equal(nPlusOneTask.lines(found).length, 3);

    const entries = new Map([['optimised', [FORGETFUL]]]);
    const wrong = await nPlusOneTask.run({ ...context, target: referenceTarget(entries) });
    assert.deepEqual(
      wrong.answers.filter(({ equal }) => !equal).map(({ request }) => request),
      ['bookings of a day', 'bookings of a client', 'one booking'],
    );
  });

  test('apply row by row is four statements and a commit for each assignment, in bulk one statement', async (t) => {
    const context = await weekContext(t, own.server);
    const { accounts } = WeekFacts.shape.apply.unwrap().parse(await applyTask.run(context));
    assert.deepEqual(
      accounts.map(({ variant }) => variant),
      ['baseline', 'indexes', 'indexes+bulk-apply', 'optimised'],
    );
    for (const { variant, assignments, statements, roundTrips, commits, walBytes } of accounts) {
      const each = /bulk|optimised/.test(variant)
        ? [1, 1, 1]
        : [4 * assignments, 4 * assignments, assignments];
      assert.deepEqual([statements, roundTrips, commits], each, variant);
      assert.ok(assignments > 0 && (walBytes ?? 0) > 0);
    }
  });

  test('an apply that commits each assignment again is seen, whatever the variant calls itself', async (t) => {
    const context = await weekContext(t, own.server);
    const ladder = { ...context.plan.ladder, variants: ['optimised'] };
    const entries = new Map([['optimised', plantedEntry('commit-per-assignment')]]);
    const { accounts } = await applyTask.run({
      ...planned(context, { ladder }),
      target: referenceTarget(entries),
    });
    assert.deepEqual(
      accounts.map(({ variant, commits, assignments }) => [variant, commits - assignments]),
      [['optimised', 0]],
    );
  });

  test('a load test keeps a run of each variant, whole and with a report', async (t) => {
    const generators = [autocannonGenerator()];
    const context = planned(await weekContext(t, own.server, { generators }), {
      load: { durationFactor: 0.1, generators: ['autocannon'] },
    });
    const fact = WeekFacts.shape.load.unwrap().parse(await loadTask.run(context));
    assert.deepEqual(
      fact.runs.map(({ variant, generator, folder }) => [variant, generator, folder]),
      [
        ['baseline', 'autocannon', 'load/baseline'],
        ['optimised', 'autocannon', 'load/optimised'],
      ],
    );
    for (const { folder, requests, steps } of fact.runs) {
      const run = await parseRecord(path.join(context.folder, folder, 'run.json'), RunRecord);
      assert.deepEqual([run.state, run.loads[0]?.report.requests], ['complete', requests]);
      assert.ok(requests > 0 && steps.length > 0);
      await readFile(path.join(context.folder, folder, 'report/index.html'));
    }
    assert.equal(loadTask.lines(fact).length, 2);
  });

  test('without a generator nothing is measured, and it says what was left out and why', async (t) => {
    const skippedLoads = [{ generator: 'k6', reason: 'it is not here' }];
    const generators = [autocannonGenerator()];
    const context = await weekContext(t, own.server, { skippedLoads });
    assert.deepEqual((await loadTask.run(context)).skipped, skippedLoads);
    const stress = WeekFacts.shape.stress.unwrap().parse(await stressTask.run({ ...context, generators }));
    assert.deepEqual([stress.runs, stress.openBookings], [[], 10 * SHAPE.bookings]);
    assert.deepEqual(
      stress.skipped.map(({ generator }) => generator),
      ['k6', 'autocannon'],
    );
  });

  test('dispatches at growing sizes are counted, and a size that takes too long is left out with the reason', async (t) => {
    const sizes = [5, 20].map(
      (size): GrowthSize => ({
        ...{ varied: 'bookings', size },
        shape: { ...SHAPE, profile: 'custom', bookings: size, days: 2, history: 500 },
      }),
    );
    const context = planned(await weekContext(t, own.server), { growth: { sizes, dispatches: 1 } });
    const fact = WeekFacts.shape.growth.unwrap().parse(await growthTask.run(context));
    assert.deepEqual(
      fact.points.map(({ variant, size, bookings }) => [variant, size, bookings]),
      [
        ['baseline', 5, 5],
        ['optimised', 5, 5],
        ['baseline', 20, 20],
        ['optimised', 20, 20],
      ],
    );
    const queries = (variant: string) =>
      fact.points.filter((point) => point.variant === variant).map((point) => point.queries);
    const [few = 0, many = 0] = queries('baseline');
    assert.ok(many > few);
    assert.equal(new Set(queries('optimised')).size, 1);
    assert.deepEqual(fact.notMeasured, []);

    const hurried = await measureGrowthCurves(context, 1);
    assert.deepEqual(hurried.points, []);
    assert.deepEqual(hurried.notMeasured.slice(0, 3), [
      'baseline at 5 bookings: a dispatch takes more than 1.0 ms',
      'optimised at 5 bookings: a dispatch takes more than 1.0 ms',
      'baseline at 20 bookings: a smaller size took too long already',
    ]);
    assert.deepEqual(await leftoverDatabases(own.server), []);
  });
});
