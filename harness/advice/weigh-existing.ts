import type { Progress } from '../progress.ts';
import { type CatalogueIndex, readCatalogue } from './catalogue.ts';
import { type ExistingVerdict, judgeExisting } from './judge-existing.ts';
import type { IndexJudgement } from './judge-index.ts';
import { leaveOutExisting } from './leave-out-existing.ts';
import { onClone, type WorkloadContext } from './measure-workload.ts';
import { layGround } from './replay-ground.ts';

/** An index that is there, by what the workload costs without it. */
export interface WeighedIndex {
  readonly index: CatalogueIndex;
  readonly judgement: IndexJudgement;
  readonly verdict: ExistingVerdict;
}

/**
 * Weighs each index that is there and could be dropped: the workload is replayed without it, with all others in place.
 * @throws HarnessError INTERRUPTED, DATABASE_FAILED
 */
export async function weighExisting(context: WorkloadContext, progress: Progress): Promise<WeighedIndex[]> {
  const catalogue = await onClone(context, readCatalogue);
  const { measure, before, stable } = await layGround(context, progress);
  const judged = await leaveOutExisting(
    { progress, catalogue, measure },
    { indexes: [], measurement: before },
    { initial: before, stable },
  );
  return judged.map(({ index, judgement }) => ({
    index,
    judgement,
    verdict: judgeExisting(index, judgement, catalogue.indexes),
  }));
}
