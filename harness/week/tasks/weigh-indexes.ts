/** Day 2: what each index of the migration earns and costs, counted by replaying the work without it. */
import { captureVariant } from '../../advice/capture-variant.ts';
import type { CatalogueIndex } from '../../advice/catalogue.ts';
import { describeIndex } from '../../advice/index-definition.ts';
import { requireStatementCounters } from '../../advice/statement-counters.ts';
import { type WeighedIndex, weighExisting } from '../../advice/weigh-existing.ts';
import { loadStatementParser } from '../../capture/statement-identity.ts';
import { countOf, formatCount } from '../../quantity.ts';
import type { IndexValueFact } from '../../week-record.ts';
import { indexVerdict } from './index-verdict.ts';
import { weekDataset } from './week-target.ts';
import type { WeekContext, WeekTask } from './week-task.ts';

export const indexValueTask: WeekTask<'indexValue'> = {
  id: 'indexValue',
  title: 'what each index earns and costs',
  days: [2],
  expectedSeconds: ({ shape, advice }) => 6 + Math.round((advice.dispatches * shape.history) / 7_000),
  run: weighIndexes,
  lines: indexValueLines,
};

const VARIANT = 'indexes';

async function weighIndexes(context: WeekContext): Promise<IndexValueFact> {
  const { server, progress, plan } = context;
  const { advice } = plan;
  await requireStatementCounters(server);
  await loadStatementParser();
  const dataset = await weekDataset(context, VARIANT);
  const request = { variant: VARIANT, dispatches: advice.dispatches };
  const captured = await captureVariant(context, request, dataset);
  const weighed = await weighExisting(captured, progress);
  return { dispatches: advice.dispatches, indexes: weighed.map(indexValue).sort(byBlocksSaved) };
}

type IndexValue = IndexValueFact['indexes'][number];

function indexValue({ index, judgement, verdict }: WeighedIndex): IndexValue {
  const { scans, blocksSaved, blocksAdded, walBytesAdded, bytes, buildMs } = judgement;
  return {
    name: index.name,
    description: describeExisting(index),
    ...{ scans, blocksSaved, blocksAdded, walBytesAdded, bytes, buildMs },
    earns: verdict.word === 'earns',
    verdict: indexVerdict({ judgement, verdict }),
  };
}

/** Partial indexes and those on expressions say more than their columns. */
function describeExisting({ schema, table, keys, predicate, definition }: CatalogueIndex): string {
  const columns = keys.filter((key) => key !== null);
  const isPlain = columns.length === keys.length && predicate === null;
  return isPlain ? describeIndex({ schema, table, keys: columns }) : definition.replace(/^.* ON /, '');
}

function byBlocksSaved(one: IndexValue, other: IndexValue): number {
  return other.blocksSaved - one.blocksSaved;
}

function indexValueLines({ indexes }: IndexValueFact): string[] {
  const earning = indexes.filter(({ earns }) => earns);
  const idle = indexes.filter(({ earns }) => !earns);
  const [best] = earning;
  return [
    `${formatCount(earning.length)} of ${countOf(indexes.length, 'index', 'indexes')} earn what they cost`,
    ...(best ? [`most: ${best.description} ${best.verdict}`] : []),
    ...idle.slice(0, 2).map(({ description, verdict }) => `not: ${description} ${verdict}`),
  ];
}
