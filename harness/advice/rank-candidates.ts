import type { ScreenedCandidate, Screening } from './screen.ts';

/** A share of all planned cost below which a candidate is not worth a replay. */
const LEAST_SHARE = 1e-4;

/**
 * The candidates that are worth measuring, most promising first: each is the one that lowers the planner's cost of the
 * workload most, given those before it. So different statements get their candidates before one statement gets two.
 *
 * @param most how many at most
 */
export function rankCandidates({ screened, costsBefore }: Screening, most: number): ScreenedCandidate[] {
  const costs = costsBefore.map((cost) => cost ?? 0);
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  const ranked: ScreenedCandidate[] = [];
  const left = screened.filter(({ costs: own }) => own.size > 0);
  while (ranked.length < most && left.length > 0) {
    const [best, saving] = mostSaving(left, costs);
    if (!best || saving <= total * LEAST_SHARE) break;
    ranked.push(best);
    left.splice(left.indexOf(best), 1);
    for (const [place, cost] of best.costs) costs[place] = Math.min(costs[place] ?? 0, cost);
  }
  return ranked;
}

/** Of those that save as much, the one with fewer keys. */
function mostSaving(
  candidates: readonly ScreenedCandidate[],
  costs: readonly number[],
): [ScreenedCandidate | null, number] {
  let best: ScreenedCandidate | null = null;
  let most = 0;
  for (const one of candidates) {
    const saving = [...one.costs].reduce(
      (sum, [place, cost]) => sum + Math.max(0, (costs[place] ?? 0) - cost),
      0,
    );
    const isShorter = best !== null && one.candidate.keys.length < best.candidate.keys.length;
    if (saving > most * (1 + 1e-9) || (saving > most * (1 - 1e-9) && isShorter)) {
      best = one;
      most = Math.max(most, saving);
    }
  }
  return [best, most];
}
