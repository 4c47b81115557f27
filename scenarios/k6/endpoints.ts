/** Visits and dispatches at the endpoints of a service that is not ours, at one target or at several in turns. */
import { namesInResults } from '../endpoint-traffic.ts';
import { actionAt, mixDeck } from '../mix-deck.ts';
import { runEndpointDispatch } from './endpoint-dispatch.ts';
import { plan } from './endpoint-plan.ts';
import { runVisit } from './endpoint-visit.ts';
import { optionsOf } from './options.ts';
import { takeTurn, visitTargets } from './turns.ts';

export { handleSummary } from './summary.ts';

export const options = optionsOf(namesInResults(plan));

const deck = mixDeck(Object.fromEntries(plan.visits.map(({ weight }, number) => [number, weight])));

export function mix(): void {
  takeTurn((turn) => runVisit(plan.visits[Number(actionAt(deck, turn.index))]?.endpoints ?? [], turn));
}

export function dispatch(): void {
  visitTargets(runEndpointDispatch);
}
