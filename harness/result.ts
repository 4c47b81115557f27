/**
 * The shape of everything in `results/`. One definition serves as TypeScript type, as the check on reading, and as the
 * published JSON schema (`results/schema/`). Units are in the names; a ratio is 0–1; times are milliseconds.
 */
import { z } from 'zod';

const count = z.number().int().nonnegative();
const isoTime = z.string().describe('ISO 8601 instant, UTC');
const milliseconds = z.number().nonnegative();

/** How a result ended. Only `complete` may be compared or averaged. */
export const ResultState = z.enum(['complete', 'interrupted', 'failed']);
export type ResultState = z.infer<typeof ResultState>;

/** The shape of a dataset in a plan, see `DatasetShape` of `seed/profiles.ts`. */
export const PlannedShape = z.object({
  profile: z.string(),
  bookings: count,
  drivers: count,
  history: count,
  companies: count,
  days: count,
  randomSeed: count,
});

export const DatasetIdentity = z.object({
  profile: z
    .string()
    .describe('smoke, load, stress, city or custom; own when the data has a size of its own'),
  randomSeed: z.number().int(),
  digest: z.string().describe('SHA-256 over the rows of every table, hex'),
  generatorHash: z.string().describe('hash of the code and the schema that made the rows'),
  openBookingsPerDay: count
    .nullable()
    .describe('open bookings of one company-day: what one dispatch is offered; null where it is not known'),
  driversPerCompany: count.nullable(),
  historyBookings: count.nullable(),
  companies: count.nullable(),
  openDays: count.nullable(),
  rows: z.record(z.string(), count).describe('rows per table'),
});
export type DatasetIdentity = z.infer<typeof DatasetIdentity>;

/** What was measured: the reference target, or one that a config describes. */
export const TargetIdentity = z.object({
  name: z.string(),
  configDigest: z.string().nullable().describe('SHA-256 of the config, hex; null for the reference target'),
  sourceCommit: z
    .string()
    .nullable()
    .describe('what the variant was built from, where its config names a git ref'),
  branch: z
    .string()
    .nullable()
    .optional()
    .describe(
      'checked out in the repository of the service, or of the folder it is started from, when it was measured; null where none is known; not in earlier results',
    ),
  variant: z
    .string()
    .optional()
    .describe('its name in the config, where the record calls it otherwise: in a week'),
});
export type TargetIdentity = z.infer<typeof TargetIdentity>;

export const Environment = z.object({
  machine: z.string().describe('fingerprint: processor, cores, memory and system; equal on equal machines'),
  target: TargetIdentity.optional().describe('not in results from before there were configs'),
  tool: z.object({
    version: z.string(),
    commit: z.string().nullable(),
    dirty: z.boolean().nullable(),
    lockfileHash: z.string().nullable().describe('of package-lock.json; null where there is none'),
  }),
  node: z.string(),
  os: z.string(),
  cpuModel: z.string(),
  cpuCount: count,
  memoryBytes: count,
  cpuGovernor: z.string().nullable().describe('scaling governor of Linux; null where there is none to read'),
  loadAverage1m: z.number().nonnegative(),
  postgres: z.object({
    version: z.string(),
    embedded: z.boolean(),
    settings: z.record(z.string(), z.string()).describe('settings that differ from the server default'),
    settingsHash: z.string(),
    databaseSizeBytes: count,
    schemaHash: z.string().describe('hash of columns, constraints and indexes'),
    indexes: z.array(z.string()).describe('names of the indexes of the clone'),
    cloneStrategy: z.string(),
    template: z.string().describe('template database that was cloned'),
    dataChecksums: z.boolean(),
    uptimeSeconds: z.number().nonnegative(),
    walLsn: z.string(),
    otherSessions: count.describe('client sessions of others on the server when the run began'),
    cache: z
      .object({ blocks: count, dirtyBlocks: count })
      .nullable()
      .describe('pages of the clone in shared buffers when the run began; null where it cannot be seen'),
  }),
  generators: z.record(z.string(), z.string()).describe('version of each load generator used'),
});
export type Environment = z.infer<typeof Environment>;

/** What a dispatch was offered. Results from before offers had keys name a company-day instead. */
export const offerKey = {
  offer: z.string().optional().describe('key of the offer: of the reference target "companyId/day"'),
  companyId: z.number().int().optional(),
  day: z.string().optional().describe('service day, YYYY-MM-DD'),
} as const;

/** Counters of `pg_stat_statements` for one dispatch alone, and the times the service and the client saw. */
export const ProbedDispatch = z.object({
  ...offerKey,
  wallMs: milliseconds.describe('request sent to complete'),
  loadMs: milliseconds.nullable().describe('as the service times itself; null where it does not'),
  decideMs: milliseconds.nullable(),
  applyMs: milliseconds.nullable(),
  offered: count,
  assigned: count,
  unassigned: count,
  queries: count.describe('statements executed, transaction control included'),
  transactionStatements: count.describe('of those: BEGIN, COMMIT and the like'),
  rows: count,
  blocksHit: count,
  blocksRead: count,
  blocksDirtied: count,
  walRecords: count,
  walBytes: count,
  databaseMs: milliseconds.describe('total execution time of the statements'),
});
export type ProbedDispatch = z.infer<typeof ProbedDispatch>;

export const StatementCost = z.object({
  queryId: z.string(),
  text: z.string(),
  calls: count,
  rows: count,
  blocks: count.describe('shared blocks hit + read'),
  walBytes: count,
  databaseMs: milliseconds,
});
export type StatementCost = z.infer<typeof StatementCost>;

/** How often a table was read in sequence, or one of its indexes was used, by the dispatches of a probe. */
export const RelationScans = z.object({
  table: z.string(),
  index: z.string().nullable().describe('null: sequential scans of the table'),
  scans: count,
  rowsRead: count.describe('rows the sequential scans read, or entries the index returned'),
});
export type RelationScans = z.infer<typeof RelationScans>;

/** Dispatches run alone, at concurrency 1: every query counted exactly. */
export const Probe = z.object({
  warmUpDispatches: count.describe('run first and not recorded'),
  dispatches: z.array(ProbedDispatch),
  statements: z.array(StatementCost).describe('summed over the recorded dispatches, costliest first'),
  scans: z
    .array(RelationScans)
    .describe('of the whole probe: warm-up, logins and the reading of answer shapes included'),
  contaminated: z.boolean().describe('an idle window before the probe was not silent'),
});
export type Probe = z.infer<typeof Probe>;

export const LatencySummary = z.object({
  minMs: milliseconds,
  meanMs: milliseconds,
  p50Ms: milliseconds,
  p75Ms: milliseconds,
  p90Ms: milliseconds,
  p95Ms: milliseconds,
  p99Ms: milliseconds,
  maxMs: milliseconds,
});
export type LatencySummary = z.infer<typeof LatencySummary>;

export const PercentilePoint = z.object({
  quantile: z.number().min(0).max(1),
  ms: milliseconds,
});
export type PercentilePoint = z.infer<typeof PercentilePoint>;

export const EndpointLoad = z.object({
  endpoint: z.string().describe('method and route, for example "GET /api/v1/bookings"'),
  requests: count.describe('answered or failed; in flight at the stop is not counted'),
  errors: count.describe('transport errors, wrong status or failed body check'),
  timeouts: count,
  rateLimited: count
    .optional()
    .describe('answered 429, too many requests: neither an error nor a latency; absent for none'),
  latency: LatencySummary.nullable().describe('service time of every answered request; null when none was'),
  percentiles: z.array(PercentilePoint).describe('the whole distribution, for the chart'),
});
export type EndpointLoad = z.infer<typeof EndpointLoad>;

export const SeriesPoint = z.object({
  second: count.describe('whole seconds since the load began'),
  requests: count,
  errors: count,
  p50Ms: milliseconds.nullable(),
  p95Ms: milliseconds.nullable(),
});
export type SeriesPoint = z.infer<typeof SeriesPoint>;

/** A dispatch started under load and followed to its end. */
export const FollowedDispatches = z.object({
  started: count,
  completed: count,
  failed: count,
  unfinished: count.describe('still running when its deadline or the load ended'),
  unfollowed: count
    .optional()
    .describe('started, and not followed: their end shows in the database alone; absent for none'),
  timeToCompleteMs: LatencySummary.nullable().describe('start request sent → run seen completed'),
});
export type FollowedDispatches = z.infer<typeof FollowedDispatches>;

/** A part of the load with one intent: a step of a stress scenario, or one saturation probe. */
export const LoadPhase = z.object({
  name: z.string(),
  startSecond: z.number().nonnegative(),
  durationSeconds: z.number().nonnegative(),
  targetRatePerSecond: z
    .number()
    .nonnegative()
    .nullable()
    .describe('iterations asked for; null in a closed loop'),
  concurrency: count.nullable().describe('connections of a closed loop; null in an open model'),
  endpoint: z.string().nullable().describe('set when the phase drives a single endpoint'),
  requests: count,
  errors: count,
  throughputPerSecond: z.number().nonnegative(),
  p50Ms: milliseconds.nullable(),
  p95Ms: milliseconds.nullable(),
});
export type LoadPhase = z.infer<typeof LoadPhase>;

/** What a load generator reports. Produced by the adapters in `load-generators/`. */
export const LoadReport = z.object({
  generator: z.enum(['k6', 'autocannon', 'scripted']),
  generatorVersion: z.string(),
  model: z
    .enum(['open', 'closed'])
    .describe('open: arrivals on schedule; closed: next request after the answer'),
  durationMs: milliseconds.describe('first request sent → last answer'),
  requests: count,
  errors: count,
  droppedIterations: count.describe('arrivals that found no free VU; more than 0 censors the latency'),
  interruptedIterations: count,
  exceptions: count.describe('iterations that threw'),
  mismatches: count.describe('answers with the right status and the wrong body'),
  throughputPerSecond: z.number().nonnegative().describe('requests answered without error per second'),
  endpoints: z.array(EndpointLoad),
  phases: z.array(LoadPhase),
  series: z.array(SeriesPoint),
  dispatches: FollowedDispatches,
  ownScript: z
    .string()
    .optional()
    .describe("name of the user's own k6 script; absent where the traffic is planned by the harness"),
  files: z.array(z.string()).describe('raw files, relative to the folder of the run'),
  warnings: z.array(z.string()),
});
export type LoadReport = z.infer<typeof LoadReport>;

/** CPU time used while the load ran. `null` where this platform cannot tell. */
export const CpuUse = z.object({
  wallMs: milliseconds,
  postgresMs: milliseconds.nullable(),
  serviceMs: milliseconds.nullable(),
  generatorMs: milliseconds.nullable(),
  harnessMs: milliseconds,
  machineBusyRatio: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('busy share of all cores, whoever used them'),
  stealRatio: z.number().min(0).max(1).nullable().describe('share of CPU time taken by the hypervisor'),
});
export type CpuUse = z.infer<typeof CpuUse>;

export const DatabaseLoad = z.object({
  queries: count,
  transactions: count,
  rowsReturned: count,
  blocksHit: count,
  blocksRead: count,
  walBytes: count.nullable(),
  temporaryBytes: count,
  deadlocks: count,
  databaseMs: milliseconds,
  checkpoints: count.nullable(),
  autovacuums: count,
  statements: z.array(StatementCost).describe('the costliest, at most 20'),
});
export type DatabaseLoad = z.infer<typeof DatabaseLoad>;

export const ThresholdResult = z.object({
  name: z.string().describe('for example "p95 of GET /api/v1/bookings"'),
  unit: z.enum(['ms', 'ratio', 'count']),
  limit: z.number(),
  measured: z.number().nullable().describe('null when there was nothing to judge'),
  passed: z.boolean(),
});
export type ThresholdResult = z.infer<typeof ThresholdResult>;

/** What the probe wrote, for the comparison of variants: a faster wrong answer is a failure. */
export const Outcome = z.object({
  companyDays: z.array(z.string()).describe('keys of the probed offers, in order'),
  assignments: count,
  assignmentsDigest: z.string().describe('SHA-256 of the assignments, without ids and clock times'),
  bookingStatuses: z.record(z.string(), count).describe('bookings of those company-days by status'),
  responseShapes: z.record(z.string(), z.string()).describe('endpoint → hash of the shape of its answer'),
  answersDigest: z
    .string()
    .describe('SHA-256 of what was answered, without ids that order gives and clock times'),
});
export type Outcome = z.infer<typeof Outcome>;

/** Dispatches of one variant without a break, one after another; the other variant waits meanwhile. */
export const Slice = z.object({
  position: count.describe('place in the order of the pair, over all of its variants, from 0'),
  startedMs: milliseconds.describe('since the first slice of the pair began'),
  dispatchMs: z.array(milliseconds).describe('request sent to answer received of each dispatch, in order'),
});
export type Slice = z.infer<typeof Slice>;

/** One variant's side of a pair: the same fixed list of dispatches as the other side, in slices that alternate with it. */
export const Round = z.object({
  warmUpDispatches: count.describe('run first, in slices as well, and not recorded'),
  sliceSize: count.describe('dispatches of a slice; the last one may be shorter'),
  slices: z.array(Slice),
  dispatches: count,
  assigned: count,
  phases: z
    .object({ loadMs: milliseconds, decideMs: milliseconds, applyMs: milliseconds })
    .nullable()
    .describe('as the service timed them, summed over the dispatches; null where it does not'),
  pairLoadMs: milliseconds.describe(
    'first dispatch of the warm-up to last answer, of all variants of the pair',
  ),
  databaseMs: milliseconds
    .nullable()
    .describe('execution time of its statements; null where they are not counted'),
  queries: count.nullable(),
  serviceCpuMs: milliseconds
    .nullable()
    .describe('CPU time of the service; null where this platform cannot tell'),
  backendCpuMs: milliseconds.nullable().describe('CPU time of its database sessions'),
});
export type Round = z.infer<typeof Round>;

/** What an experiment does to a variant beyond its switches, to see whether it would be noticed. */
export const VariantChanges = z.object({
  injectedSlowdownRatio: z
    .number()
    .nonnegative()
    .describe('busy time added to each request ÷ its service time'),
  droppedIndexes: z.array(z.string()),
});
export type VariantChanges = z.infer<typeof VariantChanges>;

export const RunRecord = z.object({
  schema: z.literal('rushhour.run/2'),
  id: z.string(),
  state: ResultState,
  failure: z.string().nullable(),
  startedAt: isoTime,
  endedAt: isoTime,
  scenario: z.string(),
  variant: z.string().describe('in an experiment the name it has there, see `arms`'),
  changes: VariantChanges,
  traffic: z
    .object({
      durationFactor: z.number().positive(),
      rateFactor: z.number().positive(),
      randomSeed: z.number().int(),
    })
    .describe('how the scenario was scaled; 1 is as written'),
  dataset: DatasetIdentity,
  environment: Environment,
  probe: Probe.nullable(),
  round: Round.nullable().describe('null unless the run is one side of a pair of alternating slices'),
  loads: z.array(
    z.object({
      report: LoadReport,
      cpu: CpuUse,
      database: DatabaseLoad.nullable().describe('null where the server cannot count statements'),
      thresholds: z.array(ThresholdResult),
    }),
  ),
  skippedLoads: z.array(z.object({ generator: z.string(), reason: z.string() })),
  outcome: Outcome.nullable(),
  warnings: z.array(z.string()),
});
export type RunRecord = z.infer<typeof RunRecord>;
export type MeasuredLoad = RunRecord['loads'][number];
