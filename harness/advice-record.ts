/** The shape of an index advice in `results/`. Units and conventions as in `result.ts`. */
import { z } from 'zod';
import { DatasetIdentity, Environment } from './result.ts';

const count = z.number().int().nonnegative();
const isoTime = z.string().describe('ISO 8601 instant, UTC');
const blocks = z.number().describe('shared blocks hit + read');

const TimeChange = z.object({
  pairs: count.describe('replays of both sides, alternated'),
  ratio: z.number().describe('Hodges–Lehmann estimate of after ÷ before'),
  low: z.number().nullable(),
  high: z.number().nullable().describe('exact 95 % signed-rank interval; null with fewer than 6 pairs'),
  beforeMs: z.number().describe('median of the pairs'),
  afterMs: z.number(),
});

export const AdvisedStatement = z.object({
  unit: z.string().describe('the piece of work that it is a part of'),
  statement: z.string(),
  calls: z.number().describe('in one unit'),
  writes: z.boolean(),
  blocksBefore: blocks,
  blocksAfter: blocks,
  walBytesBefore: z.number(),
  walBytesAfter: z.number(),
});
export type AdvisedStatement = z.infer<typeof AdvisedStatement>;

export const IndexAdvice = z.object({
  name: z.string(),
  schema: z.string(),
  table: z.string(),
  description: z.string().describe('table and columns, for people'),
  sql: z.string(),
  accepted: z.boolean(),
  failures: z.array(z.string()).describe('what it failed at, with the number'),
  beside: z.array(z.string()).describe('other new indexes that were there when it was counted'),
  scans: count,
  blocksSaved: blocks.describe('of statements that need fewer; one of each unit'),
  blocksAdded: blocks.describe('of statements that need more; one of each unit'),
  walBytesAdded: z.number(),
  units: z.array(z.object({ unit: z.string(), blocks: z.number(), walBytes: z.number() })).describe('saved'),
  best: AdvisedStatement.nullable(),
  worst: AdvisedStatement.nullable(),
  hotUpdates: z.object({ updates: count, without: count, with: count }).describe('of its table'),
  bytes: count,
  buildMs: z.number().nullable(),
});
export type IndexAdvice = z.infer<typeof IndexAdvice>;

export const ExistingIndex = z.object({
  name: z.string(),
  definition: z.string(),
  bytes: count,
  verdict: z.enum(['required', 'duplicate', 'prefix', 'unused', 'not-worth-its-writes', 'earns']),
  servedBy: z.string().nullable().describe('the index that serves as well'),
  advice: IndexAdvice.nullable().describe('what it earns; null for one that backs a constraint'),
});
export type ExistingIndex = z.infer<typeof ExistingIndex>;

export const AdviceUnit = z.object({
  unit: z.string(),
  times: count.describe('how often it was captured; all other numbers are of one'),
  statements: z.number(),
  blocksBefore: blocks,
  blocksAfter: blocks,
  blocksReference: blocks.nullable().describe('with the indexes of the migration; null without one'),
  walBytesBefore: z.number(),
  walBytesAfter: z.number(),
  walBytesReference: z.number().nullable(),
  time: TimeChange.nullable(),
});
export type AdviceUnit = z.infer<typeof AdviceUnit>;

export const AdviceRecord = z.object({
  schema: z.literal('rushhour.advice/1'),
  id: z.string(),
  startedAt: isoTime,
  endedAt: isoTime,
  variant: z.string(),
  dataset: DatasetIdentity,
  environment: Environment,
  request: z.object({ dispatches: count, rounds: count, perRound: count, pairs: count }),
  repeats: z
    .object({ blocksDiffer: count, statements: count, resultsCompared: count, results: count })
    .describe('two replays without new indexes: statements whose blocks differ, results that agree'),
  units: z.array(AdviceUnit).describe('pieces of work; the first is the dispatch'),
  advised: z.array(IndexAdvice),
  refused: z.array(IndexAdvice),
  screened: z.object({
    candidates: count,
    unused: z.array(z.string()).describe('no plan would use them'),
    waiting: z
      .array(z.string())
      .describe('a plan would; another index promised as much, or the rounds were over'),
    impossible: z.array(z.object({ index: z.string(), reason: z.string() })),
  }),
  spareTables: z.array(z.object({ table: z.string(), rows: count, reason: z.string() })),
  existing: z.array(ExistingIndex),
  reference: z.object({ bytes: count, indexes: z.array(IndexAdvice) }).nullable(),
  statements: z.array(AdvisedStatement).describe('that need other blocks or WAL with the advised indexes'),
  harmed: z.array(AdvisedStatement).describe('that only read and need over 10 % more blocks'),
  slower: z
    .array(z.object({ unit: z.string(), statement: z.string(), time: TimeChange }))
    .describe('significantly over 10 % slower, of those that were timed'),
  warnings: z.array(z.string()),
});
export type AdviceRecord = z.infer<typeof AdviceRecord>;
