/**
 * The shape of the history of nightly runs: one line of NDJSON for each night, append-only. Units and conventions as in `result.ts`;
 * every ratio is candidate ÷ reference, so that more than 1 is slower.
 */
import { z } from 'zod';
import { CountDifference, Verdict } from './experiment-record.ts';
import { ResultState } from './result.ts';

const count = z.number().int().nonnegative();

/** What was measured on one side: everything that has to be pinned for it to be the same again. */
export const Revision = z.object({
  ref: z.string().describe('as it was asked for: a tag, a branch, HEAD'),
  commit: z.string().describe('what it led to, 40 hex digits'),
  lockfile: z
    .object({ path: z.string(), hash: z.string().describe('SHA-256, hex') })
    .nullable()
    .describe('of the checkout; null where it has none'),
});
export type Revision = z.infer<typeof Revision>;

/**
 * What a night, or one scenario of it, says. `fine` is proven: no change larger than the band. `inconclusive` is not: a change of the size
 * that matters could hide in the interval; `too-noisy` if it could have hidden in any interval of this machine. Only `regressed`, which
 * a second experiment or exact counters confirmed, fails a gate.
 */
export const NightVerdict = z.enum([
  'regressed',
  'failed',
  'not-comparable',
  'too-noisy',
  'inconclusive',
  'slower',
  'fine',
  'faster',
  'improved',
]);
export type NightVerdict = z.infer<typeof NightVerdict>;

/** One metric of one scenario of one night, measured side by side. */
export const NightTiming = z.object({
  metric: z.string(),
  unit: z.string(),
  role: z.enum(['gate', 'exploratory']),
  referenceMedian: z.number(),
  candidateMedian: z.number(),
  pairs: count,
  ratio: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  level: z.number().nullable(),
  delta: z.number().describe('the band of no interest: ±delta as a ratio'),
  detectableRatio: z.number().nullable(),
  regressionRatio: z.number().nullable(),
  tooNoisy: z.boolean(),
  verdict: Verdict,
});
export type NightTiming = z.infer<typeof NightTiming>;

/** One exact counter per dispatch. */
export const NightCounter = z.object({
  metric: z.string(),
  unit: z.string(),
  reference: z.number(),
  candidate: z.number(),
  repeatsAgree: z.boolean().describe('false: near-exact, never compared with stored nights'),
});
export type NightCounter = z.infer<typeof NightCounter>;

/** Exact counters of the candidate against the newest stored night that may be compared with it. */
export const StoredCounters = z.object({
  state: z
    .enum(['first', 'same', 'changed', 'rebaselined'])
    .describe('first: no night before it; rebaselined: the key of the nights before it is another'),
  night: z.string().nullable().describe('id of the night it was compared with'),
  reason: z.string().nullable().describe('of rebaselined: what differs, in words'),
  changes: z.array(z.object({ metric: z.string(), unit: z.string(), before: z.number(), now: z.number() })),
});
export type StoredCounters = z.infer<typeof StoredCounters>;

/** Last measured commit against the candidate, in pairs of their own: asked only when a night moved away from the one before it. */
export const SinceLastNight = z.object({
  night: z.string().describe('id of the earlier night'),
  commit: z.string().describe('its candidate'),
  verdict: NightVerdict,
  headline: z.string(),
  resultId: z.string(),
});
export type SinceLastNight = z.infer<typeof SinceLastNight>;

export const NightScenario = z.object({
  scenario: z.string(),
  resultId: z.string().nullable().describe('folder in results/; null when it failed before there was one'),
  state: ResultState,
  failure: z.string().nullable(),
  datasetDigest: z.string().nullable(),
  postgres: z
    .object({ version: z.string(), settingsHash: z.string() })
    .nullable()
    .describe('with the dataset, the key under which exact counters may be compared across nights'),
  verdict: NightVerdict,
  headline: z.string().describe('without the verdict word'),
  refusals: z.array(z.string()).describe('why the two may not be compared'),
  timings: z.array(NightTiming),
  counters: z.array(NightCounter),
  differences: z.array(CountDifference),
  stored: StoredCounters,
  sinceLastNight: SinceLastNight.nullable(),
  wallMs: z.number().nonnegative(),
});
export type NightScenario = z.infer<typeof NightScenario>;

export const NightRecord = z.object({
  schema: z.literal('rushhour.night/1'),
  id: z.string().describe('unique among the nights of all branches and machines'),
  at: z.string().describe('ISO 8601 instant, UTC, at which it began'),
  origin: z
    .enum(['measured', 'recorded'])
    .describe('recorded: made from an earlier measurement, to show or to test something'),
  target: z.string(),
  configDigest: z.string().nullable(),
  branch: z.string().nullable(),
  machine: z.string().describe('fingerprint'),
  reference: Revision,
  candidate: Revision,
  scenarios: z.array(NightScenario),
  verdict: NightVerdict.describe('the worst of its scenarios'),
  headline: z.string().describe('without the verdict word'),
});
export type NightRecord = z.infer<typeof NightRecord>;
