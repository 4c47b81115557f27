/** A day at a dispatch office. The scenario scripts re-export these functions; k6 calls them by name. */
import { actionAt, mixDeck } from '../mix-deck.ts';
import type { Session } from '../traffic-choices.ts';
import { counted } from './counted-iteration.ts';
import { runDispatchIteration } from './dispatch-iteration.ts';
import { runMixIteration } from './mix-iterations.ts';
import { plan, workload } from './plan.ts';
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

/**
 * The end-of-test numbers, without `setup_data`: k6's own --summary-export would write the tokens of every session to disk.
 */
export function handleSummary(data: { metrics: unknown; state: unknown }): Record<string, string> {
  return { 'k6-summary.json': JSON.stringify({ metrics: data.metrics, state: data.state }) };
}
