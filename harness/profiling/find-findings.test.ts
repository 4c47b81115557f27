import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadModule } from 'libpg-query';
import {
  BOOKING_STEPS,
  buildGrowth,
  DRIVER_STEPS,
  type GrowthShape,
} from '../../test/support/growth-builders.ts';
import { findingsOf, growthNotes, type UserSizes } from './find-findings.ts';
import type { Finding } from './finding.ts';
import type { GrowthSample } from './growth-sample.ts';
import { judgeGrowth } from './judge-growth.ts';

before(loadModule);

const SIZES: UserSizes = { dispatch: { bookings: 100, assignments: 96, drivers: 50 } };
const LOOKUP = 'SELECT id, full_name FROM client WHERE id = $';
const INSERT = 'INSERT INTO assignment (booking_id, driver_id) VALUES ($, $)';
const UPDATE = 'UPDATE booking SET status = $, driver_id = $ WHERE id = $ AND status = $';

function find(shape: GrowthShape, sizes: UserSizes = SIZES): Finding[] {
  return findIn(buildGrowth(shape), sizes);
}

function findIn(samples: readonly GrowthSample[], sizes: UserSizes = SIZES): Finding[] {
  return findingsOf(samples, judgeGrowth(samples), { sizes });
}

const each: GrowthShape['statements'][string] = ({ bookings = 0 }) => bookings;
/** Transaction control has neither rows nor parameters. */
const control: GrowthShape['statements'][string] = ({ bookings = 0 }) => ({
  calls: bookings,
  rows: 0,
  distinctParameters: 1,
  waitMs: 2 * bookings,
});

/** Ways to write a row for each booking, and what is wrong with them. */
const WRITES: readonly (readonly [what: string, shape: GrowthShape, kinds: readonly string[]])[] = [
  [
    'row by row in one transaction',
    { statements: { BEGIN: () => 1, [INSERT]: each, COMMIT: () => 1 }, commits: () => 1 },
    ['row-by-row-write'],
  ],
  [
    'row by row in autocommit',
    { statements: { [INSERT]: each }, commits: ({ bookings = 0 }) => bookings },
    ['commit-per-row', 'row-by-row-write'],
  ],
  [
    'BEGIN and COMMIT for each row',
    {
      statements: { BEGIN: control, [INSERT]: each, COMMIT: control },
      commits: ({ bookings = 0 }) => bookings,
    },
    ['commit-per-row', 'row-by-row-write'],
  ],
  [
    'two writes in a transaction for each row',
    {
      statements: { BEGIN: control, [UPDATE]: each, [INSERT]: each, COMMIT: control },
      commits: ({ bookings = 0 }) => bookings,
    },
    ['commit-per-row', 'row-by-row-write', 'row-by-row-write'],
  ],
  [
    'one statement for all',
    { statements: { [INSERT]: ({ bookings = 0 }) => ({ calls: 1, rows: bookings }) }, commits: () => 1 },
    [],
  ],
  [
    'one COPY',
    {
      statements: {
        'COPY assignment (booking_id) FROM STDIN': ({ bookings = 0 }) => ({ calls: 1, rows: bookings }),
      },
      commits: () => 1,
    },
    [],
  ],
  [
    'batches of 20 rows',
    {
      statements: { [INSERT]: ({ bookings = 0 }) => ({ calls: Math.ceil(bookings / 20), rows: bookings }) },
      commits: ({ bookings = 0 }) => Math.ceil(bookings / 20),
    },
    [],
  ],
  [
    'one write, and a transaction around each lookup',
    { statements: { BEGIN: control, COMMIT: control, [INSERT]: () => 1 }, commits: () => 1 },
    ['transaction-per-row'],
  ],
  [
    'a savepoint for each row',
    {
      statements: {
        [INSERT]: each,
        'SAVEPOINT one': control,
        'RELEASE SAVEPOINT one': control,
        COMMIT: () => 1,
      },
      commits: () => 1,
    },
    ['row-by-row-write', 'transaction-per-row'],
  ],
  [
    'a COPY for each row',
    { statements: { 'COPY assignment (booking_id) FROM STDIN': each }, commits: () => 1 },
    ['row-by-row-write'],
  ],
  [
    'updates that find their row no longer open',
    { statements: { [UPDATE]: ({ bookings = 0 }) => ({ calls: bookings, rows: 0 }) }, commits: () => 1 },
    ['row-by-row-write'],
  ],
  [
    'a loop of updates of four rows each, which is an N+1 of its own kind',
    {
      statements: { [UPDATE]: ({ bookings = 0 }) => ({ calls: bookings, rows: 4 * bookings }) },
      commits: () => 1,
    },
    ['n-plus-one'],
  ],
];

for (const [what, shape, kinds] of WRITES) {
  test(`written ${what}: ${kinds.length === 0 ? 'nothing found' : kinds.join(', ')}`, () => {
    const found = find(shape).map(({ kind }) => kind);
    assert.deepEqual(found.toSorted(), kinds);
  });
}

test('the cost is slope × size × wait, without the calls that are there at every size', () => {
  // 3 + 2n calls of 0.5 ms: at 100 bookings 200 of them are there because of the bookings, 100 ms
  const [finding] = find({ statements: { [LOOKUP]: ({ bookings = 0 }) => 3 + 2 * bookings } });
  assert.ok(finding);
  assert.deepEqual([finding.slope, finding.intercept, finding.r2], [2, 3, 1]);
  assert.deepEqual(finding.cost, {
    sizes: { bookings: 100 },
    own: true,
    beyond: true,
    calls: 200,
    waitPerCallMs: 0.5,
    totalMs: 100,
  });
  assert.match(
    finding.sentence,
    /runs 2 times for each booking; at 100 bookings 200 calls to save, 100 ms \(estimated/,
  );
});

test('a size within what was measured is not estimated', () => {
  const [finding] = find({ statements: { [LOOKUP]: each } }, { dispatch: { bookings: 40 } });
  assert.equal(finding?.cost.beyond, false);
  assert.doesNotMatch(finding?.sentence ?? '', /estimated/);
});

test('without a size of the user the largest measured one stands in, and it is said', () => {
  const [finding] = find({ statements: { [LOOKUP]: each } }, {});
  assert.deepEqual(finding?.cost.sizes, { bookings: 64 });
  assert.match(finding?.sentence ?? '', /at 64 bookings, the most that was measured, 64 calls to save/);
});

test('an identity map costs what its parents are, at most', () => {
  const samples = buildGrowth(
    { statements: { [LOOKUP]: ({ bookings = 0, drivers = 0 }) => Math.min(bookings, drivers) } },
    [...BOOKING_STEPS, ...DRIVER_STEPS],
  );
  const [finding] = findIn(samples, { dispatch: { bookings: 100, drivers: 70 } });
  assert.deepEqual(finding?.cost.sizes, { bookings: 100, drivers: 70 });
  assert.equal(finding?.cost.calls, 70);
  assert.match(finding?.sentence ?? '', /an N\+1 in the parents/);
});

test('a wait that was not seen is not measured, never 0', () => {
  const [finding] = find({
    statements: { [LOOKUP]: ({ bookings = 0 }) => ({ calls: bookings, waitMs: null }) },
  });
  assert.deepEqual([finding?.cost.waitPerCallMs, finding?.cost.totalMs], [null, null]);
  assert.match(finding?.sentence ?? '', /their time was not measured/);
});

test('commits for each row cost the wait for BEGIN and COMMIT', () => {
  // 2 ms for BEGIN and 2 ms for COMMIT, at 100 bookings
  const commits = find({
    statements: { BEGIN: control, [INSERT]: each, COMMIT: control },
    commits: ({ bookings = 0 }) => bookings,
  }).find(({ kind }) => kind === 'commit-per-row');
  assert.equal(commits?.statement, 'COMMIT');
  assert.equal(commits?.cost.totalMs, 400);
});

test('commits in autocommit have no time of their own', () => {
  const commits = find({ statements: { [INSERT]: each }, commits: ({ bookings = 0 }) => bookings }).find(
    ({ kind }) => kind === 'commit-per-row',
  );
  assert.deepEqual([commits?.statement, commits?.cost.totalMs], [null, null]);
});

test('commits that were not seen at all are no finding, and growing transactions still are', () => {
  const samples = buildGrowth({ statements: { BEGIN: control, [INSERT]: each, COMMIT: control } });
  const unseen = samples.map((sample) => ({ ...sample, commits: null }));
  const kinds = findIn(unseen).map(({ kind }) => kind);
  assert.deepEqual(kinds.toSorted(), ['row-by-row-write', 'transaction-per-row']);
});

test('a setting read for each booking costs all readings but one', () => {
  const [finding, ...others] = find({
    statements: { [LOOKUP]: ({ bookings = 0 }) => ({ calls: bookings, distinctParameters: 1 }) },
  });
  assert.equal(others.length, 0);
  assert.equal(finding?.kind, 'redundant-query');
  assert.equal(finding?.cost.calls, 99); // 100 bookings, one answer is needed
  assert.match(finding?.suggestion.sentence ?? '', /once before the loop/);
});

test('a loop that asks each thing four times is an N+1 and redundant, each told apart', () => {
  const found = find({
    statements: { [LOOKUP]: ({ bookings = 0 }) => ({ calls: 4 * bookings, distinctParameters: bookings }) },
  });
  assert.deepEqual(
    found.map(({ kind, cost }) => [kind, cost.calls]),
    [
      ['n-plus-one', 400],
      ['redundant-query', 300], // three of four calls had been answered before
    ],
  );
});

test('findings come with the costliest first, those without a time last', () => {
  const cost = (waitMs: number | null): GrowthShape['statements'][string] => {
    return ({ bookings = 0 }) => ({ calls: bookings, waitMs: waitMs === null ? null : waitMs * bookings });
  };
  const found = find({
    statements: {
      'SELECT a FROM a WHERE id = $': cost(1),
      'SELECT b FROM b WHERE id = $': cost(null),
      'SELECT c FROM c WHERE id = $': cost(3),
    },
  });
  assert.deepEqual(
    found.map(({ cost: { waitPerCallMs } }) => waitPerCallMs),
    [3, 1, null],
  );
});

test('batches and doubts are notes, in words', () => {
  const list = 'SELECT id FROM client WHERE id = ANY($)';
  const judgements = judgeGrowth(
    buildGrowth({
      statements: {
        [list]: ({ bookings = 0 }) => ({ calls: Math.ceil(bookings / 20), rows: bookings }),
        'SELECT tick FROM clock': (_, repeat) => repeat,
        'SELECT 1': () => 1,
      },
    }),
  );
  assert.deepEqual(
    growthNotes(judgements).map(({ verdict }) => verdict),
    ['batched', 'erratic'],
  );
  const [batched, erratic] = growthNotes(judgements);
  assert.match(batched?.sentence ?? '', /ANY\(\$\): a call for 16 to 21 bookings at a time/);
  assert.match(erratic?.sentence ?? '', /^No verdict on SELECT tick FROM clock: repeats of the same work/);
});
