import type { Comparison, ExperimentRecord } from '../experiment-record.ts';
import type { DatasetIdentity, Environment, RunRecord } from '../result.ts';

/** A run and its place in the plan. */
export interface PlacedRun {
  /** From 1; `null` for a run outside an experiment. */
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
      runs: readonly { pair: number; slot: number; variant: string; run: RunRecord }[];
    };

/** The runs of one variant that may be averaged, in the order of the pairs. */
export interface VariantRuns {
  variant: string;
  runs: readonly PlacedRun[];
}

/** Every run of the input, whatever its state, in the order of pairs and slots. */
export function allRuns(input: ReportInput): PlacedRun[] {
  if (input.kind === 'run') return [{ pair: null, slot: null, variant: input.run.variant, run: input.run }];
  return input.runs.toSorted((a, b) => a.pair - b.pair || a.slot - b.slot);
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

/** Pairs in which every variant has a complete run. */
export function completePairs(input: ReportInput): number[] {
  if (input.kind === 'run') return [];
  const { experiment } = input;
  const pairs = new Set(experiment.plan.slots.map((slot) => slot.pair));
  return [...pairs]
    .filter((pair) =>
      experiment.variants.every((variant) =>
        input.runs.some(
          (placed) => placed.pair === pair && placed.variant === variant && placed.run.state === 'complete',
        ),
      ),
    )
    .sort((a, b) => a - b);
}

/** Dataset of the runs; `null` when there is no run to ask. */
export function datasetOf(input: ReportInput): DatasetIdentity | null {
  return allRuns(input)[0]?.run.dataset ?? null;
}

/** Environment of the first run; `null` when there is no run to ask. */
export function environmentOf(input: ReportInput): Environment | null {
  return allRuns(input)[0]?.run.environment ?? null;
}

/** Identity, state and times, whichever kind the input is. */
/** Pairs at the last look, or of the load part where there is no other. */
export function plannedPairs(plan: ExperimentRecord['plan']): number {
  return plan.looks.at(-1)?.pairs ?? plan.load.pairs;
}

export function recordOf(input: ReportInput): RunRecord | ExperimentRecord {
  return input.kind === 'run' ? input.run : input.experiment;
}
