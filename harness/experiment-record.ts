/** The shape of experiments and comparisons in `results/`. Units and conventions as in `result.ts`. */
import { z } from 'zod';
import { DatasetIdentity, PlannedShape, ResultState, VariantChanges } from './result.ts';

const count = z.number().int().nonnegative();
const isoTime = z.string().describe('ISO 8601 instant, UTC');
const milliseconds = z.number().nonnegative();

export const Verdict = z.enum([
  'improved',
  'regressed',
  'equivalent',
  'faster',
  'slower',
  'inconclusive',
  'not-comparable',
]);
export type Verdict = z.infer<typeof Verdict>;

export const ExactComparison = z.object({
  metric: z.string(),
  unit: z.string(),
  baseline: z.number(),
  candidate: z.number(),
  repeatsAgree: z
    .boolean()
    .describe('every repeat gave the same number; false: medians, shown as near-exact'),
  baselineRange: z.tuple([z.number(), z.number()]),
  candidateRange: z.tuple([z.number(), z.number()]),
});
export type ExactComparison = z.infer<typeof ExactComparison>;

/** One thing that the counts of two variants differ in, by the statement or index that it comes from. */
export const CountDifference = z.object({
  kind: z
    .enum([
      'query-per-row',
      'commit-per-row',
      'write-per-row',
      'index-missing',
      'index-unused',
      'sequential-scans',
      'statement',
    ])
    .describe('what it looks like; `statement`: only that its counts differ'),
  subject: z.string().describe('text of the statement, or name of the index or table'),
  counter: z.string().describe('what was counted: calls, rows, blocks, WAL bytes, scans'),
  baseline: z.number().describe('per dispatch; scans: per probe'),
  candidate: z.number(),
  sentence: z.string().describe('the difference in words, with its numbers'),
});
export type CountDifference = z.infer<typeof CountDifference>;

const LogInterval = z.object({ low: z.number(), high: z.number(), level: z.number() });

/** What could be wrong with the pairs of one metric, on the log scale of candidate ÷ baseline (+ is slower). */
export const PairDiagnostics = z.object({
  lag1: z.number().nullable().describe('autocorrelation of neighbouring pairs, −1 to 1'),
  slotEffect: LogInterval.extend({ estimate: z.number() })
    .nullable()
    .describe('pairs in which the baseline came first against the others; should hold 0'),
  drift: LogInterval.extend({ estimate: z.number() })
    .nullable()
    .describe('Theil–Sen slope a slice position; should hold 0, else the warm-up was not over'),
  flags: z.array(z.string()).describe('what deserves a look, in words; empty when nothing does'),
});
export type PairDiagnostics = z.infer<typeof PairDiagnostics>;

export const TimingComparison = z.object({
  metric: z.string(),
  unit: z.string(),
  role: z.enum(['gate', 'exploratory']),
  source: z.enum(['pair', 'load', 'count']).describe('the part of the experiment it was measured in'),
  higherIsBetter: z.boolean(),
  baselineMedian: z.number(),
  candidateMedian: z.number(),
  pairs: count,
  ratios: z.array(z.number()).describe('candidate ÷ baseline of each pair, in the order of the pairs'),
  ratio: z.number().describe('Hodges–Lehmann estimate of candidate ÷ baseline'),
  low: z.number().nullable(),
  high: z
    .number()
    .nullable()
    .describe('exact Wilcoxon interval of the ratio; null when there are too few pairs'),
  level: z.number().nullable().describe('the level the interval really has, 0–1'),
  equivalenceLow: z.number().nullable().describe('interval of two one-sided tests, as a ratio'),
  equivalenceHigh: z.number().nullable(),
  pValue: z.number().nullable().describe('Wilcoxon signed-rank, two-sided'),
  qValue: z.number().nullable().describe('Benjamini–Hochberg among the exploratory metrics; null for a gate'),
  tAgrees: z
    .boolean()
    .nullable()
    .describe('a t interval agrees on whether there is a change; false points to outlier pairs'),
  noise: z.number().nullable().describe('spread of the log ratios: max(sd, 1.4826 MAD)'),
  detectableRatio: z
    .number()
    .nullable()
    .describe(
      'smallest slowdown that this many pairs would have told from none, 80 % of the time: 1.04 is 4 %',
    ),
  regressionRatio: z
    .number()
    .nullable()
    .describe('smallest slowdown that would have been called regressed, 80 % of the time'),
  tooNoisy: z.boolean().describe('what it can detect is larger than the band of no interest'),
  delta: z.number().describe('the band of no interest: ±delta as a ratio'),
  diagnostics: PairDiagnostics.nullable(),
  verdict: Verdict,
  reason: z.string(),
});
export type TimingComparison = z.infer<typeof TimingComparison>;

/** An independent second experiment, made because the first one said regressed. */
export const Confirmation = z.object({
  folder: z.string().describe('relative to the experiment'),
  verdict: Verdict,
  agreed: z.boolean().describe('the same gate metric regressed in both'),
  headline: z.string(),
  pairs: count,
});
export type Confirmation = z.infer<typeof Confirmation>;

export const Comparison = z.object({
  baseline: z.string(),
  candidate: z.string(),
  refusals: z.array(z.string()).describe('why the two may not be compared; empty when they may'),
  verdict: Verdict.describe('after the confirmation, where there was one'),
  unconfirmedVerdict: Verdict.describe('of this experiment alone'),
  confirmation: Confirmation.nullable(),
  headline: z.string().describe('what came out, as a sentence without the verdict word'),
  family: z.object({
    metrics: z.array(z.string()).describe('the gate metrics, declared before anything ran'),
    alpha: z.number().describe('chance of any false alarm in the family, over all looks'),
    look: z
      .object({ number: count, of: count, pairs: count, level: z.number(), equivalenceLevel: z.number() })
      .nullable()
      .describe('the look that decided; null before the first'),
  }),
  exact: z.array(ExactComparison),
  differences: z.array(CountDifference).describe('of the exact counts, by statement and index'),
  timings: z.array(TimingComparison),
  equalOutcome: z.boolean().nullable(),
  warnings: z.array(z.string()),
});
export type Comparison = z.infer<typeof Comparison>;

/** One of the variants of an experiment. An A/A experiment has the same service in two arms. */
export const Arm = z.object({
  name: z.string().describe('unique in the experiment'),
  variant: z.string().describe('variant of the reference service'),
  changes: VariantChanges,
});
export type Arm = z.infer<typeof Arm>;

/** count: exact counters. pair: alternating slices. load: k6 and autocannon, both variants up at once. */
export const Part = z.enum(['count', 'pair', 'load']);
export type Part = z.infer<typeof Part>;

export const PlannedSlot = z.object({
  part: Part,
  pair: count.describe('from 1, within its part'),
  slot: count.describe('position inside the pair, from 1'),
  variant: z.string(),
});
export type PlannedSlot = z.infer<typeof PlannedSlot>;

/** Everything that was decided before anything ran. An experiment that is resumed keeps it to the letter. */
export const ExperimentPlan = z.object({
  schema: z.literal('rushhour.plan/1'),
  target: z.string().optional().describe('name of the target; without one the reference target'),
  scenario: z.string(),
  parts: z.array(Part),
  arms: z.array(Arm).describe('the first is the baseline'),
  shape: PlannedShape,
  randomSeed: count.describe('of slots and slices'),
  slots: z.array(PlannedSlot),
  countRepeats: count,
  probe: z.object({ warmUp: count, dispatches: count }),
  looks: z
    .array(z.object({ pairs: count, level: z.number(), equivalenceLevel: z.number() }))
    .describe('numbers of pairs at which the gate is looked at, with the level of each look'),
  alpha: z.number(),
  gate: z.array(z.string()).describe('the metrics that decide'),
  bands: z
    .record(z.string(), z.number())
    .optional()
    .describe('band of no interest by metric, as a ratio, where it is not the usual one of that metric'),
  round: z.object({ warmUp: count, dispatches: count, sliceSize: count }),
  load: z.object({
    pairs: count,
    durationFactor: z.number(),
    rateFactor: z.number(),
    maxErrorRatio: z
      .number()
      .optional()
      .describe(
        'failed requests ÷ requests above which a load is ended; left out where the scenario says it',
      ),
    generators: z.array(z.string()),
  }),
  confirm: z.boolean().describe('whether a regression is confirmed by an independent second experiment'),
});
export type ExperimentPlan = z.infer<typeof ExperimentPlan>;

/** A pair that had to be measured again, for a cause that was declared beforehand and does not depend on its result. */
export const InvalidPair = z.object({ part: Part, pair: count, cause: z.string() });
export type InvalidPair = z.infer<typeof InvalidPair>;

/** What the ledger of A/A experiments says of this machine. */
export const FalseAlarms = z.object({
  machine: z.string(),
  experiments: count.describe('A/A experiments in the ledger'),
  comparisons: count.describe('their gate metrics together'),
  alarms: count.describe('experiments that said regressed or improved'),
  ratio: z.number().nullable(),
  low: z.number().nullable().describe('Clopper–Pearson 95 % interval of the ratio of false alarms'),
  high: z.number().nullable(),
  misses: count.describe('gate intervals that left out no change'),
});
export type FalseAlarms = z.infer<typeof FalseAlarms>;

export const ExperimentRecord = z.object({
  schema: z.literal('rushhour.experiment/2'),
  id: z.string(),
  state: ResultState,
  failure: z.string().nullable(),
  startedAt: isoTime,
  endedAt: isoTime,
  scenario: z.string(),
  variants: z.array(z.string()).describe('names of the arms; the first is the baseline'),
  plan: ExperimentPlan,
  dataset: DatasetIdentity.nullable(),
  runs: z.array(PlannedSlot.extend({ folder: z.string().describe('relative to the experiment') })),
  invalidPairs: z.array(InvalidPair),
  comparisons: z.array(Comparison),
  falseAlarms: FalseAlarms,
  sittings: count.describe('1 unless it was interrupted and resumed'),
  wallMs: milliseconds.describe('of all sittings together'),
  loadMs: milliseconds.describe('of it under load or probing'),
  loadShare: z.number().min(0).max(1).describe('loadMs ÷ wallMs'),
  warnings: z.array(z.string()),
});
export type ExperimentRecord = z.infer<typeof ExperimentRecord>;
