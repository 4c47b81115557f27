import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BOOKING_STEPS,
  buildGrowth,
  DRIVER_STEPS,
  type StatementRule,
  type Step,
} from '../../test/support/growth-builders.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { judgeGrowth } from './judge-growth.ts';
import type { GrowthVerdict, Judgement } from './judgement.ts';

const BOTH_SWEEPS = [...BOOKING_STEPS, ...DRIVER_STEPS];
const BY_KEY = 'SELECT id, full_name FROM client WHERE id = $';
const BY_LIST = 'SELECT id, full_name FROM client WHERE id = ANY($)';

function judge(rule: StatementRule, steps: readonly Step[] = BOOKING_STEPS, statement = BY_KEY): Judgement {
  const found = judgeGrowth(buildGrowth({ statements: { [statement]: rule } }, steps)).find(
    (judgement) => judgement.statement === statement,
  );
  assert.ok(found);
  return found;
}

/** Calls by the number of bookings. */
function table(calls: Readonly<Record<number, number>>): StatementRule {
  return ({ bookings = 0 }) => calls[bookings] ?? Number.NaN;
}

interface Shape {
  readonly what: string;
  readonly verdict: GrowthVerdict;
  readonly rule: StatementRule;
  readonly statement?: string;
  readonly steps?: readonly Step[];
  readonly dimension?: string | null;
}

/** How services look from outside. */
const SHAPES: readonly Shape[] = [
  {
    what: 'a lookup for each booking',
    verdict: 'n-plus-one',
    dimension: 'bookings',
    rule: ({ bookings = 0 }) => bookings,
  },
  {
    what: 'a lookup for each driver, while the bookings are varied too',
    verdict: 'n-plus-one',
    dimension: 'drivers',
    rule: ({ drivers = 0 }) => drivers,
    steps: BOTH_SWEEPS,
  },
  {
    what: 'one statement for all',
    verdict: 'constant',
    dimension: null,
    statement: BY_LIST,
    rule: ({ bookings = 0 }) => ({ calls: 1, rows: bookings }),
  },
  {
    what: 'a plpgsql function that loops, which is one call from outside',
    verdict: 'constant',
    statement: 'SELECT dispatch_company($, $)',
    rule: () => 1,
  },
  {
    what: 'batches of 20',
    verdict: 'batched',
    dimension: 'bookings',
    statement: BY_LIST,
    rule: ({ bookings = 0 }) => ({ calls: Math.ceil(bookings / 20), rows: bookings }),
  },
  {
    what: 'batches whose sizes differ a little',
    verdict: 'batched',
    statement: BY_LIST,
    rule: ({ bookings = 0 }) => ({
      calls: table({ 8: 1, 16: 3, 32: 4, 64: 9 })({ bookings }, 0) as number,
      rows: bookings,
    }),
  },
  {
    what: 'an identity map that knows all 20 companies from the 20th booking on',
    verdict: 'saturating',
    dimension: 'bookings',
    rule: ({ bookings = 0 }) => Math.min(bookings, 20),
  },
  {
    what: 'an identity map of clients that bookings share by chance',
    verdict: 'saturating',
    rule: table({ 8: 8, 16: 15, 32: 25, 64: 38 }),
  },
  {
    what: 'a look at each driver for each booking',
    verdict: 'superlinear',
    rule: ({ bookings = 0, drivers = 0 }) => bookings * drivers,
    steps: BOTH_SWEEPS,
  },
  {
    what: 'each pair of bookings',
    verdict: 'superlinear',
    rule: ({ bookings = 0 }) => (bookings * (bookings - 1)) / 2,
  },
  {
    what: 'most pairs of bookings, on no simple formula',
    verdict: 'superlinear',
    rule: table({ 8: 27, 16: 118, 32: 490, 64: 2003 }),
  },
  {
    what: 'a lookup for those at the end of the list, which is no N×M',
    verdict: 'n-plus-one',
    rule: table({ 8: 0, 16: 1, 32: 13, 64: 44 }),
  },
  {
    what: 'a look at the bookings and at the drivers, one each',
    verdict: 'n-plus-one',
    rule: ({ bookings = 0, drivers = 0 }) => bookings + drivers,
    steps: BOTH_SWEEPS,
  },
  {
    what: 'a lookup for every third booking',
    verdict: 'n-plus-one',
    dimension: 'bookings',
    rule: ({ bookings = 0 }) => Math.ceil(bookings / 3),
  },
  {
    what: 'a search for one booking in four, with a list of states',
    verdict: 'irregular',
    statement: 'SELECT id FROM trip WHERE booking_id = $ AND status IN ($, ...)',
    rule: table({ 8: 2, 16: 5, 32: 8, 64: 17 }),
  },
  {
    what: 'a loop of updates that were all pipelined',
    verdict: 'n-plus-one',
    statement: 'UPDATE booking SET status = $ WHERE id = $',
    rule: ({ bookings = 0 }) => ({ calls: bookings, waitMs: 1 }),
  },
  {
    what: 'one COPY',
    verdict: 'constant',
    statement: 'COPY assignment (booking_id, driver_id) FROM STDIN',
    rule: ({ bookings = 0 }) => ({ calls: 1, rows: bookings, distinctParameters: 1 }),
  },
  {
    what: 'a setting read again for each booking',
    verdict: 'redundant',
    rule: ({ bookings = 0 }) => ({ calls: bookings, distinctParameters: 1 }),
  },
  {
    what: 'a setting read ten times whatever the size',
    verdict: 'redundant',
    dimension: null,
    rule: () => ({ calls: 10, distinctParameters: 1 }),
  },
  {
    what: 'a cache that is sometimes warm',
    verdict: 'erratic',
    dimension: null,
    rule: ({ bookings = 0 }, repeat) => (repeat === 0 ? bookings : 0),
  },
  {
    what: 'counts that follow something nobody counted',
    verdict: 'irregular',
    dimension: null,
    rule: table({ 8: 9, 16: 2, 32: 44, 64: 12 }),
  },
  {
    what: 'fewer calls the more there is to do',
    verdict: 'irregular',
    rule: ({ bookings = 0 }) => 100 - bookings,
  },
  {
    what: 'too few sizes for a line',
    verdict: 'not-established',
    rule: ({ bookings = 0 }) => bookings,
    steps: BOOKING_STEPS.slice(0, 2),
  },
  {
    what: 'a rise of four calls, which may be anything',
    verdict: 'not-established',
    rule: ({ bookings = 0 }) => bookings,
    steps: [1, 2, 3, 5].map((bookings) => ({ varied: 'bookings', sizes: { bookings } })),
  },
];

for (const { what, verdict, rule, statement, steps, dimension } of SHAPES) {
  test(`${what}: ${verdict}`, () => {
    const judgement = judge(rule, steps, statement);
    assert.equal(judgement.verdict, verdict, judgement.reason);
    if (dimension !== undefined) assert.equal(judgement.dimension, dimension);
  });
}

test('a slope and its fixed calls are found exactly, whatever they are', () => {
  const random = seededRandom(1);
  for (let round = 0; round < 200; round++) {
    const [a, b] = [Math.floor(random.uniform() * 40), 1 + Math.floor(random.uniform() * 9)];
    const { verdict, fit } = judge(({ bookings = 0 }) => a + b * bookings);
    assert.equal(verdict, 'n-plus-one');
    assert.deepEqual(fit, { intercept: a, terms: [{ of: ['bookings'], slope: b }], r2: 1, exact: true });
  }
});

test('N×M is found exactly from sweeps of one dimension each and one sample off both', () => {
  const random = seededRandom(2);
  const off: Step = { varied: 'drivers', sizes: { bookings: 16, assignments: 16, drivers: 12 } };
  for (let round = 0; round < 200; round++) {
    const [a, b, e] = [0, 0, 1].map((least) => least + Math.floor(random.uniform() * 5)) as [
      number,
      number,
      number,
    ];
    const rule: StatementRule = ({ bookings = 0, drivers = 0 }) => a + b * bookings + e * bookings * drivers;
    const { verdict, fit } = judge(rule, [...BOTH_SWEEPS, off]);
    assert.equal(verdict, 'superlinear');
    const terms = [
      { of: ['bookings'], slope: b },
      { of: ['bookings', 'drivers'], slope: e },
    ];
    assert.deepEqual(fit, { intercept: a, terms, r2: 1, exact: true });
  }
});

test('the number of parents of an identity map is found wherever it lies between the sizes', () => {
  for (let parents = 9; parents < 64; parents++) {
    const { verdict, plateau } = judge(({ bookings = 0 }) => 2 + Math.min(bookings, parents));
    assert.equal(verdict, 'saturating', `${parents} parents`);
    assert.deepEqual(plateau, { calls: 2 + parents, parents: null });
  }
});

/** Five sizes of two days each, whose rows differ: what a dispatch of real bookings looks like. */
const DAYS: readonly Step[] = [8, 16, 32, 64, 128].flatMap((bookings) =>
  [1, 2].map((companies) => ({ varied: 'bookings' as const, sizes: { bookings, companies } })),
);

/** A number for each size and day by chance, the same in every repeat. */
function byChance(draw: (bookings: number) => number): StatementRule {
  const drawn = new Map<string, number>();
  return (sizes) => {
    const key = JSON.stringify(sizes);
    const calls = drawn.get(key) ?? draw(sizes.bookings ?? 0);
    drawn.set(key, calls);
    return calls;
  };
}

test('an identity map over bookings that share their parents by chance never passes as harmless', () => {
  const random = seededRandom(4);
  for (let round = 0; round < 200; round++) {
    const parents = 20 + Math.floor(random.uniform() * 300);
    const parentOf = () => Math.floor(random.uniform() * parents);
    const rule = byChance((bookings) => new Set(Array.from({ length: bookings }, parentOf)).size);
    const { verdict, dimension, reason } = judge(rule, DAYS);
    assert.ok(verdict === 'saturating' || verdict === 'n-plus-one', `${parents} parents: ${reason}`);
    assert.equal(dimension, 'bookings');
  }
});

test('a lookup for some bookings, by chance, is an N+1 for those', () => {
  const random = seededRandom(6);
  for (let round = 0; round < 200; round++) {
    const share = 0.5 + 0.45 * random.uniform();
    const isOne = () => random.uniform() < share;
    const rule = byChance((bookings) => Array.from({ length: bookings }, isOne).filter(Boolean).length);
    const { verdict, fit, reason } = judge(rule, DAYS);
    assert.equal(verdict, 'n-plus-one', reason);
    // At 128 bookings the share seen differs by √(p(1−p)/128) ≤ 0.044 for a standard deviation; four of them
    assert.ok(Math.abs((fit?.terms[0]?.slope ?? 0) - share) < 0.18, reason);
  }
});

test('an identity map is followed to its parents when they are varied too', () => {
  const rule: StatementRule = ({ bookings = 0, drivers = 0 }) => Math.min(bookings, drivers);
  const { verdict, plateau, reason } = judge(rule, BOTH_SWEEPS);
  assert.equal(verdict, 'saturating');
  assert.deepEqual(plateau, { calls: 50, parents: 'drivers' });
  assert.match(reason, /with more parents it is a call for each of them/);
});

test('a chunk is told as the range that the sizes leave', () => {
  const rule: StatementRule = ({ bookings = 0 }) => ({ calls: 3 + Math.ceil(bookings / 20), rows: bookings });
  assert.deepEqual(judge(rule, BOOKING_STEPS, BY_LIST).chunk, { least: 16, most: 21 });
});

test('repeats that disagree by more than a twentieth of the rise leave no verdict', () => {
  const random = seededRandom(3);
  for (let round = 0; round < 100; round++) {
    // The rise from 8 to 64 bookings is 56 calls, a twentieth of it 2.8
    const noise = 4 + Math.floor(random.uniform() * 30);
    const { verdict, repeatsAgree } = judge(
      ({ bookings = 0 }, repeat) => bookings + (repeat === 1 ? noise : 0),
    );
    assert.deepEqual([verdict, repeatsAgree], ['erratic', false], `noise ${noise}`);
  }
});

test('a heartbeat with the same text does not hide a loop, and is told', () => {
  const { verdict, repeatsAgree, fit } = judge(
    ({ bookings = 0 }, repeat) => bookings + (repeat === 1 ? 1 : 0),
  );
  assert.deepEqual([verdict, repeatsAgree], ['n-plus-one', false]);
  assert.ok(Math.abs((fit?.terms[0]?.slope ?? 0) - 1) < 0.05);
});

test('repeats that assigned differently are explained by what they assigned', () => {
  // The bookings are the same each time; of the largest, one less was assigned in the second repeat, and written
  const samples = buildGrowth({
    statements: { [BY_KEY]: ({ bookings = 0 }) => bookings, INSERT: ({ bookings = 0 }) => bookings },
  });
  const moved = samples.map((sample, index) => {
    const assignments = (sample.sizes.assignments ?? 0) - (index % 3 === 1 ? 1 : 0);
    const statements = sample.statements.map((use) =>
      use.statement === 'INSERT' ? { ...use, calls: assignments } : use,
    );
    return { ...sample, sizes: { ...sample.sizes, assignments }, statements };
  });
  const [lookup, insert] = judgeGrowth(moved);
  assert.deepEqual([lookup?.verdict, lookup?.dimension], ['n-plus-one', 'bookings']);
  assert.deepEqual([insert?.verdict, insert?.dimension], ['n-plus-one', 'assignments']);
  assert.equal(insert?.repeatsAgree, true);
});

test('of dimensions that vary together the one that explains the calls is chosen, and equal ones are told', () => {
  const steps: Step[] = [
    { bookings: 8, assignments: 8 },
    { bookings: 16, assignments: 15 },
    { bookings: 32, assignments: 29 },
    { bookings: 64, assignments: 61 },
  ].map((sizes) => ({ varied: 'bookings', sizes }));
  assert.equal(judge(({ assignments = 0 }) => assignments, steps).dimension, 'assignments');
  assert.equal(judge(({ bookings = 0 }) => bookings, steps).dimension, 'bookings');
  assert.deepEqual(judge(({ bookings = 0 }) => bookings, steps).alsoFits, []);
  assert.deepEqual(judge(({ bookings = 0 }) => bookings).alsoFits, ['assignments']);
});

test('growth that one sweep proves is not undone by another that nothing explains', () => {
  const odd = new Map([
    [6, 31],
    [12, 5],
    [25, 44],
    [50, 32],
  ]);
  const rule: StatementRule = ({ bookings = 0, drivers = 0 }) =>
    bookings === 32 ? (odd.get(drivers) ?? 0) : bookings;
  const { verdict, dimension } = judge(rule, BOTH_SWEEPS);
  assert.deepEqual([verdict, dimension], ['n-plus-one', 'bookings']);
});

test('a loop that also asks the same again stays an N+1, with what is repeated beside it', () => {
  const { verdict, repeated } = judge(({ bookings = 0 }) => ({
    calls: 4 * bookings,
    distinctParameters: bookings,
  }));
  assert.equal(verdict, 'n-plus-one');
  assert.deepEqual(repeated, { calls: 256, distinctParameters: 64 });
});

test('without parameters to look at a loop is judged by its calls alone', () => {
  const { verdict, repeated } = judge(({ bookings = 0 }) => ({ calls: bookings, distinctParameters: null }));
  assert.deepEqual([verdict, repeated], ['n-plus-one', null]);
});

test('taking the next number or the next job again is how they work, not redundant', () => {
  const again: StatementRule = ({ bookings = 0 }) => ({ calls: bookings, distinctParameters: 1 });
  for (const statement of ['SELECT nextval($)', 'SELECT id FROM job LIMIT $ FOR UPDATE SKIP LOCKED']) {
    assert.equal(judge(again, BOOKING_STEPS, statement).verdict, 'n-plus-one', statement);
  }
});

test('a statement that small work never runs was called 0 times there', () => {
  const [first, ...others] = buildGrowth({ statements: { [BY_KEY]: ({ bookings = 0 }) => bookings - 8 } });
  assert.ok(first);
  const judgement = judgeGrowth([{ ...first, statements: [] }, ...others])[0];
  assert.deepEqual(judgement?.points[0]?.calls, [0, 0, 0]);
  assert.equal(judgement?.verdict, 'n-plus-one');
});

test('units are judged apart', () => {
  const perBooking = buildGrowth({
    unit: 'GET /bookings',
    statements: { [BY_KEY]: ({ bookings = 0 }) => bookings },
  });
  const once = buildGrowth({ statements: { [BY_KEY]: () => 1 } });
  const verdicts = judgeGrowth([...perBooking, ...once])
    .filter(({ statement }) => statement !== null)
    .map(({ unit, verdict }) => [unit, verdict]);
  assert.deepEqual(verdicts, [
    ['GET /bookings', 'n-plus-one'],
    ['dispatch', 'constant'],
  ]);
});
