import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { resolveShape } from '../../seed/profiles.ts';
import { plannedOf, weekService } from '../../test/support/configured-week.ts';
import { buildFacts } from '../../test/support/week-builders.ts';
import type { RushhourConfig, WeekGoalsConfig } from '../config/rushhour-config.ts';
import { type FinalMetric, NO_FACTS, type WeekDay, type WeekFacts, WeekPlan } from '../week-record.ts';
import { ALL_DAYS, planWeek } from './plan-week.ts';
import { contributionsOf } from './rows/contributions.ts';
import { finalMetrics } from './rows/final-metrics.ts';
import { weekRows } from './rows/week-rows.ts';
import { tasksOf } from './tasks/week-tasks.ts';

const { config } = await weekService();

async function planned(
  changes: Partial<RushhourConfig> = {},
  days: readonly WeekDay[] = ALL_DAYS,
): Promise<WeekPlan> {
  const target = plannedOf(await weekService(changes));
  return planWeek({
    ...{ mode: 'full', days, shape: resolveShape('load'), randomSeed: 1, generators: [], target },
  });
}

/** Ids of rows and final metrics by the reason that they are open for. */
function openRows(plan: WeekPlan): Map<string | null, string[]> {
  const rows = [...finalMetrics(NO_FACTS, plan), ...weekRows(NO_FACTS, null, plan)];
  const reasons = [...new Set(rows.map(({ reason }) => reason))];
  return new Map(
    reasons.map((reason) => [reason, rows.filter((row) => row.reason === reason).map(({ id }) => id)]),
  );
}

describe('the plan of a week on a service that a config describes', () => {
  test('holds the variants that the config names, once each, and is what its schema says', async () => {
    const plan = await planned();
    assert.deepEqual(WeekPlan.parse(plan), plan);
    assert.deepEqual(plan.ladder.variants, ['baseline', 'indexes', 'indexes+bulk-apply', 'optimised']);
    assert.deepEqual((await planned({}, [3])).ladder.variants, ['indexes', 'indexes+bulk-apply']);
    assert.deepEqual((await planned({}, [1])).ladder.variants, []);
  });

  test('leaves out the days whose step the config does not name, and their rows say so', async () => {
    const plan = await planned({ week: { baseline: 'before', optimised: 'after' } });
    assert.deepEqual(plan.ladder.variants, ['baseline', 'optimised']);
    const open = openRows(plan);
    const day2 = open.get('`week.indexes` of the config names no variant') ?? [];
    assert.deepEqual(day2.filter((id) => id.startsWith('day2.')).length, 6);
    assert.ok(day2.includes('final.indexes'));
    assert.equal(open.get('`week.bulkApply` of the config names no variant')?.length, 5);
    const tasks = tasksOf(plan).map(({ id }) => id);
    assert.deepEqual(
      ['migration', 'indexValue', 'apply', 'stress'].filter((id) => tasks.includes(id as never)),
      [],
    );
    assert.ok(tasks.includes('ladder') && tasks.includes('nPlusOne') && tasks.includes('backup'));
  });

  test('says what else the config has not: a way back, answers, lists, sizes, scenarios', async () => {
    const { indexed } = config.variants;
    const variants = { ...config.variants, indexed: { ...indexed, migration: { up: ['SELECT 1'] } } };
    const open = openRows(
      await planned({
        ...{ variants, endpoints: {}, scenarios: {}, outcome: { sql: 'SELECT 1' } },
        dataset: { seed: ['SELECT 1'] },
      }),
    );
    assert.deepEqual(open.get('variants.indexed.migration of the config has no `down`'), ['day2.downgrade']);
    assert.deepEqual(open.get('`outcome.answers` of the config asks for nothing'), ['day4.equal']);
    assert.deepEqual(open.get('no endpoint of the config has `page`'), ['day4.routes']);
    assert.deepEqual(open.get('the config has no scenario `load`'), ['day5.load']);
    const sized = open.get('the dataset of the config has a size of its own, so nothing grows with it');
    assert.deepEqual(sized, ['day4.found', 'day4.removed', 'day5.growth', 'day5.history']);
  });

  test('hears nothing of a service that runs already', async () => {
    const running = { url: 'http://127.0.0.1:9', database: 'rushhour_served' };
    const plan = await planned({ variants: { ...config.variants, after: running } });
    const tasks = tasksOf(plan).map(({ id }) => id);
    assert.ok(tasks.includes('profile') && !tasks.includes('profileAfter') && !tasks.includes('nPlusOne'));
    const deaf = [...openRows(plan)].find(([reason]) => reason?.startsWith('the statements of “after”'));
    assert.ok(deaf?.[1].includes('final.slow-statements') && deaf[1].includes('day4.found'));
  });
});

describe('the rows of such a week', () => {
  /** The final metrics, of facts like the healthy ones but for the time of a dispatch. */
  async function judged(goals: WeekGoalsConfig, dispatch: object, facts: Partial<WeekFacts> = {}) {
    const week = { baseline: 'before', indexes: 'indexed', bulkApply: 'bulk', optimised: 'after', goals };
    const plan = await planned({ week });
    const healthy = buildFacts();
    const ladder = healthy.ladder && {
      ...healthy.ladder,
      steps: healthy.ladder.steps.map((step) => ({
        ...step,
        dispatch: step.dispatch && { ...step.dispatch, ...dispatch },
      })),
    };
    const metrics = finalMetrics({ ...healthy, ladder, ...facts }, plan);
    return (id: string) => metrics.find((metric) => metric.id === id) as FinalMetric;
  }

  const time = (low: number, high: number) => ({ ratio: Math.sqrt(low * high), low, high });

  test('a time without a goal passes when all of its interval is faster, fails when it is slower, else is open', async () => {
    const outcomes = await Promise.all(
      [time(0.8, 0.9), time(1.1, 1.2), time(0.9, 1.1)].map(async (interval) => {
        const { outcome, measured } = (await judged({}, interval))('final.dispatch-time');
        assert.notEqual(measured, null);
        return outcome;
      }),
    );
    assert.deepEqual(outcomes, ['pass', 'fail', 'open']);
  });

  test('a goal of the config is what decides where there is one', async () => {
    const metric = (await judged({ dispatchTime: -0.5 }, time(0.8, 0.9)))('final.dispatch-time');
    assert.deepEqual([metric.outcome, metric.goal], ['fail', '−50 %, with its whole interval']);
    const met = (await judged({ dispatchTime: -0.05 }, time(0.8, 0.9)))('final.dispatch-time');
    assert.equal(met.outcome, 'pass');
  });

  test('indexes that were there before are no fault, and only what the migration adds counts', async () => {
    const { migration } = buildFacts();
    assert.ok(migration);
    const facts = { migration: { ...migration, before: ['earlier_idx'] } };
    const metric = (await judged({ indexes: 11 }, {}, facts))('final.indexes');
    assert.deepEqual([metric.before, metric.after, metric.outcome], [1, 11, 'fail']);
    assert.equal((await judged({}, {}, facts))('final.indexes').outcome, 'pass');
  });

  test('a migration that may not be said twice is told so and is no fault; one that changes something is', async () => {
    const { migration } = buildFacts();
    assert.ok(migration);
    const outcome = async (secondUpgrade: string[]) => {
      const rows = weekRows(
        { ...NO_FACTS, migration: { ...migration, secondUpgrade } },
        null,
        await planned(),
      );
      const { outcome, measured } = rows.find(({ id }) => id === 'day2.repeated') ?? {};
      return [outcome, measured];
    };
    const [word, measured] = await outcome(['failed: relation "a_idx" already exists']);
    assert.equal(word, 'pass');
    assert.match(measured ?? '', /it was refused: relation "a_idx" already exists/);
    assert.equal((await outcome(['+ index b_idx on b (a)']))[0], 'fail');
  });

  test('the one order of the steps is told as it is', async () => {
    const { ladder } = buildFacts();
    assert.ok(ladder);
    const chain = ['baseline', 'indexes', 'optimised'];
    const { variants, steps } = ladder;
    const jump = steps.find(({ from, to }) => from === 'indexes' && to === 'indexes+bulk-apply');
    assert.ok(jump);
    const contributions = contributionsOf({
      ...ladder,
      variants: variants.filter(({ variant }) => chain.includes(variant)),
      steps: [
        ...steps.filter(({ from, to }) => chain.includes(from) && chain.includes(to)),
        { ...jump, to: 'optimised' },
      ],
    });
    assert.deepEqual(
      contributions?.orders.map(({ switches }) => switches),
      [['indexes', 'bulk-apply+eager-loading']],
    );
    const row = weekRows(NO_FACTS, contributions, await planned()).find(
      ({ id }) => id === 'day5.contributions',
    );
    assert.equal(row?.outcome, 'pass');
  });
});
