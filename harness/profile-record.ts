/** The shape of a profile in `results/`. Units and conventions as in `result.ts`. */
import { z } from 'zod';
import { GrowthRecord } from './profiling/growth-record.ts';
import {
  SlowStatements,
  StatementPlans,
  StatementVisibilityRecord,
  TimeShare,
} from './profiling/statement-record.ts';
import { DatasetIdentity, Environment, offerKey, ResultState } from './result.ts';

const count = z.number().int().nonnegative();
const milliseconds = z.number().nonnegative();

/** One dispatch alone, as the tap between service and database heard it and as the database counted it. */
export const ProfiledDispatchRecord = z.object({
  ...offerKey,
  offered: count,
  assigned: count,
  wallMs: milliseconds.describe('request sent to answer received, through the tap'),
  undisturbedMs: milliseconds.describe('the same dispatch on another fresh clone, without the tap'),
  waitMs: milliseconds.describe('time in which at least one session waited for the database'),
  statements: count.describe('executed, transaction control included'),
  roundTrips: count,
  commits: count.describe('transactions that wrote'),
  counted: z
    .object({ statements: count, rows: count, blocks: count, walBytes: count, databaseMs: milliseconds })
    .nullable()
    .describe('by pg_stat_statements; null where it cannot be read'),
});
export type ProfiledDispatchRecord = z.infer<typeof ProfiledDispatchRecord>;

export const ProfileRecord = z.object({
  schema: z.literal('rushhour.profile/1'),
  id: z.string(),
  state: ResultState,
  failure: z.string().nullable(),
  startedAt: z.string().describe('ISO 8601 instant, UTC'),
  endedAt: z.string().describe('ISO 8601 instant, UTC'),
  variant: z.string(),
  dataset: DatasetIdentity,
  environment: Environment,
  warmUpDispatches: count,
  dispatches: z.array(ProfiledDispatchRecord),
  timeShare: TimeShare,
  visibility: StatementVisibilityRecord,
  statements: SlowStatements,
  plans: z.array(StatementPlans),
  growth: GrowthRecord,
  warnings: z.array(z.string()),
});
export type ProfileRecord = z.infer<typeof ProfileRecord>;
