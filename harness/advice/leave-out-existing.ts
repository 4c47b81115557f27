import type { Progress } from '../progress.ts';
import { type Catalogue, type CatalogueIndex, findTable } from './catalogue.ts';
import type { JudgedChoice, MeasuredSet } from './choose-indexes.ts';
import type { IndexDefinition } from './index-definition.ts';
import { asNeighbour, servingNeighbour } from './judge-existing.ts';
import { type IndexTrial, judgeIndex } from './judge-index.ts';
import type { Measurement } from './measurement.ts';

/** Replays the workload with these new indexes and without those that are dropped. */
export type Measure = (
  create: readonly IndexDefinition[],
  drop: readonly CatalogueIndex[],
) => Promise<Measurement>;

/**
 * Each index that could be dropped is left out once, beside the advised ones. Those that another serves for are gone
 * meanwhile: of two that are equal the planner takes one, and the other would look unused.
 */
export async function leaveOutExisting(
  { progress, catalogue, measure }: { progress: Progress; catalogue: Catalogue; measure: Measure },
  { indexes, measurement }: MeasuredSet<IndexDefinition>,
  ground: Pick<IndexTrial, 'initial' | 'stable'>,
): Promise<JudgedChoice<CatalogueIndex>[]> {
  const removable = catalogue.indexes.filter(({ required }) => !required);
  if (removable.length === 0) return [];
  const neighbours = [...catalogue.indexes, ...indexes.map(asNeighbour)];
  const served = removable.filter((index) => servingNeighbour(index, neighbours) !== null);
  return progress.step(`Leave out each of ${removable.length} indexes that are there`, async (update) => {
    const withoutServed = await measure(indexes, served);
    const judged: JudgedChoice<CatalogueIndex>[] = [];
    for (const index of removable) {
      update(index.name);
      const isServed = served.includes(index);
      const withIndex = isServed ? measurement : withoutServed;
      const without = await measure(indexes, isServed ? [index] : [...served, index]);
      const { schema, table, name, bytes } = index;
      const tableBytes = findTable(catalogue, table, schema)?.bytes ?? 0;
      const facts = { name, table: `${schema}.${table}`, bytes, buildMs: null, tableBytes };
      judged.push({ index, judgement: judgeIndex(facts, { ...ground, without, withIndex }), beside: [] });
    }
    return judged;
  });
}
