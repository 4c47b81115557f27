/** Whose turn the current iteration is. */
import { shuffledTurns, type Turn, turnAt } from '../target-turns.ts';
import type { NamedTarget } from '../traffic-targets.ts';
import { counted, currentPlace, untagTarget } from './counted-iteration.ts';
import { anyPlan, targets } from './plan.ts';

const turnsOf = { randomSeed: anyPlan.randomSeed, targets: targets.length };

/** One iteration at the target whose turn it is. */
export function takeTurn(work: (turn: Turn) => void): void {
  const place = currentPlace();
  if (place === null) return;
  const { arrivals: turns, firstIndex } = place.arrivals;
  const turn = turnAt({ ...turnsOf, turns, firstIndex }, place.position);
  counted(targets[turn.target] as NamedTarget, () => work(turn));
}

/** The same at every target, one after the other in random order; an exception at one spares the others. */
export function visitTargets(work: (turn: Turn) => void): void {
  const place = currentPlace();
  if (place === null) return;
  const index = place.arrivals.firstIndex + place.position;
  const failures: unknown[] = [];
  for (const target of shuffledTurns(turnsOf, index)) {
    try {
      counted(targets[target] as NamedTarget, () => work({ target, index }));
    } catch (error) {
      failures.push(error);
    }
  }
  untagTarget();
  if (failures.length > 0) throw failures[0];
}
