/** The shape of an optimisation week in `results/`. Units and conventions as in `result.ts`. */
import { z } from 'zod';
import { DatasetIdentity, Environment, PlannedShape, ResultState, ThresholdResult } from './result.ts';

const count = z.number().int().nonnegative();
const milliseconds = z.number().nonnegative();
const isoTime = z.string().describe('ISO 8601 instant, UTC');
const folder = z.string().describe("relative to the week's folder");

export const WeekDay = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]);
export type WeekDay = z.infer<typeof WeekDay>;

/** One size at which dispatches are measured alone, before and after. */
export const GrowthSize = z.object({
  varied: z.enum(['bookings', 'history']),
  size: count.describe('open bookings of a dispatch, or past bookings of the whole dataset'),
  shape: PlannedShape,
});
export type GrowthSize = z.infer<typeof GrowthSize>;

/** What a week is to reach. Ratios are the largest after ÷ before that pass; null: better is enough. */
export const WeekGoals = z.object({
  dispatchRatio: z.number().nullable(),
  queriesRatio: z.number().nullable(),
  queriesBefore: count.nullable().describe('statements of a dispatch before the week, at least'),
  queriesAfter: count.nullable().describe('and after it, at most'),
  applyRatio: z.number().nullable(),
  indexes: count.nullable().describe('that the migration adds, at least'),
  slowStatementsRatio: z.number().nullable(),
});
export type WeekGoals = z.infer<typeof WeekGoals>;

/** A service that a config describes, as the week has it. */
export const WeekTarget = z.object({
  name: z.string(),
  variants: z
    .array(z.object({ name: z.string().describe('on the ladder'), variant: z.string() }))
    .describe('of the config, in the order of the ladder'),
  leftOut: z
    .array(
      z.object({
        reason: z.string(),
        tasks: z.array(z.string()).describe('that are not done for it'),
        rows: z.array(z.string()).describe('that are open for it, by their ids'),
      }),
    )
    .describe('what the config has not, and what cannot be told without it'),
  goals: WeekGoals,
});
export type WeekTarget = z.infer<typeof WeekTarget>;

/** Everything that was decided before anything ran. A week that is resumed keeps it to the letter. */
export const WeekPlan = z.object({
  schema: z.literal('rushhour.week-plan/1'),
  mode: z.enum(['quick', 'full']),
  days: z.array(WeekDay).describe('the days that are done, in order'),
  shape: PlannedShape.describe('the dataset of everything but the stress test and growth'),
  randomSeed: count.describe('of the order of measurements'),
  profile: z.object({ warmUp: count, dispatches: count, growthRepeats: count }),
  advice: z
    .object({ dispatches: count, perRound: count, rounds: count, pairs: count })
    .describe('0 rounds: candidates are ranked by the planner and not verified'),
  ladder: z.object({
    variants: z.array(z.string()).describe('the first is what the others are compared with'),
    pairs: count,
    dispatches: count.describe('of each variant in a pair'),
    countRepeats: count,
    counted: z.object({ warmUp: count, dispatches: count }).describe('dispatches run alone and counted'),
  }),
  load: z.object({ durationFactor: z.number().positive(), generators: z.array(z.string()) }),
  stress: z.object({ shape: PlannedShape, durationFactor: z.number().positive() }),
  growth: z.object({ sizes: z.array(GrowthSize), dispatches: count }),
  target: WeekTarget.optional().describe('left out for the reference target'),
});
export type WeekPlan = z.infer<typeof WeekPlan>;

/** What one thing was before and after a step, in one unit. */
const BeforeAfter = z.object({ before: z.number(), after: z.number() });
export type BeforeAfter = z.infer<typeof BeforeAfter>;

/** A time before and after, from pairs measured in alternation. */
export const WeekTimeChange = z.object({
  beforeMs: milliseconds.describe('median of the pairs'),
  afterMs: milliseconds,
  ratio: z.number().positive().describe('Hodges–Lehmann estimate of after ÷ before'),
  low: z.number().nullable(),
  high: z.number().nullable().describe('exact signed-rank interval of the ratio; null with too few pairs'),
  level: z.number().nullable().describe('of the interval, 0–1'),
  pairs: count,
});
export type WeekTimeChange = z.infer<typeof WeekTimeChange>;

export const BackupFact = z.object({
  id: z.string(),
  databaseBytes: count,
  tables: count,
  rows: count,
  digest: z.string().describe('of the content that was backed up'),
  dump: z.string().nullable().describe('why there is no pg_dump beside the copy; null where there is one'),
  damagedDigest: z.string().describe('of the content after it was damaged on purpose'),
  restoredDigest: z.string(),
  differences: z.array(z.string()).describe('between what was backed up and what was restored'),
});
export type BackupFact = z.infer<typeof BackupFact>;

/** A profile in short; the whole one lies in its folder. */
export const ProfileFact = z.object({
  folder,
  variant: z.string(),
  dispatchMs: milliseconds.describe('median, undisturbed'),
  databaseShare: z.number().min(0).max(1).describe('of the wall time of a dispatch'),
  statements: count.describe('of a dispatch; median'),
  roundTrips: count,
  commits: count,
  captured: count.describe('statements heard with their parameters'),
  slow: z
    .array(z.string())
    .describe('the statements that meet a definition of slow, their share being of this profile'),
  statementTimes: z
    .array(
      z.object({
        statement: z.string(),
        msPerDispatch: milliseconds.nullable().describe('all calls together; null when no time was seen'),
        slow: z.array(z.enum(['often', 'long', 'share'])).describe('definitions of slow that it meets'),
      }),
    )
    .describe('of all statements: what it takes to judge those of one profile by the time of another'),
  slowest: z
    .array(
      z.object({
        statement: z.string(),
        callsPerDispatch: z.number(),
        meanMs: milliseconds.nullable(),
        msPerDispatch: milliseconds.nullable(),
        timeShare: z.number().nullable(),
        plan: z.string().nullable().describe('what its executed plan does, in short; null without one'),
      }),
    )
    .describe('the ten that take most time, the slowest first'),
});
export type ProfileFact = z.infer<typeof ProfileFact>;

export const PriorityFact = z.object({
  folder: folder.nullable().describe('of the advice, where candidates were verified'),
  verified: z.boolean().describe('each was created and replayed; false: ranked by the planner, estimated'),
  indexes: z.array(
    z.object({
      description: z.string().describe('table and columns'),
      table: z.string(),
      columns: z.array(z.string()),
      blocksSaved: z.number().nullable().describe('of one of each unit of work; null: not verified'),
      blocksAdded: z.number().nullable(),
      estimatedCostSaved: z
        .number()
        .nullable()
        .describe("in the planner's units; null where it was verified"),
      inMigration: z.string().nullable().describe('the index of the migration with the same leading columns'),
    }),
  ),
});
export type PriorityFact = z.infer<typeof PriorityFact>;

export const MigrationFact = z.object({
  name: z.string(),
  before: z.array(z.string()).describe('names of the secondary indexes before the upgrade'),
  declared: z
    .array(z.object({ name: z.string(), table: z.string(), columns: z.array(z.string()) }))
    .describe('what the migration is to create, as its text says'),
  present: z
    .array(
      z.object({ name: z.string(), table: z.string(), columns: z.array(z.string()), valid: z.boolean() }),
    )
    .describe('what the catalogue holds after the upgrade'),
  upgradedMs: milliseconds,
  secondUpgrade: z.array(z.string()).describe('what a second upgrade changed, as lines of the schema'),
  notDowngraded: z.string().optional().describe('why there was no downgrade'),
  afterDowngrade: z
    .array(z.string())
    .nullable()
    .describe('how the schema after the downgrade differs from before the upgrade; null without one'),
  secondDowngrade: z.array(z.string()).nullable().describe('what a second downgrade changed'),
  digests: z
    .object({ before: z.string(), upgraded: z.string(), downgraded: z.string().nullable() })
    .describe('of the rows'),
});
export type MigrationFact = z.infer<typeof MigrationFact>;

export const IndexValueFact = z.object({
  dispatches: count.describe('captured and replayed, beside each kind of request once'),
  indexes: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      scans: count,
      blocksSaved: z.number().describe('by statements that need fewer with it; one of each unit of work'),
      blocksAdded: z.number(),
      walBytesAdded: z.number(),
      bytes: count,
      buildMs: z.number().nullable(),
      earns: z.boolean(),
      verdict: z.string().describe('why, in words'),
    }),
  ),
});
export type IndexValueFact = z.infer<typeof IndexValueFact>;

/** From one variant to another that differs in what `switches` names. */
export const LadderStep = z.object({
  from: z.string(),
  to: z.string(),
  refusals: z.array(z.string()).describe('why the two may not be compared'),
  equalOutcome: z
    .boolean()
    .nullable()
    .describe('the same assignments, statuses and answers; null: not compared'),
  dispatch: WeekTimeChange.nullable(),
  apply: WeekTimeChange.nullable(),
  queries: BeforeAfter.nullable().describe('statements of a dispatch, exact'),
  blocks: BeforeAfter.nullable(),
  rows: BeforeAfter.nullable(),
});
export type LadderStep = z.infer<typeof LadderStep>;

export const LadderFact = z.object({
  folder,
  pairs: count,
  variants: z.array(
    z.object({ variant: z.string(), dispatchMs: milliseconds.nullable(), queries: z.number().nullable() }),
  ),
  steps: z.array(LadderStep).describe('every two that differ in one switch, and the first against the last'),
});
export type LadderFact = z.infer<typeof LadderFact>;

/** What apply did in one dispatch, from its first write of a booking to its last commit. */
export const ApplyAccount = z.object({
  variant: z.string(),
  assignments: count,
  statements: count.describe('transaction control included'),
  roundTrips: count,
  commits: count,
  walBytes: count.nullable().describe('of its writing statements; null where it is not counted'),
});
export type ApplyAccount = z.infer<typeof ApplyAccount>;

export const ApplyFact = z.object({
  tables: z
    .array(z.string())
    .optional()
    .describe('that apply writes, as they were heard of the first account'),
  accounts: z.array(ApplyAccount),
});
export type ApplyFact = z.infer<typeof ApplyFact>;

export const NPlusOneFact = z.object({
  before: z.object({ variant: z.string(), folder }),
  after: z.object({ variant: z.string(), folder }),
  units: z
    .array(
      z.object({
        unit: z.string().describe('dispatch, or an endpoint'),
        found: BeforeAfter.describe('N+1, row-by-row writes and the like'),
        queries: BeforeAfter.describe('statements of one, at the largest size measured'),
        size: z.string().describe('of what, for example "64 items"'),
      }),
    )
    .describe('the dispatch and every list of the API'),
  remaining: z.array(z.string()).describe('findings that are left, in words'),
  answers: z
    .array(z.object({ request: z.string(), equal: z.boolean() }))
    .describe(
      'answers of the lists and of the dispatch, before and after, byte for byte but for clock times',
    ),
});
export type NPlusOneFact = z.infer<typeof NPlusOneFact>;

/** One variant under one scenario; the whole run lies in its folder. */
export const LoadTestFact = z.object({
  scenario: z.string(),
  openBookings: count.nullable().describe('null where the dataset has a size of its own'),
  drivers: count.nullable(),
  history: count.nullable(),
  runs: z.array(
    z.object({
      variant: z.string(),
      folder,
      generator: z.string(),
      requests: count,
      errorRatio: z.number().min(0).max(1),
      droppedIterations: count,
      throughputPerSecond: z.number().nonnegative(),
      endpoints: z.array(
        z.object({
          endpoint: z.string(),
          requests: count,
          p50Ms: milliseconds.nullable(),
          p95Ms: milliseconds.nullable(),
        }),
      ),
      dispatches: z.object({ started: count, completed: count, p50Ms: milliseconds.nullable() }),
      thresholds: z.array(ThresholdResult),
      steps: z
        .array(
          z.object({
            name: z.string(),
            targetRatePerSecond: z.number().nullable(),
            throughputPerSecond: z.number(),
            p95Ms: milliseconds.nullable(),
            errors: count,
          }),
        )
        .describe('of the load, in their order'),
    }),
  ),
  skipped: z.array(z.object({ generator: z.string(), reason: z.string() })),
});
export type LoadTestFact = z.infer<typeof LoadTestFact>;

export const GrowthPointFact = z.object({
  varied: z.enum(['bookings', 'history']),
  size: count,
  variant: z.string(),
  bookings: count,
  drivers: count,
  history: count,
  dispatches: count,
  dispatchMs: milliseconds.describe('median of dispatches alone'),
  queries: z.number().describe('of a dispatch, exact; mean of the dispatches'),
  blocks: z.number(),
});
export type GrowthPointFact = z.infer<typeof GrowthPointFact>;

export const WeekGrowthFact = z.object({
  points: z.array(GrowthPointFact),
  notMeasured: z.array(z.string()).describe('sizes that were left out, with the reason'),
});
export type WeekGrowthFact = z.infer<typeof WeekGrowthFact>;

/** What each task of a week found out; null where it was not done. */
export const WeekFacts = z.object({
  backup: BackupFact.nullable(),
  profile: ProfileFact.nullable().describe('of the baseline'),
  priorities: PriorityFact.nullable(),
  migration: MigrationFact.nullable(),
  indexValue: IndexValueFact.nullable(),
  ladder: LadderFact.nullable(),
  apply: ApplyFact.nullable(),
  nPlusOne: NPlusOneFact.nullable(),
  profileAfter: ProfileFact.nullable().describe('of the optimised service'),
  load: LoadTestFact.nullable(),
  stress: LoadTestFact.nullable(),
  growth: WeekGrowthFact.nullable(),
});
export type WeekFacts = z.infer<typeof WeekFacts>;
export type TaskId = keyof WeekFacts;

export const NO_FACTS: WeekFacts = {
  backup: null,
  profile: null,
  priorities: null,
  migration: null,
  indexValue: null,
  ladder: null,
  apply: null,
  nPlusOne: null,
  profileAfter: null,
  load: null,
  stress: null,
  growth: null,
};

/** One line of the week's list: a goal, what was measured, and whether that is enough. */
export const WeekRow = z.object({
  id: z.string().describe('for example "day2.presence"'),
  day: WeekDay,
  title: z.string(),
  goal: z.string().describe('in words'),
  measured: z.string().nullable().describe('in words, with its numbers; null: nothing was measured'),
  outcome: z.enum(['pass', 'fail', 'open']).describe('open: not measured, so neither'),
  reason: z.string().nullable().describe('why it failed or is open'),
  how: z.string().describe('how it was measured'),
  evidence: z.array(z.object({ text: z.string(), file: folder })),
});
export type WeekRow = z.infer<typeof WeekRow>;

/** What the week is judged by. */
export const FinalMetric = WeekRow.extend({
  unit: z.enum(['ms', 'statements', 'indexes']),
  before: z.number().nullable(),
  after: z.number().nullable(),
  goalRatio: z
    .number()
    .nullable()
    .describe('largest after ÷ before that passes; null for a goal in absolute numbers'),
  ratio: z.number().nullable().describe('after ÷ before'),
  low: z.number().nullable(),
  high: z.number().nullable().describe('interval of the ratio, of a time; the whole of it has to pass'),
  level: z.number().nullable(),
});
export type FinalMetric = z.infer<typeof FinalMetric>;

/** One switch of the ladder turned on at one place of one order. */
export const OrderStep = z.object({
  switch: z.string(),
  from: z.string(),
  to: z.string(),
  beforeMs: milliseconds,
  afterMs: milliseconds,
  ratio: z.number().positive().describe('of the pairs; afterMs ÷ beforeMs of medians is near it'),
  low: z.number().nullable(),
  high: z.number().nullable(),
  queriesSaved: z.number().nullable(),
});
export type OrderStep = z.infer<typeof OrderStep>;

/** What each step of the week contributed to the time of a dispatch, in every order that was measured. */
export const Contributions = z.object({
  from: z.string(),
  to: z.string(),
  orders: z.array(z.object({ switches: z.array(z.string()), steps: z.array(OrderStep) })),
  shares: z
    .array(
      z.object({
        switch: z.string(),
        least: z
          .number()
          .describe('of the logarithm of the whole change, in the order that favours it least'),
        most: z.number(),
        mean: z.number().describe('over the orders; all switches together give 1'),
        leastFactor: z.number().describe('how many times faster it alone made a dispatch, at the least'),
        mostFactor: z.number(),
      }),
    )
    .describe('of each switch over all orders'),
});
export type Contributions = z.infer<typeof Contributions>;

export const WeekTask = z.object({
  id: z.string(),
  title: z.string(),
  days: z.array(WeekDay),
  state: z.enum(['done', 'failed', 'not-run']),
  failure: z.string().nullable(),
  wallMs: milliseconds,
});
export type WeekTask = z.infer<typeof WeekTask>;

export const WeekRecord = z.object({
  schema: z.literal('rushhour.week/1'),
  id: z.string(),
  state: ResultState,
  failure: z.string().nullable(),
  startedAt: isoTime,
  endedAt: isoTime,
  wallMs: milliseconds.describe('of all sittings together'),
  sittings: count.describe('1 unless it was interrupted and resumed'),
  plan: WeekPlan,
  dataset: DatasetIdentity.nullable(),
  environment: Environment.nullable(),
  tasks: z.array(WeekTask),
  finalMetrics: z.array(FinalMetric),
  rows: z.array(WeekRow).describe('in the order of the days'),
  contributions: Contributions.nullable(),
  facts: WeekFacts,
  warnings: z.array(z.string()),
});
export type WeekRecord = z.infer<typeof WeekRecord>;
