/** What the calls of one statement do as the work grows: the judgement and the evidence it rests on. */
import { z } from 'zod';

const count = z.number().int().nonnegative();

export const Dimension = z.enum(['bookings', 'assignments', 'trips', 'drivers', 'companies', 'items']);
export type Dimension = z.infer<typeof Dimension>;

/** Sizes of one unit of work, by dimension. */
export const Sizes = z.partialRecord(Dimension, count);
export type Sizes = z.infer<typeof Sizes>;

export const GrowthVerdict = z
  .enum([
    'n-plus-one',
    'superlinear',
    'saturating',
    'redundant',
    'batched',
    'constant',
    'erratic',
    'irregular',
    'not-established',
  ])
  .describe(
    'n-plus-one: a call for each; superlinear: N×M; saturating: a call for each until all parents are known; ' +
      'redundant: more calls of the same; erratic, irregular, not-established: no verdict',
  );
export type GrowthVerdict = z.infer<typeof GrowthVerdict>;

/** Calls as a sum: `intercept` and, for each term, its slope times the product of its dimensions. */
export const GrowthFit = z.object({
  intercept: z.number(),
  terms: z.array(
    z.object({
      of: z.array(Dimension).describe('one dimension, or two whose product counts'),
      slope: z.number().describe('calls for each'),
    }),
  ),
  r2: z.number().describe('share of the variation that the fit explains; 1 is all'),
  exact: z.boolean().describe('every repeat of every size lies on it'),
});
export type GrowthFit = z.infer<typeof GrowthFit>;

export const GrowthPoint = z.object({
  sample: z.string(),
  sizes: Sizes,
  calls: z.array(count).describe('of each repeat'),
});
export type GrowthPoint = z.infer<typeof GrowthPoint>;

export const Judgement = z.object({
  unit: z.string().describe('dispatch, or an endpoint'),
  statement: z.string().nullable().describe('folded text; null: commits that wrote, whatever the statement'),
  verdict: GrowthVerdict,
  dimension: Dimension.nullable().describe('what it grows with; null where it does not, or it is not known'),
  alsoFits: z.array(Dimension).describe('dimensions that explain it as well: they varied together'),
  fit: GrowthFit.nullable().describe('null without a line'),
  chunk: z
    .object({ least: count, most: count })
    .nullable()
    .describe('rows of one batch; equal when the sizes leave one answer only'),
  plateau: z
    .object({ calls: z.number(), parents: Dimension.nullable() })
    .nullable()
    .describe('saturating: the most calls seen, and the dimension that bounds them where one does'),
  repeatsAgree: z.boolean().describe('equal work always made the same number of calls'),
  repeated: z
    .object({ calls: count, distinctParameters: count })
    .nullable()
    .describe('where it was called most, when at most half of its calls had parameters of their own'),
  points: z.array(GrowthPoint),
  reason: z.string().describe('the verdict in words, with its numbers'),
});
export type Judgement = z.infer<typeof Judgement>;
