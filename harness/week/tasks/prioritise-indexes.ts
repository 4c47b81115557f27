/** Day 1: which indexes the baseline wants most, verified by replaying with them or ranked by the planner. */
import { adviseVariant } from '../../advice/advise-variant.ts';
import { captureVariant } from '../../advice/capture-variant.ts';
import type { IndexDefinition } from '../../advice/index-definition.ts';
import { rankByPlanner } from '../../advice/rank-by-planner.ts';
import { requireStatementCounters } from '../../advice/statement-counters.ts';
import { loadStatementParser } from '../../capture/statement-identity.ts';
import { countOf, formatCount } from '../../quantity.ts';
import type { PreparedDataset } from '../../targets/target.ts';
import type { PriorityFact } from '../../week-record.ts';
import { prioritiesOf, type WantedIndex } from './index-priorities.ts';
import { migrationIndexes } from './migration-indexes.ts';
import { emptyTaskFolder } from './task-folder.ts';
import { weekDataset } from './week-target.ts';
import type { WeekContext, WeekTask } from './week-task.ts';

export const prioritiesTask: WeekTask<'priorities'> = {
  id: 'priorities',
  title: 'priority list of indexes',
  days: [1],
  expectedSeconds: ({ advice, shape }) =>
    advice.rounds === 0
      ? 5 + Math.round(shape.history / 20_000)
      : 10 + Math.round((advice.dispatches * shape.history) / 1_100),
  run: prioritiseIndexes,
  lines: priorityLines,
};

const FOLDER = 'advice';
const VARIANT = 'baseline';

async function prioritiseIndexes(context: WeekContext): Promise<PriorityFact> {
  const { plan } = context;
  await loadStatementParser();
  const dataset = await weekDataset(context, VARIANT);
  const reference = await migrationIndexes(context);
  const verified = plan.advice.rounds > 0;
  const wanted = verified
    ? await verifiedIndexes(context, dataset, reference)
    : await promisedIndexes(context, dataset);
  return { folder: verified ? FOLDER : null, verified, indexes: prioritiesOf(wanted, reference) };
}

/** The whole advice, in a folder of its own. */
async function verifiedIndexes(
  context: WeekContext,
  dataset: PreparedDataset,
  reference: readonly IndexDefinition[],
): Promise<WantedIndex[]> {
  await requireStatementCounters(context.server);
  const place = await emptyTaskFolder(context, FOLDER);
  const request = { variant: VARIANT, ...context.plan.advice };
  const { advice } = await adviseVariant(context, request, { dataset, place, reference });
  return advice.advised.map(({ index, judgement }) => ({ index, judgement, costSaved: null }));
}

/** What the planner promises: quick, and an estimate. */
async function promisedIndexes(context: WeekContext, dataset: PreparedDataset): Promise<WantedIndex[]> {
  const { advice } = context.plan;
  const request = { variant: VARIANT, dispatches: advice.dispatches };
  const captured = await captureVariant(context, request, dataset);
  const ranked = await rankByPlanner(captured, context.progress, advice.perRound);
  return ranked
    .filter(({ costSaved }) => costSaved > 0)
    .map(({ candidate, costSaved }) => ({ index: candidate, judgement: null, costSaved }));
}

const MOST_SHOWN = 3;

function priorityLines({ verified, indexes }: PriorityFact): string[] {
  const inMigration = indexes.filter((one) => one.inMigration !== null).length;
  const how = verified ? 'verified by replays' : 'by estimated cost, not verified';
  const first = indexes.slice(0, MOST_SHOWN);
  return [
    `${countOf(indexes.length, 'index', 'indexes')} wanted, ${how}; the migration has ${formatCount(inMigration)} of them`,
    ...first.map(({ description, blocksSaved, estimatedCostSaved }) =>
      blocksSaved === null
        ? `${description}: saves an estimated cost of ${formatCount(Math.round(estimatedCostSaved ?? 0))}`
        : `${description}: saves ${formatCount(blocksSaved)} blocks`,
    ),
  ];
}
