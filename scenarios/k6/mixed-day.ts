/**
 * A day at a dispatch office, at one target or at several in turns. The scenario scripts re-export these functions; k6
 * calls them by name.
 */
import { actionAt, mixDeck } from '../mix-deck.ts';
import { plan, workload } from './day-plan.ts';
import { runDispatchIteration } from './dispatch-iteration.ts';
import { runMixIteration } from './mix-iterations.ts';
import { targets } from './plan.ts';
import { openSessions, type TargetSession } from './sessions.ts';
import { takeTurn, visitTargets } from './turns.ts';

export { handleSummary } from './summary.ts';

interface SetupData {
  /** By the number of the target. */
  sessions: TargetSession[][];
}

const deck = mixDeck(workload.mix);

export function setup(): SetupData {
  return { sessions: targets.map(openSessions) };
}

export function mix({ sessions }: SetupData): void {
  takeTurn(({ target, index }) => {
    runMixIteration(actionAt(deck, index), sessions[target] ?? [], index);
  });
}

export function dispatch({ sessions }: SetupData): void {
  visitTargets(({ target, index }) => dispatchDay(index, sessions[target] ?? []));
}

function dispatchDay(index: number, sessions: readonly TargetSession[]): void {
  const companyDay = plan.companyDays[index];
  const session = sessions.find(({ companyId }) => companyId === companyDay?.companyId);
  if (companyDay === undefined || session === undefined)
    throw new Error('No company-day is left to dispatch');
  runDispatchIteration(session, companyDay);
}
