/** Finds a set of indexes in rounds: ask the planner about many, replay the promising ones, take what pays. */
import type { Progress } from '../progress.ts';
import { askPlanner } from './ask-planner.ts';
import type { IndexCandidate } from './candidates.ts';
import {
  addIndexes,
  type Choice,
  type Chooser,
  type JudgedChoice,
  type MeasuredSet,
} from './choose-indexes.ts';
import { describeIndex, type IndexDefinition } from './index-definition.ts';
import type { WorkloadContext } from './measure-workload.ts';
import { rankCandidates } from './rank-candidates.ts';
import type { PlannedStatement, Screening } from './screen.ts';

/** What was left aside without a replay. */
export interface AdviceScreening {
  readonly candidates: number;
  readonly unused: readonly IndexCandidate[];
  readonly impossible: readonly { candidate: IndexCandidate; failure: string }[];
  /** Used by some plan, but another candidate promised as much, or the rounds were over. */
  readonly waiting: readonly IndexCandidate[];
}

interface Grower {
  readonly context: WorkloadContext;
  readonly progress: Progress;
  readonly statements: readonly PlannedStatement[];
  readonly chooser: Chooser<IndexDefinition>;
}

/** Rounds of screening and measuring, each on top of what the rounds before have taken, until one takes nothing. */
export async function growSet(
  { context, progress, statements, chooser }: Grower,
  start: MeasuredSet<IndexDefinition>,
  candidates: readonly IndexCandidate[],
  { rounds, perRound }: { readonly rounds: number; readonly perRound: number },
): Promise<Choice<IndexDefinition> & { readonly screening: AdviceScreening }> {
  let set = start;
  let left = candidates;
  const refused: JudgedChoice<IndexDefinition>[] = [];
  let screening: Screening = { screened: [], costsBefore: [] };
  const first: { screening: Screening | null } = { screening: null };
  for (let round = 1; round <= rounds && left.length > 0; round++) {
    screening = await progress.step(
      `Round ${round}: ask the planner about ${left.length} indexes`,
      (update) => askPlanner(context, { statements, beside: set.indexes, candidates: left }, update),
    );
    first.screening ??= screening;
    const ranked = rankCandidates(screening, perRound).map(({ candidate }) => candidate);
    if (ranked.length === 0) break;
    const taken = await progress.step(`Round ${round}: replay with ${ranked.length} indexes`, (update) =>
      addIndexes(set, ranked, {
        ...chooser,
        measure: (indexes) => {
          const last = indexes.at(-1);
          if (last) update(describeIndex(last));
          return chooser.measure(indexes);
        },
      }),
    );
    refused.push(...taken.refused);
    left = left.filter((one) => !ranked.includes(one));
    const isOver = taken.set.indexes.length === set.indexes.length;
    set = taken.set;
    if (isOver) break;
  }
  return { set, refused, screening: summaryOf(candidates, first.screening ?? screening, left) };
}

function summaryOf(
  candidates: readonly IndexCandidate[],
  { screened }: Screening,
  left: readonly IndexCandidate[],
): AdviceScreening {
  const impossible = screened.flatMap(({ candidate, failure }) =>
    failure === null ? [] : [{ candidate, failure }],
  );
  const unused = screened
    .filter(({ costs, failure }) => costs.size === 0 && failure === null)
    .map(({ candidate }) => candidate);
  const explained = new Set<IndexCandidate>([...unused, ...impossible.map(({ candidate }) => candidate)]);
  return {
    candidates: candidates.length,
    unused: unused.filter((one) => left.includes(one)),
    impossible,
    waiting: left.filter((one) => !explained.has(one)),
  };
}
