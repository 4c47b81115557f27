import type { IndexCandidate } from './candidates.ts';
import { createIndexSql, type IndexDefinition } from './index-definition.ts';
import { onClone, type WorkloadContext } from './measure-workload.ts';
import { type PlannedStatement, type Screening, screenCandidates } from './screen.ts';

export interface PlannerQuestion {
  readonly statements: readonly PlannedStatement[];
  /** Indexes that are there meanwhile. */
  readonly beside: readonly IndexDefinition[];
  readonly candidates: readonly IndexCandidate[];
}

/** Screens candidates on a fresh clone. */
export async function askPlanner(
  context: Pick<WorkloadContext, 'server' | 'template' | 'signal'>,
  { statements, beside, candidates }: PlannerQuestion,
  update: (detail: string) => void,
): Promise<Screening> {
  return onClone(context, async (client) => {
    for (const index of beside) await client.query(createIndexSql(index));
    return screenCandidates(client, candidates, statements, (done) => {
      context.signal.throwIfAborted();
      update(`${done} of ${candidates.length}`);
    });
  });
}
