import type { Progress } from '../progress.ts';
import { askPlanner } from './ask-planner.ts';
import { buildCandidates } from './candidates.ts';
import { readCatalogue } from './catalogue.ts';
import { onClone, type WorkloadContext } from './measure-workload.ts';
import { readStatements } from './planned-statements.ts';
import { type RankedCandidate, rankCandidates } from './rank-candidates.ts';

/**
 * The indexes that the planner promises most of, none of them verified: its cost is an estimate.
 * @param most how many at most
 * @throws HarnessError INTERRUPTED, DATABASE_FAILED
 */
export async function rankByPlanner(
  context: WorkloadContext,
  progress: Progress,
  most: number,
): Promise<RankedCandidate[]> {
  const catalogue = await onClone(context, readCatalogue);
  const { statements, uses } = readStatements(context.workload, catalogue);
  const { candidates } = buildCandidates(uses, catalogue);
  const screening = await progress.step(`Ask the planner about ${candidates.length} indexes`, (update) =>
    askPlanner(context, { statements, beside: [], candidates }, update),
  );
  return rankCandidates(screening, most);
}
