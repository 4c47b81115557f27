/**
 * A valid week for tests. Its numbers look like a small machine's, but none was measured: never show them outside a test.
 */

import { ALL_DAYS, planWeek } from '../../harness/week/plan-week.ts';
import type { FinalMetric, GrowthPointFact, WeekFacts, WeekRow } from '../../harness/week-record.ts';
import { WeekRecord } from '../../harness/week-record.ts';
import { resolveShape } from '../../seed/profiles.ts';
import { buildRun } from './run-builders.ts';
import { buildContributions, buildLadder } from './week-ladder-builder.ts';
import { buildLoadTest } from './week-load-builder.ts';

/** A complete quick week on the reference target in which every goal is met; `overrides` replace whole fields. */
export function buildWeek(overrides: Partial<WeekRecord> = {}): WeekRecord {
  const { dataset, environment } = buildRun();
  return WeekRecord.parse({
    schema: 'rushhour.week/1',
    id: '20261126-030000-week-test-0001',
    state: 'complete',
    failure: null,
    startedAt: '2026-11-26T03:00:00.000Z',
    endedAt: '2026-11-26T03:07:20.000Z',
    wallMs: 440_000,
    sittings: 1,
    plan: planWeek({
      mode: 'quick',
      days: ALL_DAYS,
      shape: resolveShape('load', { randomSeed: 1 }),
      randomSeed: 7,
      generators: ['k6'],
    }),
    dataset,
    environment,
    tasks: TASKS,
    finalMetrics: finalMetrics(),
    rows: rows(),
    contributions: buildContributions(),
    facts: buildFacts(),
    warnings: [],
    ...overrides,
  });
}

/** A copy of the week in which some facts are others, or none. */
export function withFacts(week: WeekRecord, facts: Partial<WeekFacts>): WeekRecord {
  return { ...week, facts: { ...week.facts, ...facts } };
}

/** A copy of the week in which one row is another. @throws Error when there is none of that id */
export function withRow(week: WeekRecord, id: string, changed: Partial<WeekRow>): WeekRecord {
  return { ...week, rows: changedIn(week.rows, id, changed) };
}

/** A copy of the week in which one final metric is another. @throws Error when there is none of that id */
export function withMetric(week: WeekRecord, id: string, changed: Partial<FinalMetric>): WeekRecord {
  return { ...week, finalMetrics: changedIn(week.finalMetrics, id, changed) };
}

/** A copy of the week in which apply is slow again: −86 % where −90 % is the goal. */
export function withSlowApply(week: WeekRecord): WeekRecord {
  return withMetric(week, 'final.apply-time', {
    after: 16.4,
    ratio: 0.14,
    low: 0.131,
    high: 0.152,
    outcome: 'fail',
    measured: '117 ms → 16.4 ms',
    reason: '−86 %, the goal is −90 %',
  });
}

function changedIn<T extends { id: string }>(all: readonly T[], id: string, changed: Partial<T>): T[] {
  if (!all.some((one) => one.id === id)) throw new Error(`no ${id} among ${all.map((one) => one.id)}`);
  return all.map((one) => (one.id === id ? { ...one, ...changed } : one));
}

const TASKS = (
  [
    ['backup', 'backup and verified restore', [1]],
    ['profile', 'profile of the baseline', [1, 4]],
    ['priorities', 'priority list of indexes', [1]],
    ['migration', 'migration up and down', [2]],
    ['indexValue', 'what each index earns', [2]],
    ['ladder', 'every variant against its neighbours', [2, 3, 4, 5]],
    ['apply', 'account of apply', [3]],
    ['nPlusOne', 'N+1 before and after', [4]],
    ['profileAfter', 'profile of the optimised service', [5]],
    ['load', 'load test', [5]],
    ['stress', 'stress test', [5]],
    ['growth', 'growth', [5]],
  ] as const
).map(([id, title, days]) => ({ id, title, days, state: 'done', failure: null, wallMs: 36_000 }));

export const LADDER_EVIDENCE = { text: 'experiment', file: 'ladder/report/report.md' };

function metric(
  id: string,
  [title, goal, unit]: [string, string, FinalMetric['unit']],
  [before, after]: [number, number],
  { goalRatio = null, ...interval }: Partial<FinalMetric> = {},
): FinalMetric {
  return {
    id: `final.${id}`,
    day: 5,
    title,
    goal,
    unit,
    before,
    after,
    goalRatio,
    ratio: before === 0 ? null : after / before,
    low: null,
    high: null,
    level: null,
    measured: `${before} → ${after}`,
    outcome: 'pass',
    reason: null,
    how: 'baseline against optimised',
    evidence: [LADDER_EVIDENCE],
    ...interval,
  };
}

function finalMetrics(): FinalMetric[] {
  const level = { level: 0.984 };
  return [
    metric('dispatch-time', ['Dispatch time', '−56 %', 'ms'], [2_112, 28], {
      ...{ goalRatio: 0.44, low: 0.0124, high: 0.0141 },
      ...level,
    }),
    metric('queries', ['Queries per dispatch', '−67 %, 50 or fewer', 'statements'], [697, 9], {
      goalRatio: 0.33,
    }),
    metric('apply-time', ['Apply time', '−90 %', 'ms'], [117, 8], {
      ...{ goalRatio: 0.1, low: 0.061, high: 0.077 },
      ...level,
    }),
    metric('indexes', ['Indexes', '0 → 10', 'indexes'], [0, 10]),
    metric('slow-statements', ['Slow statements', '−80 %', 'statements'], [3, 0], { goalRatio: 0.2 }),
  ];
}

function row(day: WeekRow['day'], id: string, title: string, goal: string, measured: string): WeekRow {
  return {
    id: `day${day}.${id}`,
    day,
    title,
    goal,
    measured,
    outcome: 'pass',
    reason: null,
    how: 'measured in this week',
    evidence: [LADDER_EVIDENCE],
  };
}

function rows(): WeekRow[] {
  return [
    row(
      1,
      'backup',
      'Backup with verified restore',
      'the restored rows equal the saved ones',
      '105,004 rows of 7 tables saved; damaged on purpose; restored without a difference',
    ),
    row(1, 'capture', 'SQL of a whole dispatch', 'every statement is heard', '697 of 697 statements'),
    row(
      1,
      'slowest',
      'The ten slowest statements',
      '10, each with its plan',
      '10 statements, 10 with an executed plan',
    ),
    row(2, 'presence', 'Indexes are there', '10 valid indexes as declared', '10 of 10 present and valid'),
    row(
      2,
      'round-trip',
      'Upgrade and downgrade',
      'the schema after down equals that before up',
      'no difference; up twice and down twice change nothing',
    ),
    row(2, 'benchmark', 'Dispatch with the indexes', 'faster, interval excludes 1', '2.11 s → 254 ms'),
    row(3, 'apply-time', 'Time of apply', '−90 %', '117 ms → 8 ms'),
    row(3, 'outcome', 'No functional regression', 'the same assignments and answers', 'equal'),
    row(4, 'found', 'N+1 removed', 'none left', '11 found, 0 left'),
    row(4, 'answers', 'Answers stay equal', 'equal, byte for byte', '6 of 6 equal'),
    row(5, 'load', 'Load test', '100 bookings, 50 drivers: every threshold is met', '4 of 4 thresholds met'),
    row(5, 'stress', 'Stress test', '1,000 bookings: no request fails', 'no error in 3,000 requests'),
  ];
}

/** Everything that the tasks of such a week find out. */
export function buildFacts(): WeekFacts {
  return {
    backup: {
      id: 'backup-1',
      databaseBytes: 61_000_000,
      tables: 7,
      rows: 213_004,
      digest: 'a'.repeat(64),
      dump: null,
      damagedDigest: 'b'.repeat(64),
      restoredDigest: 'a'.repeat(64),
      differences: [],
    },
    profile: profile('baseline', { dispatchMs: 2_112, statements: 697, commits: 102, folder: 'profile' }),
    priorities: {
      folder: null,
      verified: false,
      indexes: PRIORITIES.map(([table, columns, cost, inMigration]) => ({
        description: `${table} (${columns.join(', ')})`,
        table,
        columns: [...columns],
        blocksSaved: null,
        blocksAdded: null,
        estimatedCostSaved: cost,
        inMigration,
      })),
    },
    migration: migration(),
    indexValue: {
      dispatches: 3,
      indexes: INDEXES.map(([name, table, columns, saved, added, walBytesAdded]) => ({
        name,
        description: `${table} (${columns.join(', ')})`,
        scans: saved === 0 ? 0 : 100,
        blocksSaved: saved,
        blocksAdded: added,
        walBytesAdded,
        bytes: 2_400_000,
        buildMs: 61,
        earns: saved > added,
        verdict: saved > added ? 'saves more than it adds' : 'no statement of the service needs it',
      })),
    },
    ladder: buildLadder(),
    apply: {
      accounts: [
        account('baseline', { statements: 300, roundTrips: 300, commits: 100, walBytes: 112_000 }),
        account('indexes', { statements: 300, roundTrips: 300, commits: 100, walBytes: 498_000 }),
        account('indexes+bulk-apply', { statements: 4, roundTrips: 4, commits: 1, walBytes: 372_000 }),
        account('optimised', { statements: 4, roundTrips: 4, commits: 1, walBytes: 372_000 }),
      ],
    },
    nPlusOne: {
      before: { variant: 'baseline', folder: 'profile' },
      after: { variant: 'optimised', folder: 'profile-after' },
      units: UNITS.map(([unit, found, before, after, size]) => ({
        unit,
        found: { before: found, after: 0 },
        queries: { before, after },
        size,
      })),
      remaining: [],
      answers: UNITS.map(([unit]) => ({ request: unit, equal: true })),
    },
    profileAfter: profile('optimised', {
      dispatchMs: 28,
      statements: 9,
      commits: 2,
      folder: 'profile-after',
    }),
    load: buildLoadTest('load'),
    stress: buildLoadTest('stress'),
    growth: { points: growthPoints(), notMeasured: ['1,000,000 past bookings: only in the full week'] },
  };
}

type ApplyCost = { statements: number; roundTrips: number; commits: number; walBytes: number };

function account(variant: string, cost: ApplyCost) {
  return { variant, assignments: 100, ...cost };
}

const SLOWEST: readonly [statement: string, calls: number, meanMs: number][] = [
  [
    'SELECT b.id, b.pickup_lat, b.pickup_lng FROM booking b WHERE b.driver_id = $1 AND b.status IN ($2, $3) AND b.scheduled_time >= $4',
    45,
    23,
  ],
  ['SELECT id, created_at FROM assignment WHERE booking_id = $1 ORDER BY created_at DESC', 100, 7.6],
  ['SELECT count(*) AS count FROM assignment WHERE driver_id = $1 AND created_at >= $2', 45, 9.8],
  ['SELECT id, name, rating FROM client WHERE id = $1', 100, 0.08],
  ['UPDATE booking SET status = $2, driver_id = $3 WHERE id = $1 AND status = $4', 100, 0.06],
  ['INSERT INTO assignment (booking_id, driver_id, dispatch_run_id) VALUES ($1, $2, $3)', 100, 0.05],
  ['SELECT id FROM assignment WHERE booking_id = $1 AND status IN ($2, $3)', 123, 0.04],
  ['SELECT b.* FROM booking b WHERE b.company_id = $1 AND b.status = $2 AND b.scheduled_time >= $3', 1, 4.9],
  ['SELECT d.* FROM driver d WHERE d.company_id = $1 AND d.is_available AND d.is_active', 1, 0.3],
  ['COMMIT', 102, 0.01],
];

function profile(
  variant: string,
  shape: { dispatchMs: number; statements: number; commits: number; folder: string },
): NonNullable<WeekFacts['profile']> {
  const slow = variant === 'baseline' ? SLOWEST.slice(0, 3) : [];
  const share = shape.dispatchMs / 2_112;
  const timed = SLOWEST.map(([statement, callsPerDispatch, meanMs]) => ({
    statement,
    callsPerDispatch,
    meanMs,
    msPerDispatch: callsPerDispatch * meanMs * share,
  }));
  return {
    ...shape,
    variant,
    databaseShare: 0.91,
    roundTrips: shape.statements,
    captured: shape.statements,
    slow: slow.map(([statement]) => statement),
    statementTimes: timed.map(({ statement, msPerDispatch }, index) => ({
      statement,
      msPerDispatch,
      slow: index < slow.length ? ['share'] : [],
    })),
    slowest: timed.map((one) => ({
      ...one,
      timeShare: one.msPerDispatch / shape.dispatchMs,
      plan: 'Seq Scan on booking, 104,800 rows read for 3',
    })),
  };
}

type IndexRow = readonly [
  name: string,
  table: string,
  columns: readonly string[],
  blocksSaved: number,
  blocksAdded: number,
  walBytesAdded: number,
];

export const INDEXES: readonly IndexRow[] = [
  ['assignment_booking_created_idx', 'assignment', ['booking_id', 'created_at'], 231_599, 202, 9_800],
  [
    'booking_status_scheduled_company_idx',
    'booking',
    ['status', 'scheduled_time', 'company_id'],
    2_900,
    612,
    31_000,
  ],
  ['driver_company_available_active_idx', 'driver', ['company_id', 'is_available', 'is_active'], 44, 1, 60],
  ['booking_company_scheduled_idx', 'booking', ['company_id', 'scheduled_time'], 7_825, 319, 21_000],
  ['assignment_run_status_idx', 'assignment', ['dispatch_run_id', 'status'], 2_614, 201, 8_300],
  ['assignment_driver_created_idx', 'assignment', ['driver_id', 'created_at'], 63_338, 302, 9_100],
  ['booking_driver_scheduled_idx', 'booking', ['driver_id', 'scheduled_time'], 6_524, 884, 40_000],
  ['booking_client_scheduled_idx', 'booking', ['client_id', 'scheduled_time'], 2_422, 303, 22_000],
  ['dispatch_run_company_day_idx', 'dispatch_run', ['company_id', 'service_day'], 40, 2, 90],
  ['client_company_idx', 'client', ['company_id'], 0, 0, 0],
];

const PRIORITIES = [
  ['assignment', ['booking_id'], 211_000, 'assignment_booking_created_idx'],
  ['booking', ['driver_id', 'scheduled_time'], 64_000, 'booking_driver_scheduled_idx'],
  ['booking', ['scheduled_time'], 1_200, null],
] as const;

function migration(): NonNullable<WeekFacts['migration']> {
  const declared = INDEXES.map(([name, table, columns]) => ({ name, table, columns: [...columns] }));
  return {
    name: '0001-add-performance-indexes',
    before: [],
    declared,
    present: declared.map((index) => ({ ...index, valid: true })),
    upgradedMs: 812,
    secondUpgrade: [],
    afterDowngrade: [],
    secondDowngrade: [],
    digests: { before: 'a'.repeat(64), upgraded: 'a'.repeat(64), downgraded: 'a'.repeat(64) },
  };
}

const UNITS: readonly [unit: string, found: number, before: number, after: number, size: string][] = [
  ['dispatch', 5, 697, 9, '100 bookings, 45 drivers'],
  ['GET /api/v1/bookings', 2, 130, 2, '64 items'],
  ['GET /api/v1/company_dispatch/assignments', 2, 129, 1, '64 items'],
  ['GET /api/v1/drivers', 1, 66, 2, '64 items'],
];

function growthPoints(): GrowthPointFact[] {
  const point = (
    varied: GrowthPointFact['varied'],
    size: number,
    [variant, dispatchMs, queries]: [string, number, number],
  ): GrowthPointFact => ({
    varied,
    size,
    variant,
    bookings: varied === 'bookings' ? size : 100,
    drivers: 50,
    history: varied === 'history' ? size : 5_000,
    dispatches: 2,
    dispatchMs,
    queries,
    blocks: queries * 40,
  });
  return [
    ...[10, 100, 1_000].flatMap((size) => [
      point('bookings', size, ['baseline', 40 + size * 2.1, 140 + size * 5.6]),
      point('bookings', size, ['optimised', 5 + size * 0.16, 9]),
    ]),
    ...[1_000, 10_000, 100_000].flatMap((size) => [
      point('history', size, ['baseline', 180 + size * 0.019, 697]),
      point('history', size, ['optimised', 21 + size * 0.00006, 9]),
    ]),
  ];
}
