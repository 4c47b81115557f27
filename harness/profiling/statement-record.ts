/**
 * Shapes of what a profile says of statements, their plans and the time of a dispatch; part of `rushhour.profile/1`. Units
 * are in the names; a ratio is 0–1; times are milliseconds.
 */
import { z } from 'zod';

const count = z.number().nonnegative();
const milliseconds = z.number().nonnegative();
const ratio = z.number().min(0).max(1);

/** A figure of every probe: its median and its range. */
export const Spread = z.object({ median: z.number(), low: z.number(), high: z.number() });
export type Spread = z.infer<typeof Spread>;

export const StatementVisibilityRecord = z.object({
  state: z.enum(['full', 'partial', 'none']),
  missing: z.array(z.string()).describe('what cannot be seen, why, and how to see it: a sentence each'),
});

/** Where the wall time of a dispatch goes. They do not overlap. */
export const TIME_PARTS = ['reads', 'writes', 'commits', 'roundTrips', 'service'] as const;
export type TimePart = (typeof TIME_PARTS)[number];

export const TimeShare = z.object({
  probes: z.number().int().positive(),
  wallMs: Spread,
  databaseShare: Spread.describe(
    'time in which the service waited for its database, over all sessions once, ÷ wall time: the most that any change to the database can save',
  ),
  roundTrips: Spread.describe('waits for the database per dispatch'),
  parts: z
    .array(z.object({ part: z.enum(TIME_PARTS), ms: Spread, share: Spread }))
    .describe('medians over probes, so their sum may differ a little from the wall time'),
  warnings: z.array(z.string()),
});
export type TimeShare = z.infer<typeof TimeShare>;

/** One statement, all its constants folded. */
export const ProfiledStatement = z.object({
  statement: z.string().describe('folded text'),
  callsPerDispatch: count,
  rowsPerDispatch: count.describe('returned or written'),
  meanMs: milliseconds.nullable().describe('of one call; null when no time was seen'),
  timeShare: ratio.nullable().describe('of the time of all statements'),
  blocksPerDispatch: count.nullable().describe('shared blocks hit + read; null when not counted'),
  blocksPerRow: count.nullable().describe('null without rows'),
  walBytesPerDispatch: count.nullable(),
  slow: z
    .array(z.enum(['often', 'long', 'share']))
    .describe('definitions of slow that it meets; none: it is not slow'),
});
export type ProfiledStatement = z.infer<typeof ProfiledStatement>;

export const SlowStatements = z.object({
  dispatches: z.number().int().positive().describe('what calls were counted over'),
  clock: z
    .enum(['database', 'service'])
    .describe('database: execution in the server; service: the wait for the answer, round trip included'),
  definitions: z.array(z.string()).describe('the fixed definitions of slow, in words'),
  slow: z.number().int().nonnegative().describe('statements that meet one of them'),
  atThreshold: z.object({
    thresholdMs: milliseconds.describe('set by the user'),
    statements: z.number().int().nonnegative().describe('with a mean of at least that'),
  }),
  statements: z.array(ProfiledStatement).describe('all, most time first'),
});
export type SlowStatements = z.infer<typeof SlowStatements>;

export const NODE_MARKS = [
  'rows-removed',
  'misestimate',
  'spill',
  'heap-fetches',
  'scan-for-few',
  'most-of-time',
] as const;
export type NodeMark = (typeof NODE_MARKS)[number];

/** A node of a plan, with those under it. Numbers of an analysed plan are over all loops. */
export interface PlanNode {
  type: string;
  target: string | null;
  condition: string | null;
  plannedRows: number;
  rows: number | null;
  loops: number | null;
  ownMs: number | null;
  ownBlocks: number | null;
  marks: { mark: NodeMark; severity: 'telling' | 'extreme'; sentence: string }[];
  children: PlanNode[];
}

export const PlanNode: z.ZodType<PlanNode> = z.object({
  type: z.string().describe('for example "Seq Scan" or "Hash Left Join"'),
  target: z.string().nullable().describe('table, and index where one is used'),
  condition: z.string().nullable().describe('what rows are looked up or filtered by'),
  plannedRows: count.describe('per loop'),
  rows: count.nullable().describe('all loops together; null where it was not executed'),
  loops: count.nullable(),
  ownMs: milliseconds.nullable().describe('without the nodes under it'),
  ownBlocks: count.nullable().describe('shared blocks hit + read, without the nodes under it'),
  marks: z.array(
    z.object({
      mark: z.enum(NODE_MARKS),
      severity: z.enum(['telling', 'extreme']),
      sentence: z.string(),
    }),
  ),
  get children() {
    return z.array(PlanNode);
  },
});

export const Plan = z.object({
  root: PlanNode,
  executionMs: milliseconds.nullable().describe('null for a plan that was not executed'),
  planningMs: milliseconds.nullable(),
  triggers: z
    .array(z.object({ name: z.string(), calls: count, ms: milliseconds }))
    .describe('triggers and foreign key checks, which no node holds'),
  settings: z.record(z.string(), z.string()).describe('planner settings that differ from the default'),
});
export type Plan = z.infer<typeof Plan>;

/** A plan, or why there is none. */
export const PlanOrReason = z.union([
  Plan,
  z.object({ unavailable: z.string().describe('why, in a sentence') }),
]);
export type PlanOrReason = z.infer<typeof PlanOrReason>;

export const StatementPlans = z.object({
  statement: z.string().describe('folded text'),
  generic: PlanOrReason.describe('made without knowing the parameters'),
  analysed: PlanOrReason.describe('executed on a clone with the parameters of a captured call'),
  call: z
    .object({ number: z.number().int().positive(), of: z.number().int().positive() })
    .nullable()
    .describe('which captured call was analysed; null when none was'),
});
export type StatementPlans = z.infer<typeof StatementPlans>;
