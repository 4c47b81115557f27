import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildFacts, buildWeek } from '../../../test/support/week-builders.ts';
import { type LadderStep, NO_FACTS, type WeekFacts } from '../../week-record.ts';
import { contributionsOf } from './contributions.ts';
import { finalMetrics } from './final-metrics.ts';
import { weekRows } from './week-rows.ts';

const { plan } = buildWeek();

function judged(facts: WeekFacts, days = plan.days) {
  const contributions = facts.ladder ? contributionsOf(facts.ladder) : null;
  return [...finalMetrics(facts, { days }), ...weekRows(facts, contributions, { days })];
}

/** Ids of the rows and metrics that fail in a week like the healthy one but for `broken`. */
function failing(broken: (facts: Known) => Partial<WeekFacts>): string[] {
  const facts = buildFacts() as Known;
  return judged({ ...facts, ...broken(facts) })
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ id }) => id);
}

type Known = { [Id in keyof WeekFacts]: NonNullable<WeekFacts[Id]> };

/** A ladder on a server that counts no statements. */
function unseen(): WeekFacts['ladder'] {
  const { ladder } = buildFacts() as Known;
  return { ...ladder, steps: ladder.steps.map((step) => ({ ...step, queries: null, equalOutcome: null })) };
}

function withStep({ ladder }: Known, from: string, to: string, changed: Partial<LadderStep>) {
  const steps = ladder.steps.map((one) =>
    one.from === from && one.to === to ? { ...one, ...changed } : one,
  );
  return { ladder: { ...ladder, steps } };
}

describe('the rows of a week', () => {
  test('all pass when everything is as it should be', () => {
    assert.deepEqual(
      judged(buildFacts()).filter(({ outcome }) => outcome !== 'pass'),
      [],
    );
  });

  test('are all open, and none fails, when nothing was measured', () => {
    assert.deepEqual([...new Set(judged(NO_FACTS).map(({ outcome }) => outcome))], ['open']);
  });

  test('are those of the days that were asked for, and the final metrics those of Friday', () => {
    assert.deepEqual([...new Set(judged(buildFacts(), [2, 3]).map(({ day }) => day))], [2, 3]);
    assert.equal(finalMetrics(buildFacts(), { days: [5] }).length, 5);
  });

  test('that are open say whether their task was not run, failed, or cannot see it on this server', () => {
    const failures = new Map([['backup', 'the disk is full'] as const]);
    const rows = weekRows({ ...NO_FACTS, ladder: unseen() }, null, plan, failures);
    const reason = (id: string) => rows.find((row) => row.id === id)?.reason;
    assert.equal(reason('day1.backup'), 'its task failed: the disk is full');
    assert.equal(reason('day1.slowest'), 'its task was not run');
    assert.equal(reason('day4.queries'), 'it cannot be counted on this server');
  });
});

describe('one thing that is broken fails its own row', () => {
  test('a restore that brings back other rows', () => {
    assert.deepEqual(
      failing(({ backup }) => ({ backup: { ...backup, restoredDigest: backup.damagedDigest } })),
      ['day1.backup'],
    );
  });

  test('a damage that changed nothing, so that any restore would look good', () => {
    assert.deepEqual(
      failing(({ backup }) => ({ backup: { ...backup, damagedDigest: backup.digest } })),
      ['day1.backup'],
    );
  });

  test('a slow statement without a plan', () => {
    assert.deepEqual(
      failing(({ profile }) => ({
        profile: {
          ...profile,
          slowest: profile.slowest.map((one, index) => (index === 1 ? { ...one, plan: null } : one)),
        },
      })),
      ['day1.slowest'],
    );
  });

  test('an index that is missing after the upgrade, in its row and in the count of the final metrics', () => {
    assert.deepEqual(
      failing(({ migration }) => ({ migration: { ...migration, present: migration.present.slice(1) } })),
      ['final.indexes', 'day2.presence'],
    );
  });

  test('a downgrade that leaves something behind', () => {
    assert.deepEqual(
      failing(({ migration }) => ({
        migration: { ...migration, afterDowngrade: ['+ index client_company_idx'] },
      })),
      ['day2.downgrade'],
    );
  });

  test('a second upgrade that does harm', () => {
    assert.deepEqual(
      failing(({ migration }) => ({
        migration: { ...migration, secondUpgrade: ['relation "client_company_idx" already exists'] },
      })),
      ['day2.repeated'],
    );
  });

  test('an upgrade that changes rows', () => {
    assert.deepEqual(
      failing(({ migration }) => ({
        migration: { ...migration, digests: { ...migration.digests, upgraded: 'c'.repeat(64) } },
      })),
      ['day2.data'],
    );
  });

  test('an apply that is slow again', () => {
    const slow = { beforeMs: 120, afterMs: 60, ratio: 0.5, low: 0.45, high: 0.55, level: 0.98, pairs: 7 };
    assert.deepEqual(
      failing((facts) => withStep(facts, 'indexes', 'indexes+bulk-apply', { apply: slow })),
      ['day3.time'],
    );
  });

  test('a goal that only the estimate reaches, not the whole interval', () => {
    const touching = { beforeMs: 117, afterMs: 9, ratio: 0.08, low: 0.06, high: 0.11, level: 0.98, pairs: 7 };
    assert.deepEqual(
      failing((facts) => withStep(facts, 'baseline', 'optimised', { apply: touching })),
      ['final.apply-time'],
    );
  });

  test('a variant that writes other assignments: what compares outcomes fails, what was not timed for it is open', () => {
    const wrong = { refusals: ['they wrote different assignments'], equalOutcome: false, apply: null };
    const broken = (facts: Known) => withStep(facts, 'indexes', 'indexes+bulk-apply', wrong);
    assert.deepEqual(failing(broken), ['day3.equal', 'day5.equal']);
    const facts = buildFacts() as Known;
    const time = judged({ ...facts, ...broken(facts) }).find(({ id }) => id === 'day3.time');
    assert.equal(time?.outcome, 'open');
    assert.match(time?.reason ?? '', /nothing was timed: they wrote different assignments/);
  });

  test('an N+1 that is left', () => {
    assert.deepEqual(
      failing(({ nPlusOne }) => ({ nPlusOne: { ...nPlusOne, remaining: ['N+1: SELECT … FROM client'] } })),
      ['day4.removed'],
    );
  });

  test('an answer that differs', () => {
    assert.deepEqual(
      failing(({ nPlusOne }) => ({
        nPlusOne: {
          ...nPlusOne,
          answers: nPlusOne.answers.map((one, index) => ({ ...one, equal: index > 0 })),
        },
      })),
      ['day4.equal'],
    );
  });

  test('queries that grow with the bookings of a dispatch', () => {
    assert.deepEqual(
      failing(({ growth }) => ({
        growth: {
          ...growth,
          points: growth.points.map((one) =>
            one.variant === 'optimised' && one.varied === 'bookings' ? { ...one, queries: one.size } : one,
          ),
        },
      })),
      ['day5.growth'],
    );
  });

  test('a threshold of the stress test', () => {
    assert.deepEqual(
      failing(({ stress }) => ({
        stress: {
          ...stress,
          runs: stress.runs.map((run) => ({
            ...run,
            thresholds: run.thresholds.map((one) => ({ ...one, passed: false })),
          })),
        },
      })),
      ['day5.stress'],
    );
  });

  test('a single order of the steps', () => {
    assert.deepEqual(
      failing(({ ladder }) => {
        const order = ['baseline', 'indexes', 'indexes+bulk-apply', 'optimised'];
        const steps = ladder.steps.filter(({ from, to }) => order.includes(from) && order.includes(to));
        return { ladder: { ...ladder, steps } };
      }),
      ['day5.contributions'],
    );
  });

  test('a statement that is as slow as before the week', () => {
    assert.deepEqual(
      failing(({ profile }) => ({ profileAfter: { ...profile, variant: 'optimised' } })),
      ['final.slow-statements'],
    );
  });
});
