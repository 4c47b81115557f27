/**
 * Valid runs for tests. The numbers look like a small machine's, but are made by formula from
 * a seed: never show them outside a test.
 */

import type { Part } from '../../harness/experiment-record.ts';
import { RunRecord } from '../../harness/result.ts';
import { buildMeasuredLoad, type RunShape } from './load-builders.ts';
import { buildProbe } from './probe-builders.ts';
import { buildRound } from './round-builders.ts';
import { testRandom } from './variant-costs.ts';

export const TEST_DIGEST = '7d0c9b1f5a3e'.padEnd(64, '0');

export const NO_CHANGES = { injectedSlowdownRatio: 0, droppedIndexes: [] };

/** A run as it lies in an experiment; without a part it is a run alone, with a probe and loads. */
export interface BuiltRunShape extends RunShape {
  part: Part | null;
}

/** A complete run of `load` on `baseline` unless the shape says otherwise; `overrides` replace whole fields. */
export function buildRun(shape: Partial<BuiltRunShape> = {}, overrides: Partial<RunRecord> = {}): RunRecord {
  const full: BuiltRunShape = {
    variant: 'baseline',
    scenario: 'load',
    pair: 1,
    slot: 1,
    part: null,
    ...shape,
  };
  const { part } = full;
  const random = testRandom(full.pair * 1009 + full.slot * 31 + full.variant.length);
  return RunRecord.parse({
    schema: 'rushhour.run/2',
    id: `20261122T2104${String(full.pair).padStart(2, '0')}-${full.slot}-${full.variant.replace(/\W+/g, '-')}`,
    state: 'complete',
    failure: null,
    startedAt: `2026-11-22T21:${String(4 + full.pair).padStart(2, '0')}:00.000Z`,
    endedAt: `2026-11-22T21:${String(5 + full.pair).padStart(2, '0')}:12.000Z`,
    scenario: full.scenario,
    variant: full.variant,
    changes: NO_CHANGES,
    traffic: { durationFactor: 1, rateFactor: 1, randomSeed: 1 },
    dataset: {
      profile: 'load',
      randomSeed: 1,
      digest: TEST_DIGEST,
      generatorHash: 'abcd1234',
      openBookingsPerDay: 100,
      driversPerCompany: 50,
      historyBookings: 100_000,
      companies: 4,
      openDays: 12,
      rows: { company: 4, driver: 200, client: 12_000, booking: 104_800, assignment: 96_000 },
    },
    environment: {
      machine: 'test-machine',
      tool: { version: '0.1.0', commit: '8fb4eff', dirty: false, lockfileHash: 'feed' },
      node: 'v20.20.2',
      os: 'Linux 6.1 (x64)',
      cpuModel: 'Test CPU 2.60GHz',
      cpuCount: 2,
      memoryBytes: 8_200_000_000,
      cpuGovernor: null,
      loadAverage1m: 0.4,
      postgres: {
        version: '18.4',
        embedded: true,
        settings: { shared_buffers: '256MB', fsync: 'on' },
        settingsHash: 'a1b2c3d4',
        databaseSizeBytes: 61_000_000,
        schemaHash: '99aa88bb',
        indexes: ['booking_pkey', 'driver_pkey'],
        cloneStrategy: 'file_copy',
        template: 'rushhour_tpl_test',
        dataChecksums: true,
        uptimeSeconds: 12,
        walLsn: '0/1A2B3C',
        otherSessions: 0,
        cache: { blocks: 7_000, dirtyBlocks: 0 },
      },
      generators: { k6: '1.8.1', autocannon: '9.0.0' },
    },
    probe: part === null || part === 'count' ? buildProbe(full.variant, random) : null,
    round: part === 'pair' ? buildRound(full.variant, full.slot, random) : null,
    loads: part === null || part === 'load' ? loadsOf(full) : [],
    skippedLoads: [],
    outcome: part === null || part === 'count' ? OUTCOME : null,
    warnings: [],
    ...overrides,
  });
}

function loadsOf(shape: RunShape) {
  const generators = shape.scenario === 'load' ? (['k6', 'autocannon'] as const) : (['k6'] as const);
  return generators.map((generator) => buildMeasuredLoad({ ...shape, generator }));
}

const OUTCOME = {
  companyDays: ['1/2026-03-02', '2/2026-03-02'],
  assignments: 192,
  assignmentsDigest: 'c0ffee'.padEnd(64, '0'),
  bookingStatuses: { assigned: 192, open: 8 },
  responseShapes: { 'GET /api/v1/bookings': 'beef' },
  answersDigest: 'facade'.padEnd(64, '0'),
};
