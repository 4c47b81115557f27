/** A day at a dispatch office. The scenario scripts re-export these functions; k6 calls them by name. */
import exec from 'k6/execution';
import { actionAt, mixDeck } from '../mix-deck.ts';
import type { ArrivalPlan } from '../schedule.ts';
import type { Session } from '../traffic-choices.ts';
import { runDispatchIteration } from './dispatch-iteration.ts';
import { exceptions, iterationsStarted } from './metrics.ts';
import { runMixIteration } from './mix-iterations.ts';
import { arrivalsOf, plan, workload } from './plan.ts';
import { openSessions } from './sessions.ts';

interface SetupData {
  sessions: Session[];
}

const deck = mixDeck(workload.mix);

export function setup(): SetupData {
  return { sessions: openSessions() };
}

export function mix({ sessions }: SetupData): void {
  counted((arrivals, position) => {
    const index = arrivals.firstIndex + position;
    runMixIteration(actionAt(deck, index), sessions, index);
  });
}

export function dispatch({ sessions }: SetupData): void {
  counted((arrivals, position) => {
    const companyDay = plan.companyDays[arrivals.firstIndex + position];
    const session = sessions.find(({ companyId }) => companyId === companyDay?.companyId);
    if (companyDay === undefined || session === undefined)
      throw new Error('No company-day is left to dispatch');
    runDispatchIteration(session, companyDay);
  });
}

function counted(iteration: (arrivals: ArrivalPlan, position: number) => void): void {
  const arrivals = arrivalsOf(exec.scenario.name);
  const position = exec.scenario.iterationInTest;
  // A late scheduler may fire once more than was planned; it would take a company-day that belongs to another phase.
  if (position >= arrivals.arrivals) return;
  iterationsStarted.add(1);
  try {
    iteration(arrivals, position);
  } catch (error) {
    exceptions.add(1);
    throw error;
  }
}

/**
 * The end-of-test numbers, without `setup_data`: k6's own --summary-export would write the tokens of every session to disk.
 */
export function handleSummary(data: { metrics: unknown; state: unknown }): Record<string, string> {
  return { 'k6-summary.json': JSON.stringify({ metrics: data.metrics, state: data.state }) };
}
