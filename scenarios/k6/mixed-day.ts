/**
 * A day at a dispatch office, at one target or at several in turns. The scenario scripts re-export these functions; k6
 * calls them by name.
 */
import { actionAt, mixDeck } from '../mix-deck.ts';
import { shuffledTurns, turnAt } from '../target-turns.ts';
import type { NamedTarget } from '../traffic-targets.ts';
import { counted, currentPlace, untagTarget } from './counted-iteration.ts';
import { runDispatchIteration } from './dispatch-iteration.ts';
import { runMixIteration } from './mix-iterations.ts';
import { plan, targets, workload } from './plan.ts';
import { openSessions, type TargetSession } from './sessions.ts';

interface SetupData {
  /** By the number of the target. */
  sessions: TargetSession[][];
}

const deck = mixDeck(workload.mix);
const turnsOf = { randomSeed: plan.randomSeed, targets: targets.length };

export function setup(): SetupData {
  return { sessions: targets.map(openSessions) };
}

/** One iteration at the target whose turn it is. */
export function mix({ sessions }: SetupData): void {
  const place = currentPlace();
  if (place === null) return;
  const { arrivals: turns, firstIndex } = place.arrivals;
  const { target, index } = turnAt({ ...turnsOf, turns, firstIndex }, place.position);
  counted(targets[target] as NamedTarget, () => {
    runMixIteration(actionAt(deck, index), sessions[target] ?? [], index);
  });
}

/** One company-day at every target, one after the other in random order; an exception at one spares the others. */
export function dispatch({ sessions }: SetupData): void {
  const place = currentPlace();
  if (place === null) return;
  const index = place.arrivals.firstIndex + place.position;
  const failures: unknown[] = [];
  for (const target of shuffledTurns(turnsOf, index)) {
    try {
      counted(targets[target] as NamedTarget, () => dispatchDay(index, sessions[target] ?? []));
    } catch (error) {
      failures.push(error);
    }
  }
  untagTarget();
  if (failures.length > 0) throw failures[0];
}

function dispatchDay(index: number, sessions: readonly TargetSession[]): void {
  const companyDay = plan.companyDays[index];
  const session = sessions.find(({ companyId }) => companyId === companyDay?.companyId);
  if (companyDay === undefined || session === undefined)
    throw new Error('No company-day is left to dispatch');
  runDispatchIteration(session, companyDay);
}

/**
 * The end-of-test numbers, without `setup_data`: k6's own --summary-export would write the tokens of every session to disk.
 */
export function handleSummary(data: { metrics: unknown; state: unknown }): Record<string, string> {
  return { 'k6-summary.json': JSON.stringify({ metrics: data.metrics, state: data.state }) };
}
