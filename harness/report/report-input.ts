import type { Comparison, ExperimentRecord, Part, PlannedSlot } from '../experiment-record.ts';
import type { DatasetIdentity, Environment, RunRecord } from '../result.ts';
import type { ThinnedSamples } from '../store/thinned-samples.ts';

/** A run and its place in the plan. */
export interface PlacedRun {
  /** `null`, like pair and slot, for a run outside an experiment. */
  part: Part | null;
  /** From 1, within the part. */
  pair: number | null;
  slot: number | null;
  variant: string;
  run: RunRecord;
}

/** Everything a report is made of. Nothing else is read. */
export type ReportInput =
  | { kind: 'run'; run: RunRecord }
  | {
      kind: 'experiment';
      experiment: ExperimentRecord;
      runs: readonly (PlannedSlot & { run: RunRecord })[];
      /** What of its raw samples was removed. */
      thinned?: ThinnedSamples;
    };

export type ExperimentInput = Extract<ReportInput, { kind: 'experiment' }>;

/** The runs of one variant that may be averaged, in the order of the pairs. */
export interface VariantRuns {
  variant: string;
  runs: readonly PlacedRun[];
}

/** The parts in the order they run. */
const PARTS: readonly Part[] = ['count', 'pair', 'load'];

/** Every run of the input, whatever its state, in the order of parts, pairs and slots. */
export function allRuns(input: ReportInput): PlacedRun[] {
  if (input.kind === 'run') {
    return [{ part: null, pair: null, slot: null, variant: input.run.variant, run: input.run }];
  }
  return input.runs.toSorted(
    (a, b) => PARTS.indexOf(a.part) - PARTS.indexOf(b.part) || a.pair - b.pair || a.slot - b.slot,
  );
}

/**
 * Runs by variant, in the order of the experiment (the baseline first). In an experiment only complete runs count, as
 * `result.ts` demands; a run reported alone is shown with what it has.
 */
export function variantRuns(input: ReportInput): VariantRuns[] {
  const runs = allRuns(input);
  if (input.kind === 'run') return [{ variant: input.run.variant, runs }];
  return input.experiment.variants.map((variant) => ({
    variant,
    runs: runs.filter((placed) => placed.variant === variant && placed.run.state === 'complete'),
  }));
}

/** Only the runs that measured something of a kind, by variant; a variant without one is left out. */
export function groupsWith(
  groups: readonly VariantRuns[],
  measured: 'probe' | 'round' | 'loads',
): VariantRuns[] {
  const has = ({ run }: PlacedRun) => (measured === 'loads' ? run.loads.length > 0 : run[measured] !== null);
  return groups
    .map(({ variant, runs }) => ({ variant, runs: runs.filter(has) }))
    .filter(({ runs }) => runs.length > 0);
}

/** The comparison a reader came for: the baseline against the last variant. */
export function mainComparison(input: ReportInput): Comparison | null {
  if (input.kind === 'run') return null;
  const { comparisons, variants } = input.experiment;
  return (
    comparisons.find((comparison) => comparison.candidate === variants.at(-1)) ?? comparisons.at(-1) ?? null
  );
}

/** The names of the baseline and of the candidate of the main comparison; `null` for a run alone. */
export function mainVariants(input: ReportInput): { baseline: string; candidate: string } | null {
  if (input.kind === 'run') return null;
  const comparison = mainComparison(input);
  if (comparison !== null) return { baseline: comparison.baseline, candidate: comparison.candidate };
  const [baseline] = input.experiment.variants;
  const candidate = input.experiment.variants.at(-1);
  if (baseline === undefined || candidate === undefined || baseline === candidate) return null;
  return { baseline, candidate };
}

/** Pairs of a part in which every variant has a complete run. */
export function completePairs(input: ReportInput, part: Part): number[] {
  if (input.kind === 'run') return [];
  const { experiment } = input;
  const done = input.runs.filter((placed) => placed.part === part && placed.run.state === 'complete');
  return [...new Set(done.map(({ pair }) => pair))]
    .filter((pair) =>
      experiment.variants.every((variant) =>
        done.some((placed) => placed.pair === pair && placed.variant === variant),
      ),
    )
    .sort((a, b) => a - b);
}

/** Dataset that was measured on; `null` when nothing got as far. */
export function datasetOf(input: ReportInput): DatasetIdentity | null {
  const recorded = input.kind === 'run' ? null : input.experiment.dataset;
  return recorded ?? allRuns(input)[0]?.run.dataset ?? null;
}

/** Environment of the first run; `null` when there is no run to ask. */
export function environmentOf(input: ReportInput): Environment | null {
  return allRuns(input)[0]?.run.environment ?? null;
}

/** Pairs a part was planned to have; of the pair part those of its last look. */
export function plannedPairs(plan: ExperimentRecord['plan'], part: Part): number {
  if (part === 'count') return plan.countRepeats;
  return part === 'pair' ? (plan.looks.at(-1)?.pairs ?? 0) : plan.load.pairs;
}

/** Identity, state and times, whichever kind the input is. */
export function recordOf(input: ReportInput): RunRecord | ExperimentRecord {
  return input.kind === 'run' ? input.run : input.experiment;
}
