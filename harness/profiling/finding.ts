/** Defects in how a unit of work uses its database, each with evidence, cost and a suggested shape. */
import { z } from 'zod';
import { Dimension, GrowthPoint, GrowthVerdict, Judgement, Sizes } from './judgement.ts';

export const FindingKind = z
  .enum([
    'n-plus-one',
    'n-times-m',
    'row-by-row-write',
    'commit-per-row',
    'transaction-per-row',
    'redundant-query',
  ])
  .describe(
    'transaction-per-row: transactions or savepoints for each row, of which no write was seen; ' +
      'redundant-query: the same statement with the same parameters again',
  );
export type FindingKind = z.infer<typeof FindingKind>;

export const Suggestion = z.object({
  sentence: z.string(),
  sql: z
    .string()
    .nullable()
    .describe('a sketch with the names of the statement; null where words say it all'),
});
export type Suggestion = z.infer<typeof Suggestion>;

export const FindingCost = z.object({
  sizes: Sizes.describe('the size the cost is for'),
  own: z
    .boolean()
    .describe("the user's size; false: the largest that was measured, for want of a size of theirs"),
  beyond: z.boolean().describe('larger than what was measured, so the figures are estimated along the fit'),
  calls: z.number().nonnegative().describe('calls that a better shape saves, at this size'),
  waitPerCallMs: z
    .number()
    .nonnegative()
    .nullable()
    .describe(
      'median over samples of the mean wait of a call as the service saw it, on the data of the user where it was measured there; null: not measured',
    ),
  totalMs: z.number().nonnegative().nullable().describe('calls · waitPerCallMs; null: not measured'),
});
export type FindingCost = z.infer<typeof FindingCost>;

export const Finding = z.object({
  kind: FindingKind,
  unit: z.string(),
  statement: z
    .string()
    .nullable()
    .describe('folded text; null: commits of statements outside of a transaction'),
  verdict: GrowthVerdict,
  dimension: Dimension.nullable().describe('null for what is repeated whatever the size'),
  alsoFits: z.array(Dimension),
  slope: z.number().nullable().describe('calls for each one of the dimension; null without a line'),
  intercept: z.number().nullable(),
  r2: z.number().nullable(),
  fit: Judgement.shape.fit,
  plateau: Judgement.shape.plateau,
  repeatsAgree: z.boolean(),
  points: z.array(GrowthPoint),
  cost: FindingCost,
  suggestion: Suggestion,
  sentence: z.string().describe('the finding in words, with its numbers'),
});
export type Finding = z.infer<typeof Finding>;

/** A statement that is no finding, and why: it is batched, or there is no verdict. */
export const GrowthNote = z.object({
  unit: z.string(),
  statement: z.string().nullable(),
  verdict: GrowthVerdict,
  reason: z.string().describe('why, with its numbers'),
  sentence: z.string().describe('the reason with the statement it is about'),
});
export type GrowthNote = z.infer<typeof GrowthNote>;
