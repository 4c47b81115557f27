import type { ScreenedCandidate, Screening } from './screen.ts';

/** A share of all planned cost below which a candidate is not worth a replay. */
const LEAST_SHARE = 1e-4;

/** Ratio of two costs: estimates are not closer to the truth than this. */
const AS_GOOD_WITHIN = 1.1;

/** A candidate and what it promises beside those that come before it. */
export interface RankedCandidate extends ScreenedCandidate {
  /** In the planner's unit, of the whole workload; an estimate. */
  readonly costSaved: number;
}

/**
 * The candidates that are worth measuring, most promising first: each is the one that lowers the planner's cost of the
 * workload most, given those before it. So different statements get their candidates before one statement gets two.
 *
 * @param most how many at most
 */
export function rankCandidates({ screened, costsBefore }: Screening, most: number): RankedCandidate[] {
  const costs = costsBefore.map((cost) => cost ?? 0);
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  const ranked: RankedCandidate[] = [];
  const left = screened.filter(({ costs: own }) => own.size > 0);
  while (ranked.length < most && left.length > 0) {
    const [best, saving] = mostSaving(left, costs);
    if (!best || saving <= total * LEAST_SHARE) break;
    ranked.push({ ...best, costSaved: savingOf(best, costs) });
    left.splice(left.indexOf(best), 1);
    for (const [place, cost] of best.costs) costs[place] = Math.min(costs[place] ?? 0, cost);
  }
  return ranked;
}

/** Of those that promise about as much as the best, the one whose upkeep is likely the least. */
function mostSaving(
  candidates: readonly ScreenedCandidate[],
  costs: readonly number[],
): [ScreenedCandidate | null, number] {
  const [best] = [...candidates].sort((a, b) => savingOf(b, costs) - savingOf(a, costs));
  if (!best) return [null, 0];
  const [chosen] = candidates
    .filter((one) => isAsGood(one, best, costs))
    .sort((a, b) => upkeep(a) - upkeep(b));
  return [chosen ?? best, savingOf(best, costs)];
}

function savingOf(one: ScreenedCandidate, costs: readonly number[]): number {
  return sum([...one.costs.keys()], (place) => (costs[place] ?? 0) - costOf(one, place, costs));
}

/** Whether the statements of both cost about as much with one as with the other. */
function isAsGood(one: ScreenedCandidate, best: ScreenedCandidate, costs: readonly number[]): boolean {
  const places = [...new Set([...one.costs.keys(), ...best.costs.keys()])];
  const total = (candidate: ScreenedCandidate) => sum(places, (place) => costOf(candidate, place, costs));
  return total(one) <= total(best) * AS_GOOD_WITHIN;
}

function costOf(candidate: ScreenedCandidate, place: number, costs: readonly number[]): number {
  const now = costs[place] ?? 0;
  return Math.min(now, candidate.costs.get(place) ?? now);
}

function sum(places: readonly number[], of: (place: number) => number): number {
  return places.reduce((total, place) => total + of(place), 0);
}

/** First whether updates have to write it, then how long it is; smaller is less. */
function upkeep({ candidate }: ScreenedCandidate): number {
  return candidate.writtenKeys * 10 + candidate.keys.length;
}
