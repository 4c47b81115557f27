/** From indexes that are worth having to the priority list of the week. Pure. */
import { describeIndex, type IndexDefinition, isPrefix } from '../../advice/index-definition.ts';
import { type IndexJudgement, netSaving } from '../../advice/judge-index.ts';
import type { PriorityFact } from '../../week-record.ts';
import { declaredIndex } from './secondary-indexes.ts';

/** An index that is worth having, by what was counted or, without that, by the planner's estimate. */
export interface WantedIndex {
  readonly index: IndexDefinition;
  readonly judgement: Pick<IndexJudgement, 'blocksSaved' | 'blocksAdded' | 'walBytesAdded'> | null;
  readonly costSaved: number | null;
}

/**
 * What saves most first.
 * @param migration the indexes that the week creates
 */
export function prioritiesOf(
  wanted: readonly WantedIndex[],
  migration: readonly IndexDefinition[],
): PriorityFact['indexes'] {
  return [...wanted]
    .sort((a, b) => savingOf(b) - savingOf(a))
    .map(({ index, judgement, costSaved }) => ({
      description: describeIndex(index),
      table: declaredIndex(index).table,
      columns: declaredIndex(index).columns,
      blocksSaved: judgement?.blocksSaved ?? null,
      blocksAdded: judgement?.blocksAdded ?? null,
      estimatedCostSaved: judgement === null ? costSaved : null,
      inMigration: beginningWith(index, migration)?.name ?? null,
    }));
}

function savingOf({ judgement, costSaved }: WantedIndex): number {
  return judgement === null ? (costSaved ?? 0) : netSaving(judgement);
}

/** The index of the migration that begins with the same columns in the same order: the shortest, which is most like it. */
function beginningWith(
  { schema, table, keys }: IndexDefinition,
  migration: readonly IndexDefinition[],
): IndexDefinition | undefined {
  return migration
    .filter((one) => one.schema === schema && one.table === table && isPrefix(keys, one.keys))
    .sort((a, b) => a.keys.length - b.keys.length)[0];
}
