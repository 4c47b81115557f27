/**
 * Valid experiments for tests. The numbers look like a small machine's, but are made by formula from
 * a seed: never show them outside a test.
 */
import {
  type Comparison,
  type ExperimentPlan,
  ExperimentRecord,
  type FalseAlarms,
  type Part,
  type PlannedSlot,
} from '../../harness/experiment-record.ts';
import type { RunRecord } from '../../harness/result.ts';
import { buildComparison, GATE } from './comparison-builders.ts';
import { buildRun, NO_CHANGES } from './run-builders.ts';

export function buildPlan(
  shape: { variants: string[]; pairs: number; scenario: string; slots: PlannedSlot[] },
  overrides: Partial<ExperimentPlan> = {},
): ExperimentPlan {
  return {
    schema: 'rushhour.plan/1',
    scenario: shape.scenario,
    parts: ['count', 'pair', 'load'],
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
    probe: { warmUp: 2, dispatches: 5 },
    looks: [{ pairs: shape.pairs, level: 0.95, equivalenceLevel: 0.9 }],
    alpha: 0.05,
    gate: GATE,
    round: { warmUp: 5, dispatches: 40, sliceSize: 10 },
    load: { pairs: 0, durationFactor: 1, rateFactor: 1, generators: [] },
    confirm: true,
    ...overrides,
  };
}

export interface BuiltExperiment {
  experiment: ExperimentRecord;
  runs: (PlannedSlot & { run: RunRecord })[];
}

export interface BuiltExperimentShape {
  variants?: string[];
  /** Of the pair part. */
  pairs?: number;
  loadPairs?: number;
  countRepeats?: number;
  scenario?: string;
  parts?: Part[];
}

/**
 * A complete experiment of `baseline` against `optimised` in all three parts, with six pairs and six loads; odd pairs
 * run the baseline first.
 */
export function buildExperiment(
  shape: BuiltExperimentShape = {},
  overrides: Partial<ExperimentRecord> = {},
): BuiltExperiment {
  const { variants = ['baseline', 'optimised'], scenario = 'load' } = shape;
  const { pairs = 6, loadPairs = 6, countRepeats = 2, parts = ['count', 'pair', 'load'] } = shape;
  const size: Record<Part, number> = { count: countRepeats, pair: pairs, load: loadPairs };
  const slots = parts.flatMap((part) => slotsOf(part, size[part], variants));
  const runs = slots.map((slot) => ({ ...slot, run: buildRun({ ...slot, scenario }) }));
  const experiment = ExperimentRecord.parse({
    schema: 'rushhour.experiment/2',
    id: '20261122T210400-load',
    state: 'complete',
    failure: null,
    startedAt: '2026-11-22T21:04:00.000Z',
    endedAt: '2026-11-22T21:11:42.000Z',
    scenario,
    variants,
    plan: buildPlan(
      { variants, pairs, scenario, slots },
      { parts, countRepeats, load: plannedLoad(parts, loadPairs) },
    ),
    dataset: runs[0]?.run.dataset ?? null,
    runs: slots.map((slot) => ({ ...slot, folder: `runs/${slot.part}-${slot.pair}-${slot.slot}` })),
    invalidPairs: [],
    comparisons: variants.slice(1).map((variant) => ofParts(buildComparison(variant, pairs), parts)),
    falseAlarms: NO_LEDGER,
    sittings: 1,
    wallMs: 151_000,
    loadMs: 122_310,
    loadShare: 0.81,
    warnings: [],
    ...overrides,
  });
  return { experiment, runs };
}

/** Odd pairs take the variants in their order, even ones in the reverse. */
function slotsOf(part: Part, pairs: number, variants: readonly string[]): PlannedSlot[] {
  return Array.from({ length: pairs }, (_, index) => {
    const order = index % 2 === 0 ? variants : variants.toReversed();
    return order.map((variant, place) => ({ part, pair: index + 1, slot: place + 1, variant }));
  }).flat();
}

function plannedLoad(parts: readonly Part[], pairs: number): ExperimentPlan['load'] {
  return parts.includes('load')
    ? { pairs, durationFactor: 1, rateFactor: 1, generators: ['k6', 'autocannon'] }
    : { pairs: 0, durationFactor: 1, rateFactor: 1, generators: [] };
}

/** A comparison without what the parts that are missing would have measured. */
function ofParts(comparison: Comparison, parts: readonly Part[]): Comparison {
  const counted = parts.includes('count');
  const timings = comparison.timings.filter(({ source }) => parts.includes(source));
  return {
    ...comparison,
    timings,
    exact: counted ? comparison.exact : [],
    differences: counted ? comparison.differences : [],
    equalOutcome: counted ? comparison.equalOutcome : null,
    family: {
      ...comparison.family,
      metrics: parts.includes('pair') ? comparison.family.metrics : [],
      look: parts.includes('pair') ? comparison.family.look : null,
    },
  };
}

/** No A/A experiment was made on this machine. */
export const NO_LEDGER: FalseAlarms = {
  machine: 'test-machine',
  experiments: 0,
  comparisons: 0,
  alarms: 0,
  ratio: null,
  low: null,
  high: null,
  misses: 0,
};
