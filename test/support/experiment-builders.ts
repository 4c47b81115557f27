/**
 * Valid experiments for tests. The numbers look like a small machine's, but are made by formula from a seed: never show them outside a test.
 */
import { type ExperimentPlan, ExperimentRecord, type PlannedSlot } from '../../harness/experiment-record.ts';
import type { RunRecord } from '../../harness/result.ts';
import { buildComparison } from './comparison-builders.ts';
import { buildRun, NO_CHANGES } from './run-builders.ts';

export function buildPlan(
  shape: { variants: string[]; pairs: number; scenario: string; slots: PlannedSlot[] },
  overrides: Partial<ExperimentPlan> = {},
): ExperimentPlan {
  return {
    schema: 'rushhour.plan/1',
    scenario: shape.scenario,
    parts: ['pair'],
    arms: shape.variants.map((name) => ({ name, variant: name, changes: NO_CHANGES })),
    shape: {
      profile: 'load',
      bookings: 100,
      drivers: 50,
      history: 100_000,
      companies: 20,
      days: 20,
      randomSeed: 1,
    },
    randomSeed: 8124,
    slots: shape.slots,
    countRepeats: 2,
    probe: { warmUp: 1, dispatches: 3 },
    looks: [{ pairs: shape.pairs, level: 0.95, equivalenceLevel: 0.9 }],
    alpha: 0.05,
    gate: ['dispatch time'],
    round: { warmUp: 2, dispatches: 20, sliceSize: 5 },
    load: { pairs: 0, durationFactor: 1, rateFactor: 1, generators: [] },
    confirm: true,
    ...overrides,
  };
}

export interface BuiltExperiment {
  experiment: ExperimentRecord;
  runs: (PlannedSlot & { run: RunRecord })[];
}

/** A complete experiment of `baseline` against `optimised` in six pairs; odd pairs run the baseline first. */
export function buildExperiment(
  shape: { variants?: string[]; pairs?: number; scenario?: string } = {},
  overrides: Partial<ExperimentRecord> = {},
): BuiltExperiment {
  const { variants = ['baseline', 'optimised'], pairs = 6, scenario = 'load' } = shape;
  const slots: PlannedSlot[] = Array.from({ length: pairs }, (_, index) => {
    const order = index % 2 === 0 ? variants : variants.toReversed();
    return order.map((variant, place) => ({
      part: 'pair' as const,
      pair: index + 1,
      slot: place + 1,
      variant,
    }));
  }).flat();
  const runs = slots.map(({ part, pair, slot, variant }) => ({
    part,
    pair,
    slot,
    variant,
    run: buildRun({ variant, pair, slot, scenario }),
  }));
  const experiment = ExperimentRecord.parse({
    schema: 'rushhour.experiment/2',
    id: '20261122T210400-load',
    state: 'complete',
    failure: null,
    startedAt: '2026-11-22T21:04:00.000Z',
    endedAt: '2026-11-22T21:11:42.000Z',
    scenario,
    variants,
    plan: buildPlan({ variants, pairs, scenario, slots }),
    dataset: null,
    runs: slots.map((slot) => ({ ...slot, folder: `runs/${slot.pair}-${slot.slot}` })),
    invalidPairs: [],
    comparisons: variants.slice(1).map((variant) => buildComparison(variant, pairs)),
    falseAlarms: {
      machine: 'test-machine',
      experiments: 0,
      comparisons: 0,
      alarms: 0,
      ratio: null,
      low: null,
      high: null,
      misses: 0,
    },
    sittings: 1,
    wallMs: 462_000,
    loadMs: 374_220,
    loadShare: 0.81,
    warnings: [],
    ...overrides,
  });
  return { experiment, runs };
}
